package menu

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

const proID = "00000000000000000000000000000abc"

// pool has few seats of ArcGIS Pro and a second product; ada works offline.
const pool = `{
	"userTypes": [{"id": "creatorUT", "seats": -1}, {"id": "viewerUT", "seats": 3}],
	"products": [
		{"title": "ArcGIS Pro", "itemId": "` + proID + `", "canDisconnect": true, "expires": "2031-02-03", "entitlements": [
			{"name": "desktopBasicN", "seats": 5}, {"name": "desktopAdvN", "seats": 2},
			{"name": "3DAnalystN", "seats": 3}, {"name": "spatialAnalystN", "seats": 1}]},
		{"title": "Insights", "entitlements": [{"name": "insightsN", "seats": -1}]}],
	"activity": [{"product": "ArcGIS Pro", "username": "ada", "lastUsed": "2026-10-01", "checkedOut": "2026-10-02"}]
}`

// licensed is a portal with three members, of whom ada holds much of ArcGIS Pro and grace a little.
func licensed(t *testing.T) *portaltest.Portal {
	t.Helper()
	p := portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(pool)))
	for _, name := range []string{"ada", "grace", "hopper"} {
		p.CreateMember(t, name, portaltest.RolePublisher)
	}
	pro := p.Client(t).Licenses.Handle(proID)
	for name, set := range map[string][]string{"ada": {"desktopAdvN", "3DAnalystN", "spatialAnalystN"}, "grace": {"desktopBasicN"}} {
		if err := pro.Assign(t.Context(), set, name); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// holds checks what somebody holds of ArcGIS Pro, sorted, with commas between.
func holds(t *testing.T, p *portaltest.Portal, name, want string) {
	t.Helper()
	e, err := p.Client(t).Licenses.Handle(proID).Entitlement(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(e.Entitlements)
	if got := strings.Join(e.Entitlements, ","); got != want {
		t.Errorf("%s holds %q, want %q", name, got, want)
	}
}

// 1, 2, 3, R, and what is no entry at all.
func TestLook(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, p *portaltest.Portal) {
		s.expect("rhumb: "+p.URL, "1  Portal information", "8  Enterprise users", "R  Refresh")
		s.choose("1")
		s.expect("Address        "+p.URL, "Kind           enterprise", "Signed in as   admin", "Role           org_admin", "Members        4")
		s.choose("9")
		s.expect(`There is no entry "9".`)
		s.choose("1 2")
		s.expect(`There is no entry "1 2".`)
		s.choose("") // an empty line shows the menu again
		s.expect("Portal information")
		s.choose("2")
		s.expect("LICENSE", "SEATS", "USED", "FREE", "\nArcGIS Pro", "3DAnalystN", "3", "1", "2", "expires 2031-02-03", "insightsN", "no limit", "0", "no limit")
		s.choose("3")
		s.expect("MEMBER", "PRO", "LAST LOGIN", "CREATED", "CHECKED OUT", "ada", "A12 *", "never", "2026-10-02", "grace", "B ", "never", "2 in all", "A Advanced", "* offline")
		s.choose("r")
		s.expect("Signed in as admin.")
		s.choose("R")
		s.expect("Signed in as admin.")
		s.quit()
	})
}

// U: files are written, and not written over.
func TestUtilities(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, _ *portaltest.Portal) {
		dir := s.TempDir()
		template, export := filepath.Join(dir, "template.csv"), filepath.Join(dir, "members.csv")
		s.choose("U", "1")
		s.answer("exist)", template)
		s.expect("Written: " + template)
		s.choose("1")
		s.answer("exist)", template)
		s.expect("That failed: " + template + " is there already")
		s.choose("2")
		s.answer("exist)", filepath.Join(dir, "nowhere", "members.csv"))
		s.expect("That failed: ", "no such file")
		s.choose("2")
		s.answer("exist)", export)
		s.expect("Written: " + export)
		s.choose("")
		s.expect("Portal information")
		s.quit()
		for file, want := range map[string]string{template: "Username,", export: "ada,"} {
			b, err := os.ReadFile(file)
			if err != nil || !strings.Contains(string(b), want) {
				s.Errorf("%s: %v\n%s", file, err, b)
			}
		}
	})
}
