package member_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// reported is a portal with something of everything that a report shows.
func reported(t *testing.T, opts ...portaltest.Option) *world {
	w := start(t, pool, opts...)
	w.people(t, "ada", "grace", "alan")
	w.give(t, "ada", "desktopAdvN", "spatialAnalystN", "3DAnalystN")
	w.give(t, "grace", "desktopBasicN")
	w.UseLicense(t, proID, "ada", time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))
	bundles := must[[]*gis.Bundle](t)(gis.Collect(w.p.Licenses.Bundles(t.Context())))
	ok(t, bundles[slices.IndexFunc(bundles, func(b *gis.Bundle) bool { return b.Name == "Field Apps" })].Assign(t.Context(), "alan"))
	alan := must[*gis.User](t)(w.p.Users.Get(t.Context(), "alan"))
	ok(t, alan.Update(t.Context(), gis.UserUpdate{FullName: new("=HYPERLINK(\"x\")")}))
	ok(t, alan.Disable(t.Context()))
	return w
}

func rows(t *testing.T, p *gis.Portal, o member.ReportOptions) []string {
	t.Helper()
	r := must[*member.Report](t)(member.NewReport(t.Context(), p, o))
	var names []string
	for row, err := range r.Rows(t.Context()) {
		ok(t, err)
		names = append(names, row.Username)
	}
	if len(r.Notes) > 0 {
		t.Errorf("notes: %q", r.Notes)
	}
	slices.Sort(names)
	return names
}

func TestReportFilters(t *testing.T) {
	t.Parallel()
	w := reported(t)
	yes := true
	for want, f := range map[string]member.Filter{
		"ada admin alan grace": {},
		"ada":                  {Text: "ADA"},
		"admin":                {Role: "Administrator"},
		"ada alan grace":       {Role: "org_publisher"},
		"ada grace":            {Product: "arcgis pro"},
		"grace":                {Entitlement: "desktopbasicn"},
		"alan":                 {Bundle: "field apps"},
		"alan ":                {Disabled: &yes},
		"ada ":                 {CheckedOut: true},
		"grace ":               {UnusedFor: 24 * time.Hour, Now: time.Date(2026, 3, 4, 6, 0, 0, 0, time.UTC)},
		"ada grace ":           {UnusedFor: 24 * time.Hour, Now: time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC)},
		"":                     {Product: "Insights"},
	} {
		if got := strings.Join(rows(t, w.p, member.ReportOptions{Filter: f}), " "); got != strings.TrimSpace(want) {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
	for _, f := range []member.Filter{{Role: "Emperor"}, {UserType: "goldUT"}, {Product: "ArcMap"}, {Bundle: "None"}, {Entitlement: "none"}} {
		if _, err := member.NewReport(t.Context(), w.p, member.ReportOptions{Filter: f}); err == nil {
			t.Errorf("%+v: no error", f)
		}
	}
}

func TestReportAsCSV(t *testing.T) {
	t.Parallel()
	w := reported(t)
	it, err := w.p.Content.Add(t.Context(), gis.ItemSpec{Owner: "ada", Title: "Notes", Type: "Web Map"}, gis.WithText(`{"operationalLayers":[]}`))
	ok(t, err)
	r := must[*member.Report](t)(member.NewReport(t.Context(), w.p, member.ReportOptions{WithContent: true}))
	var b bytes.Buffer
	ok(t, r.WriteCSV(t.Context(), &b))
	table := must[[][]string](t)(csv.NewReader(&b).ReadAll())
	at := map[string]int{}
	for i, h := range table[0] {
		at[h] = i
	}
	cell := func(username, column string) string {
		for _, row := range table[1:] {
			if row[0] == username {
				return row[at[column]]
			}
		}
		t.Fatalf("no row of %s", username)
		return ""
	}
	for _, c := range [][3]string{
		{"ada", "ArcGIS Pro", "3DAnalystN, desktopAdvN, spatialAnalystN"},
		{"ada", "ArcGIS Pro last used", "2026-03-04 05:06:07"},
		{"ada", "ArcGIS Pro checked out", "2026-03-05 00:00:00"},
		{"ada", "Items", "1"}, {"ada", "Bytes", fmt.Sprint(it.Size)},
		{"grace", "ArcGIS Pro last used", "never"}, {"grace", "Last Sign-in", ""}, {"grace", "Insights", ""},
		{"alan", "Full Name", "'=HYPERLINK(\"x\")"}, {"alan", "App Bundles", "Field Apps"}, {"alan", "Status", "disabled"},
		{"admin", "Role", "Administrator"}, {"admin", "User Type", "creatorUT"},
	} {
		if got := cell(c[0], c[1]); got != c[2] {
			t.Errorf("%s of %s is %q, want %q", c[1], c[0], got, c[2])
		}
	}
	if len(table) != 5 || r.Members != 4 || r.Shown != 4 {
		t.Errorf("%d rows, %d members, %d shown", len(table)-1, r.Members, r.Shown)
	}
}

func TestReportAsJSON(t *testing.T) {
	t.Parallel()
	w := reported(t)
	r := must[*member.Report](t)(member.NewReport(t.Context(), w.p, member.ReportOptions{}))
	var b bytes.Buffer
	ok(t, r.WriteJSON(t.Context(), &b))
	var doc struct {
		Products []struct {
			Title           string
			Users           int
			Seats, Assigned map[string]int
		}
		Members []member.Row
		Notes   []string
	}
	ok(t, json.Unmarshal(b.Bytes(), &doc))
	if len(doc.Members) != 4 || len(doc.Products) != 2 || doc.Products[0].Title != "ArcGIS Pro" || doc.Products[0].Users != 2 ||
		doc.Products[0].Assigned["desktopAdvN"] != 1 || doc.Products[0].Seats["desktopAdvN"] != 2 || len(doc.Notes) != 0 {
		t.Errorf("%s", b.String())
	}
	at := slices.IndexFunc(doc.Members, func(r member.Row) bool { return r.Username == "ada" })
	if l := doc.Members[at].Licenses[0]; l.Level != "desktopAdvN" || !slices.Equal(l.Extensions, []string{"3DAnalystN", "spatialAnalystN"}) || !l.CheckedOut {
		t.Errorf("ada holds %+v", l)
	}
}

func TestReportAsXLSX(t *testing.T) {
	t.Parallel()
	w := reported(t)
	r := must[*member.Report](t)(member.NewReport(t.Context(), w.p, member.ReportOptions{WithContent: true}))
	var b bytes.Buffer
	ok(t, r.WriteXLSX(t.Context(), &b))
	f, err := excelize.OpenReader(&b)
	ok(t, err)
	defer f.Close()
	members := must[[][]string](t)(f.GetRows("Members"))
	licenses := must[[][]string](t)(f.GetRows("Licenses"))
	if len(members) != 5 || members[0][0] != "Username" || len(licenses) != 7 {
		t.Errorf("%q\n%q", members, licenses)
	}
	for i := range members {
		cell := fmt.Sprintf("B%d", i+1)
		if formula := must[string](t)(f.GetCellFormula("Members", cell)); formula != "" {
			t.Errorf("%s holds the formula %s", cell, formula)
		}
	}
}

// TestReportBearsListingsThatCannotBeRead tells of a product whose holders the portal refuses to
// list, and reports the others.
func TestReportBearsListingsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := reported(t, portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/userEntitlements") && !strings.Contains(r.URL.Path, proID) {
				fmt.Fprint(w, `{"error":{"code":400,"message":"item not provisioned","details":[]}}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	}))
	r := must[*member.Report](t)(member.NewReport(t.Context(), w.p, member.ReportOptions{}))
	n := 0
	for _, err := range r.Rows(t.Context()) {
		ok(t, err)
		n++
	}
	if n != 4 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "Insights") {
		t.Errorf("%d rows, notes %q", n, r.Notes)
	}
	out := must[*member.Results](t)(member.Assign(t.Context(), w.p, member.Assignment{Members: member.Select{Usernames: []string{"ada"}}, Product: "Insights", Set: []string{"insightsN"}}, member.Options{}))
	outcomes(t, out, "ada refused: does not tell who holds Insights")
}

func TestReportNeedsThePrivilege(t *testing.T) {
	t.Parallel()
	w := reported(t)
	m := w.CreateMember(t, "mallory", portaltest.RolePublisher)
	if _, err := member.NewReport(t.Context(), w.Client(t, m), member.ReportOptions{}); err == nil {
		t.Error("no error")
	}
}
