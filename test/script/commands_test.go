package script

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits is the command exits.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%s did not run: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("%s ended with %d, not %d", args[1], got, want)
	}
}

// served is a running rhumb serve.
type served struct {
	cmd  *exec.Cmd
	done chan error
}

// startWithin bounds the start of a server.
const startWithin = 30 * time.Second

// portal is the command portal.
func portal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: portal start NAME ARG... | portal stop NAME")
	}
	switch name := args[1]; args[0] {
	case "start":
		startPortal(ts, name, args[2:])
	case "stop":
		s := portals(ts)[name]
		if s == nil {
			ts.Fatalf("no portal %s was started", name)
		}
		ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
		if err := <-s.done; err != nil {
			ts.Fatalf("portal %s ended with %v", name, err)
		}
		s.done <- nil
	default:
		ts.Fatalf("unknown: portal %s", args[0])
	}
}

type portalsKey struct{}

// portals are the servers of a story by name.
func portals(ts *testscript.TestScript) map[string]*served {
	m, ok := ts.Value(portalsKey{}).(map[string]*served)
	if !ok {
		ts.Fatalf("the story was not set up")
	}
	return m
}

func startPortal(ts *testscript.TestScript, name string, args []string) {
	log := filepath.Join(ts.Getenv("WORK"), name+".log")
	out, err := os.Create(log)
	ts.Check(err)
	cmd := exec.Command(program(ts), append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	for _, k := range []string{"PATH", "HOME", "WORK", "TMPDIR", "GOCOVERDIR", "RHUMB_ADMIN_USER", "RHUMB_ADMIN_PASSWORD"} {
		cmd.Env = append(cmd.Env, k+"="+ts.Getenv(k))
	}
	pipe, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	s := &served{cmd: cmd, done: make(chan error, 1)}
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(pipe)
		for lines.Scan() {
			fmt.Fprintln(out, lines.Text())
			if a, ok := strings.CutPrefix(lines.Text(), "portal: "); ok {
				address <- a
			}
		}
		s.done <- errors.Join(cmd.Wait(), out.Close())
		close(address)
	}()
	ts.Defer(func() {
		_ = cmd.Process.Kill() // fails where the story has stopped it
		<-s.done
	})
	portals(ts)[name] = s
	select {
	case a, ok := <-address:
		if !ok {
			text, _ := os.ReadFile(log)
			ts.Fatalf("portal %s did not start:\n%s", name, text)
		}
		ts.Setenv(name, a)
		ts.Setenv(name+"_LOG", log)
	case <-time.After(startWithin):
		ts.Fatalf("portal %s does not answer after %v", name, startWithin)
	}
}

// program finds rhumb where the story would.
func program(ts *testscript.TestScript) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		p := filepath.Join(dir, "rhumb")
		if info, err := os.Stat(p); err == nil && !info.IsDir() {
			return p
		}
	}
	ts.Fatalf("rhumb is not in PATH")
	return ""
}

// post is the command post.
func post(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: post ADDRESS [KEY=VALUE...]")
	}
	form := url.Values{}
	for _, a := range args[1:] {
		k, v, ok := strings.Cut(a, "=")
		if !ok {
			ts.Fatalf("%q is not KEY=VALUE", a)
		}
		form.Add(k, v)
	}
	body := send(ts, args[0], form)
	defer body.Close()
	_, err := io.Copy(ts.Stdout(), body)
	ts.Check(err)
}

// send posts a form with f=json and returns the body of the answer.
func send(ts *testscript.TestScript, address string, form url.Values) io.ReadCloser {
	form.Set("f", "json")
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	ts.Defer(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	ts.Check(err)
	return res.Body
}
