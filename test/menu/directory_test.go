package menu

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/require"
	"github.com/rhumb-gis/rhumb/portaltest"
)

const readerPassword = "readers-own-1"

const slapdConf = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile %[1]s/slapd.pid
database mdb
suffix "dc=example,dc=org"
rootdn "cn=reader,dc=example,dc=org"
rootpw ` + readerPassword + `
directory %[1]s/db
maxsize 16777216
`

// people is a directory of three people, two of whom are in a group.
func people() []byte {
	var b bytes.Buffer
	b.WriteString("dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n")
	for _, ou := range []string{"people", "groups"} {
		fmt.Fprintf(&b, "dn: ou=%[1]s,dc=example,dc=org\nobjectClass: organizationalUnit\nou: %[1]s\n\n", ou)
	}
	for _, name := range []string{"pat", "kim", "lee"} {
		fmt.Fprintf(&b, "dn: uid=%[1]s,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: %[1]s\ncn: %[1]s\ngivenName: %[1]s\nsn: Example\nmail: %[1]s@example.org\n\n", name)
	}
	b.WriteString("dn: cn=surveyors,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: surveyors\n" +
		"member: uid=kim,ou=people,dc=example,dc=org\nmember: uid=lee,ou=people,dc=example,dc=org\n\n")
	return b.Bytes()
}

// startSlapd runs an LDAP server and answers the file that describes it to a portal.
func startSlapd(t *testing.T) string {
	t.Helper()
	slapd := require.Part(t, "slapd")
	dir := t.TempDir()
	conf, file := filepath.Join(dir, "slapd.conf"), filepath.Join(dir, "ldap.json")
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(conf, fmt.Appendf(nil, slapdConf, dir), 0o600); err != nil {
		t.Fatal(err)
	}
	load := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(slapd), "slapadd"), "-q", "-f", conf)
	load.Stdin = bytes.NewReader(people())
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("slapadd: %v\n%s", err, out)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(slapd, "-f", conf, "-h", "ldap://"+address, "-d", "0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // it has nothing to keep
	answers(t, address)
	conn := fmt.Sprintf(`{"url":"ldap://%s","bindDN":"cn=reader,dc=example,dc=org","domain":"CORP",
		"userBase":"ou=people,dc=example,dc=org","groupBase":"ou=groups,dc=example,dc=org"}`, address)
	if err := os.WriteFile(file, []byte(conn), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// answers waits until somebody listens at an address.
func answers(t *testing.T, address string) {
	t.Helper()
	deadline, tick := time.Now().Add(within), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("slapd does not answer: %v", err)
		}
		<-tick.C
	}
}

// 8: people of a directory are found, alone and by group, and become members.
func TestDirectory(t *testing.T) {
	t.Parallel()
	file := startSlapd(t)
	start := func(t *testing.T) *portaltest.Portal {
		return portaltest.Start(t, portaltest.LDAP(file, readerPassword), portaltest.WithLicenses(strings.NewReader(pool)))
	}
	both(t, start, func(s *sitting, p *portaltest.Portal) {
		s.choose("8", "1")
		s.answer("Part of a name or an address", "pat")
		s.expect("USER NAME", "E-MAIL", `CORP\pat`, "pat@example.org", "1 in all")
		s.choose("1")
		s.answer("Part of a name or an address", "nobody")
		s.expect("0 in all")
		s.choose("2")
		s.answer("Group of the directory", "surveyors")
		s.expect(`CORP\kim`, `CORP\lee`, "2 in all")
		s.choose("2")
		s.answer("Group of the directory", "pilots")
		s.expect("That failed: ")
		s.choose("3")
		s.answer("User name in the directory", `CORP\pat`)
		s.pick("User")
		s.pick("Creator")
		s.expect("pat@CORP", "1 planned")
		s.answer("Make them members? [y/N]", "n")
		s.expect("Nothing was changed.")
		s.choose("3")
		s.answer("User name in the directory", `CORP\pat`)
		s.pick("Viewer")
		s.pick("Viewer")
		s.answer("Make them members? [y/N]", "y")
		s.expect("1 done")
		s.choose("4")
		s.answer("Group of the directory", "surveyors")
		s.pick("User")
		s.pick("Creator")
		s.expect("kim@CORP", "lee@CORP", "2 planned")
		s.answer("Make them members? [y/N]", "y")
		s.expect("2 done")
		s.choose("")
		s.quit()
		for name, role := range map[string]string{"pat@CORP": portaltest.RoleViewer, "lee@CORP": portaltest.RoleUser} {
			u, err := p.Client(s.T).Users.Get(s.Context(), name)
			if err != nil {
				s.Fatal(err)
			}
			if string(u.EffectiveRole()) != role || u.Provider != "enterprise" {
				s.Errorf("%s: role %s, provider %s", name, u.EffectiveRole(), u.Provider)
			}
		}
	})
}
