package gis

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rhumb-gis/rhumb/gis/auth"
)

// counted is a way of signing in that hands out numbered tokens.
type counted struct {
	life time.Duration
	took time.Duration
	fail error
	n    int
}

func (c *counted) SignIn(ctx context.Context, _ auth.Site) (auth.Grant, error) {
	c.n++
	select {
	case <-time.After(c.took):
	case <-ctx.Done():
		return auth.Grant{}, ctx.Err()
	}
	if c.fail != nil {
		return auth.Grant{}, c.fail
	}
	var expires time.Time
	if c.life != 0 {
		expires = time.Now().Add(c.life)
	}
	return auth.NewGrant(fmt.Sprint("token-", c.n), expires), nil
}

func sessionOf(t *testing.T, m auth.Method) *session {
	t.Helper()
	p, err := New("https://h/portal", m)
	if err != nil {
		t.Fatal(err)
	}
	return p.session
}

func wantToken(t *testing.T, s *session, want string) {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil || got.Reveal() != want {
		t.Errorf("token = %q, %v, want %q", got.Reveal(), err, want)
	}
}

func TestSessionRenewsBeforeTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &counted{life: time.Hour}
		s := sessionOf(t, m)
		wantToken(t, s, "token-1")
		time.Sleep(54 * time.Minute)
		wantToken(t, s, "token-1")
		time.Sleep(90 * time.Second)
		wantToken(t, s, "token-2")

		// While the portal cannot be reached, the old token serves to its end.
		m.fail = errors.New("no route to host")
		time.Sleep(56 * time.Minute)
		wantToken(t, s, "token-2")
		time.Sleep(5 * time.Minute)
		if _, err := s.Token(t.Context()); err == nil || !errors.Is(err, m.fail) {
			t.Errorf("after the end: %v", err)
		}
		m.fail = nil
		got, err := s.Token(t.Context())
		if err != nil || got.Reveal() == "token-2" {
			t.Errorf("afterwards: %q, %v", got.Reveal(), err)
		}
	})
}

func TestSessionWithClocksThatDisagree(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &counted{life: -time.Hour} // ends in the past, by our clock
		s := sessionOf(t, m)
		for range 5 {
			wantToken(t, s, "token-1")
		}
		fresh, err := s.Renew(t.Context(), "token-1")
		if err != nil || fresh.Reveal() != "token-2" {
			t.Errorf("renewed to %q, %v", fresh.Reveal(), err)
		}
		again, err := s.Renew(t.Context(), "token-1") // a late complaint about the old one
		if err != nil || again.Reveal() != "token-2" || m.n != 2 {
			t.Errorf("renewed again to %q, %v, %d sign-ins", again.Reveal(), err, m.n)
		}
	})
}

func TestSessionOutlivesTheCallThatStartedIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &counted{took: 10 * time.Second}
		s := sessionOf(t, m)
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() {
			if _, err := s.Token(hasty); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the hasty caller: %v", err)
			}
		}()
		synctest.Wait()
		wantToken(t, s, "token-1")
		if m.n != 1 {
			t.Errorf("%d sign-ins", m.n)
		}
	})
}

func TestSessionGivesUpOnASilentMethod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sessionOf(t, &counted{took: time.Hour})
		start := time.Now()
		if _, err := s.Token(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != signInTimeout {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
