package soak

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
)

const (
	adminName     = "soak_admin"
	adminPassword = "kept-in-the-environment-1"
)

// amount is how many rounds a test runs: all, a tenth, or few where RHUMB_SOAK is unset.
func amount(full, few int) int {
	switch os.Getenv("RHUMB_SOAK") {
	case "full":
		return full
	case "tenth":
		return max(full/10, few)
	}
	return few
}

// binDir is where binary put what it built; empty: nothing was built.
var binDir string

// binary builds rhumb once for all tests of the package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "rhumb-soak-")
	if err != nil {
		return "", err
	}
	binDir = dir
	bin := filepath.Join(dir, "rhumb")
	cmd := exec.Command("go", "build", "-o", bin, "github.com/rhumb-gis/rhumb/cmd/rhumb")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build rhumb: %w\n%s", err, out)
	}
	return bin, nil
})

func TestMain(m *testing.M) {
	if child := os.Getenv("RHUMB_SOAK_CHILD"); child != "" {
		os.Exit(runChild(child))
	}
	code := m.Run()
	if binDir != "" {
		os.RemoveAll(binDir)
	}
	os.Exit(code)
}

// server is a running rhumb serve of its own process.
type server struct {
	t    testing.TB
	dir  string
	addr string
	url  string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

// newServer picks a free port; the server is not running yet.
func newServer(t testing.TB) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s := &server{t: t, dir: t.TempDir(), addr: addr, url: "http://" + addr + "/portal"}
	t.Cleanup(s.kill)
	return s
}

// start runs the server, through the given command and arguments where there are any, and
// waits until it answers.
func (s *server) start(through ...string) {
	s.t.Helper()
	bin, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	args := append(through, bin, "serve", "--data", s.dir, "--listen", s.addr)
	s.log.Reset()
	s.cmd = exec.Command(args[0], args[1:]...)
	s.cmd.Env = append(os.Environ(), "RHUMB_ADMIN_USER="+adminName, "RHUMB_ADMIN_PASSWORD="+adminPassword)
	s.cmd.Stderr, s.cmd.Stdout = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for tick := time.NewTicker(20 * time.Millisecond); ; <-tick.C {
		res, err := http.Get("http://" + s.addr + "/healthz") //nolint:noctx // a probe
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				tick.Stop()
				return
			}
		}
		if time.Now().After(deadline) {
			s.kill()
			s.t.Fatalf("the server does not answer:\n%s", s.log.String())
		}
	}
}

// kill ends the process at once, as a power cut would, and waits for it.
func (s *server) kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Signal(syscall.SIGKILL)
		s.cmd.Wait()
		s.cmd = nil
	}
}

// peak is the largest resident size of the process so far, in bytes.
func (s *server) peak() int64 {
	s.t.Helper()
	n, err := peakOf(s.cmd.Process.Pid)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func peakOf(pid int) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("process %d has no VmHWM", pid)
}

func (s *server) client() *gis.Portal {
	s.t.Helper()
	p, err := gis.New(s.url, auth.Password(adminName, adminPassword))
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func connect(ctx context.Context, url string) (*gis.Portal, error) {
	p, err := gis.New(url, auth.Password(adminName, adminPassword))
	if err != nil {
		return nil, err
	}
	return p, p.Connect(ctx)
}
