package ldap

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jimlambrt/gldap"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

const base = "ou=people,dc=example,dc=org"

// fake is an LDAP server that answers what a test gives it and keeps what it was asked.
type fake struct {
	addr string

	mu      sync.Mutex
	entries map[string][]string // by filter: names below base
	asked   []string            // filters
	binds   []string            // names and passwords
	code    int                 // of every search; 0: success
}

func startFake(t *testing.T) *fake {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	f := &fake{addr: l.Addr().String(), entries: map[string][]string{}}
	l.Close()
	srv, err := gldap.NewServer()
	check(t, err)
	mux, err := gldap.NewMux()
	check(t, err)
	check(t, mux.Bind(f.bind))
	check(t, mux.Search(f.search))
	check(t, srv.Router(mux))
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(f.addr) }()
	for !srv.Ready() {
		select {
		case err := <-ended:
			t.Fatalf("the server ended: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	t.Cleanup(func() {
		if err := srv.Stop(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	return f
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fake) bind(w *gldap.ResponseWriter, r *gldap.Request) {
	resp := r.NewBindResponse(gldap.WithResponseCode(gldap.ResultInvalidCredentials))
	if m, err := r.GetSimpleBindMessage(); err == nil {
		f.mu.Lock()
		f.binds = append(f.binds, m.UserName+" "+string(m.Password))
		f.mu.Unlock()
		// Like real servers it takes a name without a password for a guest.
		if m.Password == "" || m.Password == "right" || m.UserName == "cn=reader,dc=example,dc=org" && m.Password == "readers-own" {
			resp.SetResultCode(gldap.ResultSuccess)
		}
	}
	_ = w.Write(resp)
}

func (f *fake) search(w *gldap.ResponseWriter, r *gldap.Request) {
	done := r.NewSearchDoneResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	m, err := r.GetSearchMessage()
	if err != nil {
		return
	}
	f.mu.Lock()
	f.asked = append(f.asked, m.Filter)
	names, code := f.entries[m.Filter], f.code
	f.mu.Unlock()
	for i, n := range names {
		if m.SizeLimit > 0 && int64(i) == m.SizeLimit {
			done.SetResultCode(gldap.ResultSizeLimitExceeded)
			break
		}
		e := r.NewSearchResponseEntry("uid="+n+","+base, gldap.WithAttributes(map[string][]string{"uid": {n}, "mail": {n + "@example.org"}, "cn": {n}, "memberUid": {n}}))
		_ = w.Write(e)
	}
	if code != 0 {
		done.SetResultCode(code)
	}
	_ = w.Write(done)
}

func (f *fake) holds(filter string, names ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.entries[filter] = names
}

func (f *fake) directory(t *testing.T, change func(*Config)) *Directory {
	t.Helper()
	c := &Config{URL: "ldap://" + f.addr, UserBase: base, GroupBase: "ou=groups,dc=example,dc=org"}
	if change != nil {
		change(c)
	}
	check(t, c.check())
	d, err := New(c, "readers-own")
	check(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

const personFilter = "(&(objectClass=inetOrgPerson)(uid=%s))"

func named(name string) string { return strings.ReplaceAll(personFilter, "%s", name) }

func TestVerify(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	f.holds(named("ada"), "ada")
	f.holds(named("twin"), "twin", "twin")
	d := f.directory(t, func(c *Config) { c.BindDN, c.Domain = "cn=reader,dc=example,dc=org", "CORP" })
	for _, tt := range []struct {
		name, password string
		want           bool
	}{
		{"ada", "right", true}, {"ada", "wrong", false}, {`CORP\ada`, "right", true}, {"ada@corp", "right", true},
		{"ada@elsewhere", "right", false},                    // a name of its own
		{"nobody", "right", false}, {"twin", "right", false}, // which of the two?
		{"ada", "", false}, {"", "right", false}, {"*", "right", false},
	} {
		got, err := d.Verify(t.Context(), tt.name, secret.Secret(tt.password))
		if err != nil || got != tt.want {
			t.Errorf("%q with %q: %v, %v", tt.name, tt.password, got, err)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.binds, func(b string) bool { return strings.HasSuffix(b, " ") }) {
		t.Errorf("a bind without a password was sent: %q", f.binds)
	}
	for _, b := range f.binds {
		if name, password, _ := strings.Cut(b, " "); password == "right" && name != "uid=ada,"+base {
			t.Errorf("the password was shown to %s", name)
		}
	}
	if !slices.Contains(f.asked, named(`\2a`)) {
		t.Errorf("a name of wild cards was asked for: %q", f.asked)
	}
}

func TestNamesAreEscaped(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	d := f.directory(t, nil)
	evil := `x)(uid=*`
	if _, err := d.Person(t.Context(), evil); !errors.Is(err, portal.ErrAbsent) {
		t.Errorf("error %v", err)
	}
	_, err := d.People(t.Context(), evil, 10)
	check(t, err)
	_, err = d.Groups(t.Context(), evil, 10)
	check(t, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, asked := range f.asked {
		if !strings.Contains(asked, `x\29\28uid=\2a`) || strings.Contains(asked, evil) {
			t.Errorf("asked %s", asked)
		}
	}
	if len(f.asked) != 3 {
		t.Errorf("asked %q", f.asked)
	}
}

func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	f.holds("(objectClass=inetOrgPerson)", "a", "b", "c", "d")
	people, err := f.directory(t, nil).People(t.Context(), "", 3)
	check(t, err)
	if len(people) != 3 || people[0] != (portal.Person{Username: "a", Email: "a@example.org"}) {
		t.Errorf("people %+v", people)
	}
}

// gate carries connections to a server, until it is shut.
type gate struct {
	l net.Listener

	mu    sync.Mutex
	conns []net.Conn
}

func openGate(t *testing.T, at, to string) *gate {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", at)
	check(t, err)
	g := &gate{l: l}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
			if err != nil {
				in.Close()
				return
			}
			g.mu.Lock()
			g.conns = append(g.conns, in, out)
			g.mu.Unlock()
			go func() { _, _ = io.Copy(out, in); out.Close() }()
			go func() { _, _ = io.Copy(in, out); in.Close() }()
		}
	}()
	t.Cleanup(g.shut)
	return g
}

func (g *gate) shut() {
	g.l.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.conns {
		c.Close()
	}
}

// An idle connection that the server has closed is made anew, and a server that stays away is an
// error of the directory, not a wrong password.
func TestConnectionIsMadeAnew(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	f.holds(named("ada"), "ada")
	g := openGate(t, "127.0.0.1:0", f.addr)
	at := g.l.Addr().String()
	d := f.directory(t, func(c *Config) { c.URL = "ldap://" + at })
	_, err := d.Person(t.Context(), "ada")
	check(t, err)
	g.shut()
	if _, err := d.Verify(t.Context(), "ada", "right"); err == nil || errors.Is(err, portal.ErrAbsent) {
		t.Errorf("a server that is gone: %v", err)
	}
	openGate(t, at, f.addr)
	p, err := d.Person(t.Context(), "ada")
	if err != nil || p.Username != "ada" {
		t.Errorf("after the server is back: %+v, %v", p, err)
	}
}

func TestFailuresAreNoAbsence(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	f.code = gldap.ResultBusy
	d := f.directory(t, nil)
	if _, err := d.Person(t.Context(), "ada"); err == nil || errors.Is(err, portal.ErrAbsent) {
		t.Errorf("a busy server: %v", err)
	}
	refused := f.directory(t, func(c *Config) { c.BindDN = "cn=other,dc=example,dc=org" })
	if err := refused.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "cn=other") || strings.Contains(err.Error(), "readers-own") {
		t.Errorf("a reader who is refused: %v", err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "bad.pem"), []byte("no certificate"), 0o600))
	for _, tt := range []struct{ file, want string }{
		{`{"url":"ldap://127.0.0.1","userBase":"` + base + `"}`, ""},
		{`{"url":"ldaps://ldap.example.org","userBase":"` + base + `"}`, ""},
		{`{"url":"ldap://ldap.example.org","startTLS":true,"userBase":"` + base + `"}`, ""},
		{`{"url":"ldap://ldap.example.org","userBase":"` + base + `"}`, "url: passwords would travel in the clear"},
		{`{"url":"ldaps://ldap.example.org","startTLS":true,"userBase":"` + base + `"}`, "startTLS"},
		{`{"url":"https://ldap.example.org","userBase":"` + base + `"}`, "url"},
		{`{"url":"ldap://u:p@127.0.0.1","userBase":"` + base + `"}`, "url"},
		{`{"url":"ldap://127.0.0.1"}`, "userBase"},
		{`{"url":"ldap://127.0.0.1","userBase":"people"}`, "userBase"},
		{`{"url":"ldap://127.0.0.1","userBase":"` + base + `","userFilter":"(uid="}`, "userFilter"},
		{`{"url":"ldap://127.0.0.1","userBase":"` + base + `","bindDN":"reader"}`, "bindDN"},
		{`{"url":"ldap://127.0.0.1","userBase":"` + base + `","ca":"missing.pem"}`, "ca"},
		{`{"url":"ldap://127.0.0.1","userBase":"` + base + `","ca":"bad.pem"}`, "ca"},
		{`{"url":"ldap://127.0.0.1","userBase":"` + base + `","bindPassword":"x"}`, "bindPassword"},
	} {
		file := filepath.Join(dir, "ldap.json")
		check(t, os.WriteFile(file, []byte(tt.file), 0o600))
		_, err := ReadConfig(file)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.file, err, tt.want)
		}
	}
	c := &Config{URL: "ldap://127.0.0.1", UserBase: base, BindDN: "cn=reader,dc=example,dc=org"}
	check(t, c.check())
	if _, err := New(c, ""); err == nil || !strings.Contains(err.Error(), "RHUMB_LDAP_PASSWORD") {
		t.Errorf("without the reader's password: %v", err)
	}
}
