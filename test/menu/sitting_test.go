package menu

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/menu"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestMain keeps journals out of the state folder of whoever runs the tests.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "rhumb-menu-")
	if err == nil {
		err = os.Setenv("XDG_STATE_HOME", dir)
	}
	if err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir) // the folder is the system's to clean then
	os.Exit(code)
}

// within bounds how long a text is waited for.
const within = 20 * time.Second

// sitting is somebody at the menu.
type sitting struct {
	*testing.T
	typed  io.WriteCloser
	done   chan error // what the command ended with
	cancel context.CancelFunc

	mu   sync.Mutex
	text string // all that was shown, without the sequences that move and color
	seen int    // how much of it was expected
	grew chan struct{}
}

// both has a story told twice, on a terminal and through pipes, each with a portal of its own.
func both(t *testing.T, start func(*testing.T) *portaltest.Portal, story func(*sitting, *portaltest.Portal)) {
	t.Helper()
	for _, how := range []string{"terminal", "pipes"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			story(sit(t, how == "terminal", p.URL, map[string]string{"RHUMB_USER": p.Admin, "RHUMB_PASSWORD": p.AdminPassword}), p)
		})
	}
}

// sit starts rhumb menu.
func sit(t *testing.T, terminal bool, address string, env map[string]string) *sitting {
	t.Helper()
	s := &sitting{T: t, done: make(chan error, 1), grew: make(chan struct{}, 1)}
	var in, out, shown *os.File
	if terminal {
		person, program := openPTY(t)
		in, out, shown, s.typed = program, program, person, person
	} else {
		var err error
		if in, s.typed, err = os.Pipe(); err != nil {
			t.Fatal(err)
		}
		if shown, out, err = os.Pipe(); err != nil {
			t.Fatal(err)
		}
	}
	f := &command.Factory{
		IO:     &command.Streams{In: in, Out: out, Err: out, InTTY: terminal, OutTTY: terminal, ErrTTY: terminal},
		Getenv: func(name string) string { return env[name] },
	}
	cmd := menu.New(f)
	cmd.SetArgs([]string{"--portal", address})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	ctx, cancel := context.WithCancel(t.Context())
	s.cancel = cancel
	var ended sync.WaitGroup
	ended.Go(func() { s.watch(shown) })
	ended.Go(func() { s.done <- cmd.ExecuteContext(ctx); out.Close(); in.Close() })
	t.Cleanup(func() { cancel(); s.typed.Close(); shown.Close(); ended.Wait() })
	return s
}

var control = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]|\r")

// watch takes in what is shown until the other side is closed.
func (s *sitting) watch(shown io.Reader) {
	b := make([]byte, 4096)
	raw := ""
	for {
		n, err := shown.Read(b)
		raw += string(b[:n])
		s.mu.Lock()
		s.text = control.ReplaceAllString(raw, "")
		s.mu.Unlock()
		select {
		case s.grew <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// shown is everything that was shown so far.
func (s *sitting) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

// find looks for a text in what was not expected before, and answers what stood before it.
func (s *sitting) find(want string) (before string, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, _, found = strings.Cut(s.text[s.seen:], want)
	if found {
		s.seen += len(before) + len(want)
	}
	return before, found
}

// expect waits for texts, one after the other, and answers what stood before the last.
func (s *sitting) expect(texts ...string) (before string) {
	s.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for _, want := range texts {
		found := false
		for {
			if before, found = s.find(want); found {
				break
			}
			select {
			case <-s.grew:
			case <-deadline.C:
				s.Fatalf("%q was not shown after:\n%s", want, s.shown())
			}
		}
	}
	return before
}

// answer waits for a question and types a line.
func (s *sitting) answer(question, line string) {
	s.Helper()
	s.expect(question + ": ")
	if _, err := io.WriteString(s.typed, line+"\n"); err != nil {
		s.Fatal(err)
	}
}

// choose chooses entries of menus, one below the other.
func (s *sitting) choose(keys ...string) {
	s.Helper()
	for _, k := range keys {
		s.answer("quit)", k)
	}
}

// pick types the number that stands before a name in a list.
func (s *sitting) pick(name string) {
	s.Helper()
	list := s.expect("Number: ")
	m := regexp.MustCompile(`(?m)^ +(\d+)  ` + regexp.QuoteMeta(name)).FindStringSubmatch(list)
	if m == nil {
		s.Fatalf("%q is not among\n%s", name, list)
	}
	if _, err := io.WriteString(s.typed, m[1]+"\n"); err != nil {
		s.Fatal(err)
	}
}

// quit leaves from where the person is, and expects the command to end well.
func (s *sitting) quit() {
	s.Helper()
	s.choose("q")
	s.ends()
}

func (s *sitting) ends() {
	s.Helper()
	select {
	case err := <-s.done:
		if err != nil {
			s.Errorf("it ended with %v", err)
		}
	case <-time.After(within):
		s.Fatal("it does not end")
	}
}
