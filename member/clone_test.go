package member_test

import (
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
)

// smallPool has fewer seats than pool, another name for Insights, and no Office Apps.
const smallPool = `{
	"userTypes": [{"id": "creatorUT", "seats": -1}, {"id": "viewerUT", "seats": 1}],
	"products": [
		{"title": "ArcGIS Pro", "entitlements": [{"name": "desktopBasicN", "seats": 5}, {"name": "desktopAdvN", "seats": 1}, {"name": "spatialAnalystN", "seats": 1}]},
		{"title": "Insights 2", "entitlements": [{"name": "insightsN", "seats": 4}]}],
	"appBundles": [{"name": "Field Apps", "seats": 1, "apps": [{"title": "Field Maps"}]}]
}`

func TestCloneLicenses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	from, to := start(t, pool), start(t, smallPool)
	from.people(t, "ada", "alan", "grace", "kurt")
	to.people(t, "ada", "alan", "hopper")
	from.give(t, "ada", "desktopAdvN", "spatialAnalystN")
	from.give(t, "grace", "desktopAdvN")
	from.give(t, "alan", "desktopBasicN", "3DAnalystN")
	insights := must[*gis.License](t)(from.p.Licenses.Get(ctx, "Insights"))
	ok(t, insights.Assign(ctx, []string{"insightsN"}, "ada"))
	for b, err := range from.p.Licenses.Bundles(ctx) {
		ok(t, err)
		ok(t, b.Assign(ctx, "ada"))
	}
	users := map[string]string{"ada": "ada", "grace": "hopper", "alan": "alan", "kurt": "kurt", "ghost": "ada"}
	o := member.CloneOptions{DryRun: true, Products: map[string]string{"Insights": "Insights 2"}}
	told := func(r *member.Results) string {
		var lines []string
		for _, row := range r.Rows {
			if row.Outcome != member.Unchanged {
				lines = append(lines, strings.Join([]string{row.Username, row.Product, string(row.Outcome), row.Reason}, "|"))
			}
		}
		return sorted(strings.Join(lines, "\n"))
	}
	dry := must[*member.Results](t)(member.CloneLicenses(ctx, from.p, to.p, users, o))
	if list := must[[]*member.Product](t)(member.Products(ctx, to.p, member.Options{})); list[0].Users()+list[1].Users() != 0 {
		t.Fatal("the dry run gave something")
	}
	o.DryRun = false
	r := must[*member.Results](t)(member.CloneLicenses(ctx, from.p, to.p, users, o))
	if told(r) != told(dry) {
		t.Errorf("dry run\n%s\nrun\n%s", told(dry), told(r))
	}
	for _, want := range []string{
		"ada|ArcGIS Pro|done|", "ada|Insights 2|done|", "ada|Field Apps|done|", `ada|Office Apps|refused|the organization has no app bundle "Office Apps"`,
		"hopper|ArcGIS Pro|refused|no seat of ArcGIS Pro is free for desktopAdvN (1 of 1 seats are taken)",
		`alan|ArcGIS Pro|refused|ArcGIS Pro has no entitlement "3DAnalystN"`,
		"kurt||refused|the target has no member", "ada||refused|the source has no member ghost",
	} {
		if !strings.Contains(told(r), want) {
			t.Errorf("not told: %s\n%s", want, told(r))
		}
	}
	again := must[*member.Results](t)(member.CloneLicenses(ctx, from.p, to.p, users, o))
	if again.Count(member.Done) != 0 {
		t.Errorf("a second run does something:\n%s", told(again))
	}
}
