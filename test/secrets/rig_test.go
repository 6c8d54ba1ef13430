package secrets

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/cli"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

// asProgram is set where the test binary is to be rhumb.
const asProgram = "RHUMB_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(context.Background(), os.Args[1:], command.System()))
	}
	os.Exit(m.Run())
}

// world is a folder that everything is written into, and the secrets that were used.
type world struct {
	t       *testing.T
	dir     string
	secrets map[string]string // what it is to the text
	http    *http.Client
}

// rhumb makes a command that leaves the modes of files to the program alone: its umask is 0.
func (w *world) rhumb(env []string, args ...string) *exec.Cmd {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.CommandContext(w.t.Context(), "/bin/sh", append([]string{"-c", `umask 0; exec "$0" "$@"`, self}, args...)...)
	cmd.Dir = w.dir
	cmd.Env = append([]string{asProgram + "=1", "HOME=" + w.dir, "XDG_STATE_HOME=" + filepath.Join(w.dir, "state"), "PATH=" + os.Getenv("PATH")}, env...)
	return cmd
}

// run runs a command to its end and keeps what it says in a file of the world.
func (w *world) run(name string, env []string, args ...string) {
	w.t.Helper()
	var said bytes.Buffer
	cmd := w.rhumb(env, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	if err := os.WriteFile(filepath.Join(w.dir, name+".said"), said.Bytes(), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if err != nil {
		w.t.Fatalf("rhumb %v: %v\n%s", args, err, said.Bytes())
	}
}

var greeting = regexp.MustCompile(`(?m)^portal: (\S+)$`)

// serve starts a portal that logs all it ever does; stop ends it.
func (w *world) serve(name, password string) (address string, stop func()) {
	w.t.Helper()
	log := filepath.Join(w.dir, name+".log")
	f, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := w.rhumb([]string{"RHUMB_ADMIN_USER=boss", "RHUMB_ADMIN_PASSWORD=" + password}, "serve", "--data", name, "--listen", "127.0.0.1:0", "--debug")
	pipe, err := cmd.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	ready, copied := make(chan string, 1), make(chan error, 1)
	go func() {
		_, err := io.Copy(io.MultiWriter(f, &watch{found: ready}), pipe)
		copied <- err
	}()
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			w.t.Error(err)
		}
		if err := <-copied; err != nil {
			w.t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			w.t.Errorf("%s ended with %v", name, err)
		}
		_ = f.Close()
	}
	select {
	case address = <-ready:
	case err := <-copied:
		said, _ := os.ReadFile(log)
		w.t.Fatalf("%s did not start: %v\n%s", name, err, said)
	case <-time.After(time.Minute):
		w.t.Fatalf("%s did not start within a minute", name)
	}
	return address, stop
}

// watch waits for the greeting in what is written to it.
type watch struct {
	seen  []byte
	found chan string
}

func (w *watch) Write(p []byte) (int, error) {
	if w.found != nil {
		w.seen = append(w.seen, p...)
		if m := greeting.FindSubmatch(w.seen); m != nil {
			w.found <- string(m[1])
			w.found = nil
		}
	}
	return len(p), nil
}

// uses notes a secret.
func (w *world) uses(what, text string) string {
	w.t.Helper()
	if len(text) < 8 {
		w.t.Fatalf("%s is too short to be looked for: %q", what, text)
	}
	w.secrets[what] = text
	return text
}

// send makes a request and returns the answer with its body.
func (w *world) send(method, address, contentType, body string, header ...string) (*http.Response, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.http.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res, string(b)
}

const formType = "application/x-www-form-urlencoded"

// call posts a form and decodes the answer.
func (w *world) call(address string, pairs ...string) map[string]any {
	w.t.Helper()
	form := url.Values{"f": {"json"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	_, body := w.send(http.MethodPost, address, formType, form.Encode())
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		w.t.Fatalf("%s: %v in %.200q", address, err, body)
	}
	return v
}

// ok is call for one that must give a text.
func (w *world) ok(name, address string, pairs ...string) string {
	w.t.Helper()
	v := w.call(address, pairs...)
	text, _ := v[name].(string)
	if text == "" {
		w.t.Fatalf("%s: no %s in %v", address, name, v)
	}
	return text
}
