package clone_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestStatusAndProtectionAreThoseOfTheSource has every pair of content status and protection, of
// which marking an item as authoritative would change the latter, and changes them between runs.
func TestStatusAndProtectionAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	var items []*gis.Item
	for _, status := range []gis.ContentStatus{"", gis.OrgAuthoritative, gis.PublicAuthoritative, gis.Deprecated} {
		for _, protected := range []bool{false, true} {
			it := p.add(t, gis.ItemSpec{Title: string(status) + " " + map[bool]string{true: "protected", false: "open"}[protected]}, gis.WithText("{}"))
			if status != "" {
				ok(t, it.SetContentStatus(ctx, status))
			}
			ok(t, it.Protect(ctx, protected))
			items = append(items, it)
		}
	}
	check := func() {
		t.Helper()
		for _, it := range items {
			src := must[*gis.Item](t)(p.from.Content.UserItem(ctx, it.Owner, it.ID))
			if c := p.copyOf(t, it); c.ContentStatus != src.ContentStatus || c.Protected != src.Protected {
				t.Errorf("%s: %q, protected %v", it.Title, c.ContentStatus, c.Protected)
			}
		}
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	check()
	for i, it := range items {
		ok(t, it.SetContentStatus(ctx, []gis.ContentStatus{gis.OrgAuthoritative, "", gis.Deprecated}[i%3]))
		ok(t, it.Protect(ctx, i%2 == 0))
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	check()
}

// TestWhatCannotBeCarriedIsSaidOnce gives three items what no clone can carry.
func TestWhatCannotBeCarriedIsSaidOnce(t *testing.T) {
	t.Parallel()
	bad := &poison{}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(bad.wrap)), dst: portaltest.Start(t)}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	for _, title := range []string{"One", "Two", "Three"} {
		p.add(t, gis.ItemSpec{Title: title}, gis.WithText("{}"))
	}
	bad.do = func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if parts := strings.Split(r.URL.Path, "/"); len(parts) < 2 || parts[len(parts)-2] != "items" {
			return false
		}
		_, last, _ := strings.Cut(r.URL.Path, "/sharing/rest")
		return altering(last, func(doc map[string]any) {
			if it, ok := doc["item"].(map[string]any); ok {
				it["numComments"], it["numRatings"], it["listed"] = 3, 2, true
				it["classification"], it["sourceUrl"] = map[string]any{"level": "secret"}, "https://elsewhere.example.org/rest/services/X/MapServer"
			}
		})(w, r, next)
	}
	rep := p.apply(t)
	for _, want := range []string{
		"comments on 3 items are not copied", "ratings of 3 items are not copied", "marketplace listings of 3 items are not copied",
		"classification of 3 items is not copied", "credentials and proxies of 3 items are not copied",
	} {
		if n := len(slices.DeleteFunc(slices.Clone(rep.Notes), func(s string) bool { return !strings.Contains(s, want) })); n != 1 {
			t.Errorf("%q is said %d times: %v", want, n, rep.Notes)
		}
	}
}
