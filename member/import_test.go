package member_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

func sheet(t testing.TB, text string) *member.Sheet {
	t.Helper()
	return must[*member.Sheet](t)(member.ReadSheet(strings.NewReader(text)))
}

func importing(t testing.TB, p *gis.Portal, text string, o member.ImportOptions) *member.Results {
	t.Helper()
	return must[*member.Results](t)(member.Import(t.Context(), p, sheet(t, text), o))
}

func TestImport(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	ctx := t.Context()
	role := must[*gis.Role](t)(w.p.Roles.Create(ctx, gis.RoleSpec{Name: "Cartographer", Privileges: []string{"portal:user:createItem"}}))
	group := must[*gis.Group](t)(w.p.Groups.Create(ctx, gis.GroupSpec{Title: "Field Crews; north"}))
	passwords := filepath.Join(t.TempDir(), "passwords.csv")
	const text = `Username,First Name,Last Name,Email,Role,User Type,License,App Bundles,Groups,Manages,Folders,Provider,IDP Username,Status
ada,Ada,Lovelace,ada@example.com,Cartographer,creatorUT,"ArcGIS Pro: desktopAdvN, spatialAnalystN; Insights: insightsN",Field Apps,Field Crews\; north,,Maps; Data,,,
grace,Grace,Hopper,grace@example.com,account_publisher,Creator,,,,Field Crews\; north,,,,disabled
CORP\alan,Alan,Turing,alan@example.com,,,,,,,,enterprise,turing@corp,
nobody,No,Body,no.example.com,Emperor,goldUT,ArcGIS Pro: desktopGoldN,No Apps,No Group,,,,,
late,Too,Late,late@example.com,,creatorUT,desktopAdvN,,,,,,,
later,Too,Late,later@example.com,,creatorUT,desktopAdvN,,,,,,,
`
	plan := must[*member.ImportPlan](t)(member.PlanImport(ctx, w.p, sheet(t, text), member.ImportOptions{PasswordsOut: passwords}))
	if _, err := w.p.Users.Get(ctx, "ada"); err == nil {
		t.Fatal("the plan made a member")
	}
	if _, err := os.Stat(passwords); err == nil {
		t.Fatal("the plan wrote passwords")
	}
	if why := strings.Join(plan.Rows[3].Why, "\n"); strings.Count(why, "\n") != 5 {
		t.Errorf("nobody is refused for 6 reasons, told: %s", why)
	}
	r := must[*member.Results](t)(plan.Apply(ctx))
	outcomes(t, r, "ada done", "grace done", `CORP\alan done`, `nobody refused: is no e-mail address; Role: there is no role "Emperor"`, "late done", "later refused: no seat of ArcGIS Pro is free for desktopAdvN")

	ada := must[*gis.User](t)(w.p.Users.Get(ctx, "ada"))
	if ada.RoleID != role.ID || ada.UserLicenseTypeID != "creatorUT" || ada.FullName != "Ada Lovelace" || w.held(t, "ada") != "desktopAdvN spatialAnalystN" {
		t.Errorf("ada: %s", ada.Raw())
	}
	folders := must[[]*gis.Folder](t)(ada.Folders(ctx))
	bundles := must[[]*gis.Bundle](t)(ada.Bundles(ctx))
	if len(folders) != 2 || len(bundles) != 1 {
		t.Errorf("%d folders, %d bundles", len(folders), len(bundles))
	}
	grace := must[*gis.User](t)(w.p.Users.Get(ctx, "grace"))
	if grace.Role != gis.RolePublisher || grace.UserLicenseTypeID != "creatorUT" || !grace.Disabled {
		t.Errorf("grace: %s", grace.Raw())
	}
	members := must[*gis.GroupMembers](t)(group.Members(ctx))
	if len(members.Users) != 1 || members.Users[0] != "ada" || len(members.Admins) != 2 {
		t.Errorf("group: %+v", members)
	}
	alan := must[*gis.User](t)(w.p.Users.Get(ctx, "alan@CORP"))
	if alan.Provider != "enterprise" || alan.IDPUsername != "turing@corp" {
		t.Errorf("alan: %s", alan.Raw())
	}
	checkPasswords(t, w, passwords, "ada", "grace", "late")

	again := importing(t, w.p, text, member.ImportOptions{PasswordsOut: filepath.Join(t.TempDir(), "other.csv")})
	outcomes(t, again, "ada unchanged", "grace unchanged", `CORP\alan unchanged`, "nobody refused: Emperor", "late unchanged", "later refused: no seat")
}

// checkPasswords signs in with the passwords of the file, which have to be changed at once.
func checkPasswords(t *testing.T, w *world, path string, names ...string) {
	t.Helper()
	info, err := os.Stat(path)
	ok(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	f, err := os.Open(path)
	ok(t, err)
	defer f.Close()
	rows := must[[][]string](t)(csv.NewReader(f).ReadAll())
	if len(rows) != 1+len(names) {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		p, err := gis.New(w.URL, auth.Password(row[0], "not-"+row[1]))
		ok(t, err)
		defer p.Close()
		if err := p.Connect(t.Context()); err == nil {
			t.Errorf("%s signs in with a wrong password", row[0])
		}
	}
}

func TestImportIntoExistingMembers(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace")
	const text = "Username,First Name,Last Name,Email,Role,User Type,License,Status\n" +
		"ADA,Ada,Lovelace,ada@example.com,Viewer,editorUT,desktopBasicN,disabled\n" +
		"grace,Grace,Hopper,somebody.else@example.com,,,,\n"
	r := importing(t, w.p, text, member.ImportOptions{})
	outcomes(t, r, "ADA refused: is there already and differs (role Viewer in place of Publisher", "grace refused: may be another person's")
	r = importing(t, w.p, text, member.ImportOptions{UpdateExisting: true})
	outcomes(t, r, "ADA done", "grace refused: another person")
	u := must[*gis.User](t)(w.p.Users.Get(t.Context(), "ada"))
	if u.FirstName != "Ada" || u.EffectiveRole() != gis.RoleViewer || u.UserLicenseTypeID != "editorUT" || !u.Disabled || w.held(t, "ada") != "desktopBasicN" {
		t.Errorf("%s", u.Raw())
	}
	outcomes(t, importing(t, w.p, text, member.ImportOptions{}), "ADA unchanged", "grace refused: another person")
}

// TestImportByInvitation makes members as ArcGIS Online does: 25 with one call, and where it is
// refused, without those who are to blame.
func TestImportByInvitation(t *testing.T) {
	t.Parallel()
	w := start(t, "", portaltest.Online())
	var text strings.Builder
	text.WriteString("Username,First Name,Last Name,Email,Password\n")
	for i := range 60 {
		name := fmt.Sprintf("member_%02d", i)
		if i == 7 || i == 31 {
			name = fmt.Sprint("x", i) // too short for the portal, which refuses the whole call
			name = name[:2]
		}
		fmt.Fprintf(&text, "%s,A,B,m%d@example.com,Engine1843\n", name, i)
	}
	before := w.p.Pace().Requests
	r := importing(t, w.p, text.String(), member.ImportOptions{})
	if r.Count(member.Done) != 58 || r.Count(member.Failed) != 2 || !strings.Contains(r.Bad()[0].Reason, "3 to 128") {
		t.Errorf("%s: %+v", r, r.Bad())
	}
	if n := w.p.Pace().Requests - before; n > 45 {
		t.Errorf("%d requests", n)
	}
}

// bigFile has n rows, of which each fiftieth is bad in one of several ways.
func bigFile(n int) string {
	var b strings.Builder
	b.WriteString("Username,First Name,Last Name,Email,Role,User Type,License,Provider\n")
	for i := range n {
		row := []string{fmt.Sprintf("person_%05d", i), "Person", fmt.Sprint("No. ", i), fmt.Sprintf("p%d@example.com", i), "Publisher", "creatorUT", "", ""}
		if i%50 == 49 {
			switch (i / 50) % 8 {
			case 0:
				row[0] = ""
			case 1:
				row[0] = fmt.Sprintf("person_%05d", i-1)
			case 2:
				row[3] = "nowhere"
			case 3:
				row[4] = "Emperor"
			case 4:
				row[5] = "goldUT"
			case 5:
				row[6] = "ArcGIS Pro: desktopGoldN"
			case 6:
				row[7] = "ldap"
			case 7:
				row[0] = "per son"
			}
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}

// TestImportOfTenThousand imports the good rows, names the bad ones, and changes nothing when it
// is run again.
func TestImportOfTenThousand(t *testing.T) {
	t.Parallel()
	n := 10_000
	if testing.Short() {
		n = 400
	}
	w := start(t, pool, portaltest.Online())
	text := bigFile(n)
	o := member.ImportOptions{Options: member.Options{Journal: filepath.Join(t.TempDir(), "j")}}
	plan := must[*member.ImportPlan](t)(member.PlanImport(t.Context(), w.p, sheet(t, text), o))
	if got := plan.Preview().Count(member.Refused); got != n/50 {
		t.Errorf("the plan refuses %d rows", got)
	}
	r := must[*member.Results](t)(plan.Apply(t.Context()))
	if r.Count(member.Done) != n-n/50 || len(r.Bad()) != n/50 {
		t.Fatalf("%s", r)
	}
	for _, bad := range r.Bad() {
		if bad.Reason == "" || bad.Line%50 != 1 {
			t.Errorf("line %d: %q", bad.Line, bad.Reason)
		}
	}
	again := importing(t, w.p, text, o)
	if again.Count(member.Unchanged) != n-n/50 || again.Count(member.Done) != 0 {
		t.Errorf("again: %s", again)
	}
}

// TestImportGoesOn cuts an import off at many of its calls, before and after the portal got
// them, tears the journal, and runs it again: everybody is there once and as the file wants.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	for i := range 10 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			importCutAt(t, i)
		})
	}
}

func importCutAt(t *testing.T, i int) {
	c := newCut()
	w := start(t, pool, portaltest.Wrap(c.wrap))
	must[*gis.Group](t)(w.p.Groups.Create(t.Context(), gis.GroupSpec{Title: "Crew"}))
	var text strings.Builder
	text.WriteString("Username,First Name,Last Name,Email,License,Groups,Folders\n")
	for n := range 4 {
		fmt.Fprintf(&text, "person_%d,P,%d,p%d@example.com,desktopBasicN,Crew,Maps\n", n, n, n)
	}
	dir := t.TempDir()
	o := member.ImportOptions{
		Options:      member.Options{Journal: filepath.Join(dir, "j"), Workers: 1},
		PasswordsOut: filepath.Join(dir, "passwords.csv"),
	}
	c.after.Store(i%2 == 1)
	c.left.Store(int64(3 * (i / 2)))
	_, err := member.Import(t.Context(), w.p, sheet(t, text.String()), o)
	if c.cuts.Load() > 0 && err == nil {
		t.Log("the cut was repaired by a repetition")
	}
	if err == nil && c.cuts.Load() == 0 {
		t.Fatal("nothing was cut")
	}
	c.left.Store(-1)
	tear(t, o.Journal)
	r := importing(t, w.p, text.String(), o)
	for _, bad := range r.Bad() {
		t.Errorf("%s: %s", bad.Username, bad.Reason)
	}
	for n := range 4 {
		name := fmt.Sprint("person_", n)
		u := must[*gis.User](t)(w.p.Users.Get(t.Context(), name))
		folders := must[[]*gis.Folder](t)(u.Folders(t.Context()))
		if len(folders) != 1 || w.held(t, name) != "desktopBasicN" || len(u.Groups) < 1 {
			t.Errorf("%s: %d folders, holds %q, %d groups", name, len(folders), w.held(t, name), len(u.Groups))
		}
	}
	b, err := os.ReadFile(o.PasswordsOut)
	ok(t, err)
	if n := strings.Count(string(b), "\n"); n != 5 {
		t.Errorf("%d lines of passwords:\n%s", n, b)
	}
	outcomes(t, importing(t, w.p, text.String(), member.ImportOptions{}), "person_0 unchanged", "person_1 unchanged", "person_2 unchanged", "person_3 unchanged")
}

// tear cuts the end off a file, as a crash in the middle of a line does.
func tear(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	ok(t, err)
	_, err = f.WriteString(`deadbeef {"event":"int`)
	ok(t, err)
	ok(t, f.Close())
}

// TestRoundTrip exports a portal, imports it into another one, and exports that: the files are
// the same.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	from := start(t, pool)
	ctx := t.Context()
	groups := func(w *world) {
		for _, title := range []string{"Crew", "Reviewers; south", "=SUM(1)"} {
			must[*gis.Group](t)(w.p.Groups.Create(ctx, gis.GroupSpec{Title: title}))
		}
		must[*gis.Role](t)(w.p.Roles.Create(ctx, gis.RoleSpec{Name: "Map, maker", Privileges: []string{"portal:user:createItem"}}))
	}
	groups(from)
	r := importing(t, from.p, `Username,First Name,Last Name,Email,Role,User Type,License,App Bundles,Groups,Manages,Folders,Provider,IDP Username,Status
ada,Ada,"Lovelace, Countess",ada@example.com,"Map, maker",creatorUT,"ArcGIS Pro: desktopAdvN, spatialAnalystN; Insights: insightsN",Field Apps; Office Apps,Crew,Reviewers\; south,A; B,enterprise,ada@corp,
grace,'=Grace,Ho'pper,grace@example.com,Publisher,creatorUT,,,'=SUM(1),,,enterprise,g@corp,disabled
alan,Älan,"Tur""ing",alan@example.com,Viewer,viewerUT,ArcGIS Pro: desktopBasicN,,,,,enterprise,-alan,active
`, member.ImportOptions{})
	outcomes(t, r, "ada done", "grace done", "alan done")
	export := func(w *world) string {
		var b bytes.Buffer
		must[*member.Results](t)(member.Export(ctx, w.p, &b, member.ExportOptions{Groups: true, Folders: true}))
		return b.String()
	}
	first := export(from)
	to := start(t, pool)
	groups(to)
	again := sheet(t, first)
	r = must[*member.Results](t)(member.Import(ctx, to.p, again, member.ImportOptions{}))
	if len(r.Bad()) != 0 {
		t.Errorf("%+v", r.Bad())
	}
	if second := export(to); sorted(second) != sorted(first) {
		t.Errorf("first\n%s\nsecond\n%s", first, second)
	}
	r = importing(t, from.p, first, member.ImportOptions{})
	if r.Count(member.Unchanged) != len(r.Rows) {
		t.Errorf("importing an export changes something: %+v", r.Rows)
	}
}

func sorted(csvText string) string {
	lines := strings.Split(csvText, "\n")
	for i := range lines {
		for j := i + 1; j < len(lines); j++ {
			if lines[j] < lines[i] {
				lines[i], lines[j] = lines[j], lines[i]
			}
		}
	}
	return strings.Join(lines, "\n")
}
