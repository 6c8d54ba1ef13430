package ldap

import (
	"strings"
	"testing"
)

// Names that the directory itself gives go into filters as well: those of groups, and of the
// members that a group lists.
//
// Guards: EscapeFilter in PeopleOf, read and GroupsOf.
func TestNamesOfGroupsAndMembersAreEscaped(t *testing.T) {
	t.Parallel()
	const evil, escaped = `x)(uid=*`, `x\29\28uid=\2a`
	f := startFake(t)
	d := f.directory(t, func(c *Config) { c.MemberAttr = "memberUid" })
	f.holds("(&"+d.config.GroupFilter+"("+d.config.GroupNameAttr+"="+escaped+"))", evil)
	f.holds("(&(objectClass=inetOrgPerson)(uid="+escaped+"))", evil)
	people, err := d.PeopleOf(t.Context(), evil, "", 10)
	check(t, err)
	if len(people) != 1 {
		t.Errorf("the group lists %v", people)
	}
	_, err = d.GroupsOf(t.Context(), evil, "", 10)
	check(t, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	kinds := map[string]bool{}
	for _, asked := range f.asked {
		if !strings.Contains(asked, escaped) || strings.Contains(asked, evil) {
			t.Errorf("asked %s", asked)
		}
		for _, attr := range []string{d.config.GroupNameAttr, "uid", "memberUid"} {
			kinds[attr] = kinds[attr] || strings.Contains(asked, "("+attr+"="+escaped)
		}
	}
	if len(kinds) != 3 || !kinds[d.config.GroupNameAttr] || !kinds["uid"] || !kinds["memberUid"] {
		t.Errorf("asked %q", f.asked)
	}
}

// Who is unknown to the directory costs it a sign-in like anybody else, with another password
// than the one that was typed.
//
// Guard: the name and the password that Verify makes up.
func TestUnknownNamesCostASignIn(t *testing.T) {
	t.Parallel()
	f := startFake(t)
	d := f.directory(t, nil)
	f.holds("(&(objectClass=inetOrgPerson)(uid=ada))", "ada")
	signIns := func(name string) (made []string) {
		t.Helper()
		f.mu.Lock()
		before := len(f.binds)
		f.mu.Unlock()
		if ok, err := d.Verify(t.Context(), name, "typed-by-somebody"); ok || err != nil {
			t.Errorf("%s: %t, %v", name, ok, err)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, b := range f.binds[before:] {
			if !strings.HasPrefix(b, "cn=reader,") {
				made = append(made, b)
			}
		}
		return made
	}
	if made := signIns("ada"); len(made) != 1 || !strings.HasSuffix(made[0], " typed-by-somebody") {
		t.Errorf("a known name: %q", made)
	}
	if made := signIns("nobody"); len(made) != 1 || strings.Contains(made[0], "typed-by-somebody") || strings.Contains(made[0], "nobody") {
		t.Errorf("an unknown name: %q", made)
	}
}
