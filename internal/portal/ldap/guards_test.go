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
