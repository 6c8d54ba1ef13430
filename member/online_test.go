package member_test

import (
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestImportIntoArcGISOnline makes members in the invitation form on a portal that knows no
// other: by few calls, with licenses and groups, and nothing on a second run.
func TestImportIntoArcGISOnline(t *testing.T) {
	t.Parallel()
	w := start(t, pool, portaltest.Online())
	must[*gis.Group](t)(w.p.Groups.Create(t.Context(), gis.GroupSpec{Title: "Crew"}))
	w.people(t, "grace")
	const text = "Username,First Name,Last Name,Email,Role,User Type,License,Groups,Password\n" +
		"ada,Ada,Lovelace,ada@example.com,Publisher,creatorUT,desktopBasicN,Crew,Engine1843\n" +
		"alan,Alan,Turing,alan@example.com,Viewer,viewerUT,,,Engine1844\n" +
		"x,Too,Short,x@example.com,User,creatorUT,,,Engine1845\n" +
		"GRACE,Grace,Hopper,other@example.com,User,creatorUT,,,Engine1846\n"
	r := importing(t, w.p, text, member.ImportOptions{})
	if r.Count(member.Done) != 2 || len(r.Bad()) != 2 {
		t.Fatalf("%s: %+v", r, r.Rows)
	}
	for _, bad := range r.Bad() {
		if bad.Reason == "" || (bad.Username != "x" && !strings.EqualFold(bad.Username, "grace")) {
			t.Errorf("%s: %q", bad.Username, bad.Reason)
		}
	}
	ada := must[*gis.User](t)(w.p.Users.Get(t.Context(), "ada"))
	if w.held(t, "ada") != "desktopBasicN" || len(ada.Groups) != 1 || ada.Role != gis.RolePublisher || ada.FullName != "Ada Lovelace" {
		t.Errorf("holds %q: %s", w.held(t, "ada"), ada.Raw())
	}
	w.Token(t, "ada", "Engine1843") // the password of the file is good at once
	if again := importing(t, w.p, text, member.ImportOptions{}); again.Count(member.Unchanged) != 2 || again.Count(member.Done) != 0 {
		t.Errorf("again: %+v", again.Rows)
	}
}
