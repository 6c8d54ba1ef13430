package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args       string
		once, json bool
		wrong      bool
	}{
		{args: ""},
		{args: "--once", once: true},
		{args: "--once --json", once: true, json: true},
		{args: "staging", wrong: true},
	} {
		var got *options
		cmd := New(&command.Factory{IO: &command.Streams{Out: io.Discard, Err: io.Discard}}, func(_ context.Context, o *options) error {
			got = o
			return nil
		})
		cmd.SetArgs(strings.Fields(c.args))
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		err := cmd.Execute()
		if c.wrong {
			if command.CodeOf(err) != command.ExitUsage {
				t.Errorf("%q: %v", c.args, err)
			}
			continue
		}
		if err != nil || got == nil || got.once != c.once || got.json != c.json {
			t.Errorf("%q: %+v, %v", c.args, got, err)
		}
	}
}

// screen is standard error of a demo; it calls seen when a text has been printed.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	wait string
	seen func(text string)
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	if s.seen != nil && strings.Contains(s.text.String(), s.wait) {
		go s.seen(s.text.String())
		s.seen = nil
	}
	return len(p), nil
}

var portalAddress = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+/portal`)

// Without --once both portals stay, answer, and go when the user interrupts.
func TestDemoClonesAndStays(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	answers := make(chan int, 2)
	s := &screen{wait: "stop them with Ctrl-C", seen: func(text string) {
		defer interrupt()
		defer close(answers)
		for _, u := range portalAddress.FindAllString(text, 2) {
			r, err := http.Get(u + "/sharing/rest/info?f=json")
			if err != nil {
				t.Error(err)
				return
			}
			r.Body.Close()
			answers <- r.StatusCode
		}
	}}
	var out bytes.Buffer
	if err := runDemo(ctx, &options{temp: temp, json: true, io: &command.Streams{Out: &out, Err: s}}); err != nil {
		t.Fatalf("%v\n%s", err, s.text.String())
	}
	n := 0
	for code := range answers {
		if n++; code != http.StatusOK {
			t.Errorf("a portal answered %d", code)
		}
	}
	if n != 2 {
		t.Errorf("%d portals answered, want 2", n)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var r clone.Result
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil || r.Type != "result" || r.Differences != 0 || r.Failed() != 0 || r.Items.Created < 150 {
		t.Errorf("last line %s: %v", lines[len(lines)-1], err)
	}
	if !strings.Contains(s.text.String(), "differences: 0") || strings.Contains(s.text.String(), "password ") {
		t.Errorf("standard error, which is no terminal here:\n%s", s.text.String())
	}
	nothingLeft(t, temp)
}

func TestDemoIsInterrupted(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	s := &screen{wait: "filling staging", seen: func(string) { interrupt() }}
	err := runDemo(ctx, &options{temp: temp, once: true, io: &command.Streams{Out: io.Discard, Err: s, ErrTTY: true}})
	if !errors.Is(err, context.Canceled) || command.CodeOf(err) != command.ExitCancelled {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(s.text.String(), "user admin, password ") {
		t.Errorf("a terminal is shown no credentials:\n%s", s.text.String())
	}
	nothingLeft(t, temp)
}

func nothingLeft(t *testing.T, temp string) {
	t.Helper()
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
