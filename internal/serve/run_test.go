package serve

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/rhumb-gis/rhumb/internal/portal/app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// output collects what the operator is told.
type output struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more *sync.Cond
}

func newOutput() *output {
	o := &output{}
	o.more = sync.NewCond(&o.mu)
	return o
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.more.Broadcast()
	return o.b.Write(p)
}

// wait returns once the operator was told text.
func (o *output) wait(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !strings.Contains(o.b.String(), text) {
		o.more.Wait()
	}
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// running is a server under test.
type running struct {
	t    *testing.T
	url  string
	out  *output
	stop context.CancelFunc
	done chan error
	http *http.Client
}

// start runs a server until stop; it fails the test where the server does not come up.
func start(t *testing.T, o Options) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{t: t, out: newOutput(), stop: cancel, done: make(chan error, 1)}
	ready := make(chan string, 1)
	o.Out, o.Ready, o.cost = r.out, func(url string) { ready <- url }, app.Cost{MemoryKiB: 64, Passes: 1}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	tr := &http.Transport{}
	r.http = &http.Client{Transport: tr}
	ended := make(chan struct{})
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		cancel()
		<-ended // before the data folder is removed
	})
	go func() {
		defer close(ended)
		r.done <- Run(ctx, o)
	}()
	select {
	case r.url = <-ready:
	case err := <-r.done:
		t.Fatalf("the server ended: %v\n%s", err, r.out)
	}
	return r
}

// end stops the server and returns what Run did.
func (r *running) end() error {
	r.t.Helper()
	r.http.CloseIdleConnections()
	r.stop()
	return <-r.done
}

// post calls the REST API.
func (r *running) post(path string, form url.Values) map[string]any {
	r.t.Helper()
	form.Set("f", "json")
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/sharing/rest/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := r.http.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		r.t.Fatal(err)
	}
	return v
}

func (r *running) signsIn(username, password string) bool {
	r.t.Helper()
	v := r.post("generateToken", url.Values{"username": {username}, "password": {password}})
	return v["token"] != nil
}

func TestGeneratedPasswordIsShownOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "portal")
	r := start(t, Options{Dir: dir})
	m := regexp.MustCompile(`administrator admin with the password (\S+)`).FindStringSubmatch(r.out.String())
	if m == nil || !strings.Contains(r.out.String(), "portal: "+r.url+"\n") {
		t.Fatalf("the operator is told:\n%s", r.out)
	}
	if !r.signsIn("admin", m[1]) {
		t.Error("the password that was shown does not work")
	}
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Dir: dir, AdminUser: "other", AdminPassword: "Longenough1"})
	if strings.Contains(again.out.String(), m[1]) || !strings.Contains(again.out.String(), "RHUMB_ADMIN_PASSWORD is not used") {
		t.Errorf("at the second start the operator is told:\n%s", again.out)
	}
	if strings.Contains(again.out.String(), "sign in as other") {
		t.Errorf("the operator is told to use an account that does not exist:\n%s", again.out)
	}
	if !again.signsIn("admin", m[1]) || again.signsIn("other", "Longenough1") {
		t.Error("a second start changed the accounts")
	}
	if err := again.end(); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder %v %v", info, err)
	}
}

func TestGivenPasswordIsNotShown(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Dir: t.TempDir(), AdminUser: "boss", AdminPassword: "Longenough1"})
	if !r.signsIn("boss", "Longenough1") || strings.Contains(r.out.String(), "Longenough1") {
		t.Errorf("the operator is told:\n%s", r.out)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestBadPasswordLeavesAnEmptyFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := Run(t.Context(), Options{Dir: dir, Listen: "127.0.0.1:0", AdminPassword: "short", Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "at least") || !strings.Contains(err.Error(), "RHUMB_ADMIN_PASSWORD") {
		t.Fatalf("got %v", err)
	}
	r := start(t, Options{Dir: dir, AdminPassword: "Longenough1"})
	if !r.signsIn("admin", "Longenough1") {
		t.Error("the folder is spoiled")
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestKeyIsRenewedAtAStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := func(o Options) string {
		o.Dir = dir
		if err := start(t, o).end(); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "portal.key"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first := key(Options{})
	if again := key(Options{}); again != first {
		t.Error("the key changes without being asked to")
	}
	if renewed := key(Options{RenewKey: true}); renewed == first {
		t.Error("the key is the old one")
	}
}

func TestFolderIsLocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, Options{Dir: dir})
	err := Run(t.Context(), Options{Dir: dir, Listen: "127.0.0.1:0", Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "give this one a folder of its own") {
		t.Errorf("got %v", err)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestAddressIsTaken(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := filepath.Join(t.TempDir(), "new")
	err = Run(t.Context(), Options{Dir: dir, Listen: l.Addr().String(), Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("a folder was left behind: %v", err)
	}
}

func TestTLSSelf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, Options{Dir: dir, TLSSelf: true, AdminPassword: "Longenough1"})
	ca := filepath.Join(dir, "tls", "ca.pem")
	if !strings.HasPrefix(r.url, "https://") || !strings.Contains(r.out.String(), ca) {
		t.Errorf("the operator is told:\n%s", r.out)
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	tr := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}}
	defer tr.CloseIdleConnections()
	r.http = &http.Client{Transport: tr}
	if !r.signsIn("admin", "Longenough1") {
		t.Error("no sign-in over TLS")
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestGivenCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := selfSigned(dir, "gis.test", someDay); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "server.pem")
	r := start(t, Options{Dir: t.TempDir(), TLSCert: file, TLSKey: file})
	if !strings.HasPrefix(r.url, "https://") {
		t.Errorf("address %s", r.url)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	err := Run(t.Context(), Options{Dir: t.TempDir(), TLSCert: filepath.Join(dir, "ca.pem"), TLSKey: filepath.Join(dir, "none.pem"), Listen: "127.0.0.1:0", Out: io.Discard})
	var wrong *OptionError
	if !errors.As(err, &wrong) || wrong.Flag != "tls-cert" {
		t.Errorf("got %v", err)
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	var got SeedTarget
	var status int
	seeded := make(chan struct{})
	r := start(t, Options{Dir: t.TempDir(), TLSSelf: true, Seed: func(ctx context.Context, target SeedTarget) error {
		defer close(seeded)
		got = target
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.URL+"/sharing/rest/community/self?f=json", nil)
		if err != nil {
			return err
		}
		req.Header.Set("X-Esri-Authorization", "Bearer "+target.Token.Reveal())
		res, err := target.Client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if !strings.Contains(string(b), `"username":"admin"`) {
			t.Errorf("the token stands for %s", b)
		}
		status = res.StatusCode
		return err
	}})
	<-seeded
	if err := r.end(); err != nil || status != 200 || got.Admin != "admin" || got.URL != r.url {
		t.Errorf("seeding: %v %d %+v", err, status, got.Admin)
	}
	failing := start(t, Options{Dir: t.TempDir(), Seed: func(context.Context, SeedTarget) error { return errors.New("no more room") }})
	if err := <-failing.done; err == nil || !strings.Contains(err.Error(), "no more room. Start it again") {
		t.Errorf("a failed seeding: %v", err)
	}
}
