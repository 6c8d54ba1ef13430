package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/require"
)

// people is how many entries the directory of the tests holds.
const people = 5000

// startSlapd runs an LDAP server with people in three groups and returns the file of --ldap that
// describes it. The password of each is secret- with the name behind it.
func startSlapd(t *testing.T) string {
	t.Helper()
	slapd := require.Part(t, "slapd")
	dir := t.TempDir()
	conf := filepath.Join(dir, "slapd.conf")
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("slapd.conf", fmt.Sprintf(`include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile %[1]s/slapd.pid
disallow bind_anon
require authc
database mdb
suffix "dc=example,dc=org"
rootdn "cn=reader,dc=example,dc=org"
rootpw readers-own-1
directory %[1]s/db
maxsize 268435456
index objectClass,uid eq
index member eq
`, dir))
	load := exec.Command(strings.TrimSuffix(slapd, "slapd")+"slapadd", "-q", "-f", conf)
	load.Stdin = bytes.NewReader(entries())
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("slapadd: %v\n%s", err, out)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := exec.Command(slapd, "-f", conf, "-h", "ldap://"+addr, "-d", "0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	deadline, tick := time.Now().Add(20*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("slapd does not answer: %v", err)
		}
		<-tick.C
	}
	return write("ldap.json", `{"url":"ldap://`+addr+`","bindDN":"cn=reader,dc=example,dc=org","domain":"CORP",
		"userBase":"ou=people,dc=example,dc=org","groupBase":"ou=groups,dc=example,dc=org"}`)
}

// entries is the directory in LDIF.
func entries() []byte {
	var b bytes.Buffer
	b.WriteString("dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n")
	for _, ou := range []string{"people", "groups"} {
		fmt.Fprintf(&b, "dn: ou=%[1]s,dc=example,dc=org\nobjectClass: organizationalUnit\nou: %[1]s\n\n", ou)
	}
	for i := range people {
		fmt.Fprintf(&b, "dn: uid=p%04[1]d,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: p%04[1]d\ncn: Pat %[1]d\ngivenName: Pat\nsn: Number %[1]d\nmail: p%04[1]d@example.org\nuserPassword: secret-p%04[1]d\n\n", i)
	}
	for g := range 3 {
		fmt.Fprintf(&b, "dn: cn=crew %[1]d,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: crew %[1]d\n", g)
		for i := g; i < people; i += 3 {
			fmt.Fprintf(&b, "member: uid=p%04d,ou=people,dc=example,dc=org\n", i)
		}
		b.WriteString("\n")
	}
	return b.Bytes()
}

// ask calls an operation of the portal by POST.
func (r *running) ask(path string, params ...string) map[string]any {
	r.t.Helper()
	form := url.Values{"f": {"json"}}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	res, err := r.http.PostForm(r.url+path, form)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: status %d, %v", path, res.StatusCode, err)
	}
	return out
}

func (r *running) token(username, password string) string {
	r.t.Helper()
	s, _ := r.ask("/sharing/rest/generateToken", "username", username, "password", password, "client", "requestip")["token"].(string)
	return s
}

func TestPeopleOfADirectory(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Dir: t.TempDir(), LDAP: startSlapd(t), LDAPPassword: "readers-own-1", AdminPassword: "kept-in-the-test-1"})
	if !strings.Contains(r.out.String(), "sign in with their own passwords") {
		t.Errorf("the operator is told:\n%s", r.out)
	}
	admin := r.token("admin", "kept-in-the-test-1")
	list := func(key, path string, params ...string) []any {
		t.Helper()
		out := r.ask("/portaladmin/security/"+path, append(params, "token", admin)...)
		got, ok := out[key].([]any)
		if !ok || len(out) != 1 {
			t.Fatalf("%s: %v", path, out)
		}
		return got
	}
	if got := list("users", "users/searchEnterpriseUsers", "filter", "Number 4999"); len(got) != 1 || fmt.Sprint(got[0]) != `map[email:p4999@example.org firstname:Pat lastname:Number 4999 username:CORP\p4999]` {
		t.Errorf("search: %v", got)
	}
	if got := list("users", "users/searchEnterpriseUsers", "filter", "Pat"); len(got) != 100 {
		t.Errorf("%d people without maxCount", len(got))
	}
	if got := list("users", "users/searchEnterpriseUsers", "maxCount", "700"); len(got) != 500 && len(got) != 700 { // slapd's own limit is 500
		t.Errorf("%d people", len(got))
	}
	if got := list("groups", "groups/searchEnterpriseGroups", "filter", "crew"); fmt.Sprint(got) != "[crew 0 crew 1 crew 2]" {
		t.Errorf("groups: %v", got)
	}
	if got := list("users", "groups/getUsersWithinEnterpriseGroup", "groupName", "crew 1", "maxCount", "40"); len(got) != 40 {
		t.Errorf("%d people of a group", len(got))
	}
	if got := list("users", "groups/getUsersWithinEnterpriseGroup", "groupName", "crew 1", "filter", "p0004"); len(got) != 1 {
		t.Errorf("people of a group by name: %v", got)
	}
	if got := list("groups", "groups/getEnterpriseGroupsForUser", "username", `CORP\p0005`); fmt.Sprint(got) != "[crew 2]" {
		t.Errorf("groups of a person: %v", got)
	}
	one := r.ask("/portaladmin/security/users/getEnterpriseUser", "username", `CORP\p0007`, "token", admin)
	if one["email"] != "p0007@example.org" {
		t.Errorf("one person: %v", one)
	}
	checkSignIn(t, r, admin)
}

// checkSignIn makes a member of a person, who then signs in with the directory's password.
func checkSignIn(t *testing.T, r *running, admin string) {
	t.Helper()
	if r.token(`CORP\p0007`, "secret-p0007") != "" {
		t.Error("a person who is no member signs in")
	}
	made := r.ask("/portaladmin/security/users/createUser", "username", `CORP\p0007`, "provider", "enterprise", "idpUsername", `CORP\p0007`,
		"firstname", "Pat", "lastname", "Seven", "email", "p0007@example.org", "role", "org_user", "userLicenseTypeId", "creatorUT", "token", admin)
	if made["status"] != "success" {
		t.Fatalf("create: %v", made)
	}
	for _, tt := range []struct {
		name, password string
		want           bool
	}{
		{`CORP\p0007`, "secret-p0007", true}, {"p0007@CORP", "secret-p0007", true}, {"p0007@corp", "secret-p0008", false},
		{`CORP\p0007`, "", false}, {`CORP\p0008`, "secret-p0008", false}, {"admin", "kept-in-the-test-1", true}, {"admin", "secret-p0007", false},
	} {
		if got := r.token(tt.name, tt.password) != ""; got != tt.want {
			t.Errorf("%q with %q: signed in %v", tt.name, tt.password, got)
		}
	}
	token := r.token("p0007@CORP", "secret-p0007")
	if self := r.ask("/sharing/rest/community/self", "token", token); self["username"] != "p0007@CORP" || self["provider"] != "enterprise" {
		t.Errorf("self: %v", self)
	}
	off := r.ask("/sharing/rest/community/users/p0007@CORP/disable", "token", admin)
	if off["success"] != true || r.token("p0007@CORP", "secret-p0007") != "" {
		t.Errorf("a disabled member signs in: %v", off)
	}
}

// Members with a password of the portal sign in while the directory is down, and nobody else.
func TestDirectoryIsDown(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ldap.json")
	if err := os.WriteFile(file, []byte(`{"url":"ldap://127.0.0.1:1","userBase":"dc=example,dc=org"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, Options{Dir: t.TempDir(), LDAP: file, AdminPassword: "kept-in-the-test-1"})
	if !strings.Contains(r.out.String(), "does not answer") {
		t.Errorf("the operator is told:\n%s", r.out)
	}
	if r.token("admin", "kept-in-the-test-1") == "" {
		t.Error("the administrator cannot sign in")
	}
	if r.token("someone", "kept-in-the-test-1") != "" {
		t.Error("somebody signs in")
	}
}

func TestDirectoryOptions(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ldap.json")
	for text, want := range map[string]string{
		`{"url":"ldap://ldap.example.org","userBase":"dc=example"}`:               "in the clear",
		`{"url":"ldap://127.0.0.1","userBase":"dc=example","bindDN":"cn=reader"}`: "RHUMB_LDAP_PASSWORD",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := Run(t.Context(), Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", LDAP: file, Out: newOutput()})
		if err == nil || !strings.Contains(err.Error(), "--ldap") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
