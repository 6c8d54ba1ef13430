package oauth_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// journal collects a log.
type journal struct {
	mu sync.Mutex
	b  strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

// take returns the lines since the last call that hold a text.
func (j *journal) take(text string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []string
	for line := range strings.SplitSeq(j.b.String(), "\n") {
		if strings.Contains(line, text) {
			out = append(out, line)
		}
	}
	j.b.Reset()
	return out
}

// Sign-ins that do not succeed are logged with the account and the address, never with what was
// typed: neither the password nor a name that is none, which may be a password in the wrong field,
// or hold lines of its own.
//
// Guards: refused and knownName.
func TestRefusedSignInsAreLogged(t *testing.T) {
	t.Parallel()
	log := &journal{}
	r := setup(t, portaltest.Log(log))
	const typed = "My-real-passw0rd"
	for _, tt := range []struct{ user, want string }{
		{"ADA", "user=Ada"}, {" ada ", "user=Ada"}, {typed, "known=false"}, {"x\nlevel=INFO msg=forged user=admin", "known=false"}, {strings.Repeat("a", 5000), "known=false"},
	} {
		log.take("")
		r.generate("username", tt.user, "password", typed)
		lines := log.take("")
		text := strings.Join(lines, "\n")
		if !strings.Contains(text, `msg="sign-in refused"`) || !strings.Contains(text, tt.want) || !strings.Contains(text, "remote=127.0.0.1") ||
			!strings.Contains(text, `why="name and password do not fit"`) {
			t.Errorf("%.40q: %s", tt.user, text)
		}
		for _, leak := range []string{typed, "forged", "aaaaaaaa"} {
			if strings.Contains(text, leak) {
				t.Errorf("%.40q: the log holds %s: %s", tt.user, leak, text)
			}
		}
	}
	r.generate("username", "Ada", "password", r.ada.Password)
	if lines := log.take("signed in"); len(lines) != 1 || !strings.Contains(lines[0], "user=Ada remote=127.0.0.1") {
		t.Errorf("a good one: %v", lines)
	}
}

// One warning says that an account is guessed at; the refusals that follow do not repeat it.
func TestLockIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	log := &journal{}
	r := setup(t, portaltest.Log(log))
	for range 25 {
		r.generate("username", "ada", "password", "wrong-1")
	}
	var warned int
	lines := log.take("too many wrong passwords")
	for _, l := range lines {
		if strings.Contains(l, "level=WARN") && strings.Contains(l, "user=Ada") {
			warned++
		}
	}
	if warned != 1 || len(lines) != 5 {
		t.Errorf("%d warnings in %d lines:\n%s", warned, len(lines), fmt.Sprint(lines))
	}
}

// A change of a password is logged, and one that is refused counts as a sign-in that is.
func TestPasswordChangesAreLogged(t *testing.T) {
	t.Parallel()
	log := &journal{}
	r := setup(t, portaltest.Log(log))
	reset := func(old, fresh string) {
		r.Call(t, r.Token(t, "Ada", r.ada.Password), "sharing/rest/community/users/Ada/reset", form("password", old, "newPassword", fresh))
	}
	reset("wrong-1", "Engine-of-1843")
	if lines := log.take("sign-in refused"); len(lines) != 1 || !strings.Contains(lines[0], "user=Ada") {
		t.Errorf("a wrong old password: %v", lines)
	}
	reset(r.ada.Password, "Engine-of-1843")
	if lines := log.take("password changed"); len(lines) != 1 || !strings.Contains(lines[0], "user=Ada") {
		t.Errorf("a change: %v", lines)
	}
}
