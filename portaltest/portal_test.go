package portaltest_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rhumb-gis/rhumb/portaltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stopped is a clock that stands still.
type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

func TestStart(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	v := p.Call(t, p.AdminToken(t), "sharing/rest/community/self", nil)
	if v["username"] != p.Admin || v["role"] != portaltest.RoleAdmin {
		t.Errorf("the administrator is %v", v)
	}
	if v := p.Call(t, "", "sharing/rest/community/self", nil); v["error"] == nil {
		t.Errorf("an anonymous caller is %v", v)
	}
}

func TestCreateCast(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	cast := p.CreateCast(t)
	for role, m := range map[string]portaltest.Member{
		portaltest.RoleAdmin: cast.Admin, portaltest.RolePublisher: cast.Publisher, portaltest.RoleUser: cast.User,
		portaltest.RoleDataEditor: cast.DataEditor, portaltest.RoleViewer: cast.Viewer,
	} {
		v := p.Call(t, p.Token(t, m.Username, m.Password), "sharing/rest/community/self", nil)
		if got, _ := v["roleId"].(string); v["username"] != m.Username || (v["role"] != role && got != role) {
			t.Errorf("%s: got %v", role, v)
		}
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]portaltest.Option{"http": nil, "https": {portaltest.TLS()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := portaltest.Start(t, opts...)
			ada := p.CreateMember(t, "ada", portaltest.RoleUser)
			for want, c := range map[string]string{
				p.Admin: must(p.Client(t).Username(t.Context())), "ada": must(p.Client(t, ada).Username(t.Context())),
				"": must(p.Client(t, portaltest.Anonymous).Username(t.Context())),
			} {
				if c != want {
					t.Errorf("signed in as %q, want %q", c, want)
				}
			}
		})
	}
}

func must(s string, err error) string {
	if err != nil {
		return err.Error()
	}
	return s
}

func TestDirOutlivesThePortal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := portaltest.Start(t, portaltest.Dir(dir))
	first.CreateMember(t, "ada", portaltest.RoleUser)
	password := first.AdminPassword
	first.Close()
	second := portaltest.Start(t, portaltest.Dir(dir))
	v := second.Call(t, second.Token(t, second.Admin, password), "sharing/rest/community/users/ada", nil)
	if v["username"] != "ada" || second.AdminPassword != "" {
		t.Errorf("got %v", v)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	var log syncBuffer
	var calls atomic.Int32
	p := portaltest.Start(t, portaltest.WithClock(stopped(noon)), portaltest.Log(&log), portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			next.ServeHTTP(w, r)
		})
	}))
	v := p.Call(t, "", "sharing/rest/generateToken", url.Values{"username": {p.Admin}, "password": {p.AdminPassword}})
	if expires, _ := v["expires"].(float64); time.UnixMilli(int64(expires)).Sub(noon) != time.Hour {
		t.Errorf("the token does not live by the clock: %v", v)
	}
	if calls.Load() != 1 || !strings.Contains(log.String(), "op=sharing/rest/generateToken") {
		t.Errorf("%d calls, log:\n%s", calls.Load(), log.String())
	}
	if len(p.Routes()) < 100 {
		t.Errorf("only %d routes", len(p.Routes()))
	}
}

// syncBuffer is a buffer for a writer in another goroutine.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
