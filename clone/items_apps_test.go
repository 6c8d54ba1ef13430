package clone_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestRegisteredAppsGetClientIDsOfTheTarget clones a registered app of another member, an app that
// names its client id, and an API key.
func TestRegisteredAppsGetClientIDsOfTheTarget(t *testing.T) {
	t.Parallel()
	p, _, to := tapped(t)
	ctx := t.Context()
	p.member(t, "ada")
	folder := must[*gis.Folder](t)(p.from.Content.CreateFolder(ctx, "ada", "Apps"))
	app := p.add(t, gis.ItemSpec{Title: "Sign in", Type: "Application"})
	from := must[*gis.AppInfo](t)(app.Register(ctx, gis.AppSpec{Type: gis.AppBrowser, HTTPReferrers: []string{p.src.URL},
		RedirectURIs: []string{p.src.URL + "/apps/trees/", "https://elsewhere.example.org/back", "urn:ietf:wg:oauth:2.0:oob"}}))
	ok(t, app.ReassignTo(ctx, "ada", "Apps"))
	user := p.add(t, gis.ItemSpec{Title: "Uses it", Type: "Web Mapping Application"}, gis.WithText(`{"values":{"oauthappid":"`+from.ClientID+`"}}`))
	key := p.add(t, gis.ItemSpec{Title: "Key", Type: "Application", TypeKeywords: []string{"API Key"}})
	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, rep)

	c := p.copyOf(t, app)
	info := must[*gis.AppInfo](t)(c.AppInfo(ctx))
	if c.Owner != "ada" || string(c.OwnerFolder) != p.mapping(t, clone.KindFolder)[string(folder.ID)] || !slices.Contains(c.TypeKeywords, "Registered App") {
		t.Errorf("of %s in %s: %v", c.Owner, c.OwnerFolder, c.TypeKeywords)
	}
	want := []string{p.dst.URL + "/apps/trees/", "https://elsewhere.example.org/back", "urn:ietf:wg:oauth:2.0:oob"}
	if info.Type != gis.AppBrowser || !slices.Equal(info.RedirectURIs, want) || !slices.Equal(info.HTTPReferrers, []string{p.dst.URL}) {
		t.Errorf("registered as %s for %v, %v", info.Type, info.RedirectURIs, info.HTTPReferrers)
	}
	if info.ClientID == from.ClientID || info.ClientSecret == from.ClientSecret {
		t.Error("client id or secret are those of the source")
	}
	text := `{"values":{"oauthappid":"` + info.ClientID + `"}}`
	if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, user).Data(ctx) }); got != text {
		t.Errorf("the app that names it: %s, want %s", got, text)
	}
	if p.mapping(t, clone.KindItem)[string(key.ID)] != "" {
		t.Error("an API key was copied")
	}
	kept := string(must[[]byte](t)(os.ReadFile(p.journal))) + string(must[[]byte](t)(json.Marshal(rep)))
	if plan, err := os.ReadFile(p.journal + ".plan"); err == nil {
		kept += string(plan)
	}
	for _, secret := range []string{from.ClientSecret.Reveal(), info.ClientSecret.Reveal()} {
		if len(secret) < 16 || strings.Contains(kept, secret) {
			t.Error("journal, plan or report hold a secret")
		}
	}

	to.reset()
	again := must[*clone.Report](t)(p.run(t, ctx, nil))
	if got := to.writes(); again.Result.Items.Matched != 2 || len(got) != 0 {
		t.Errorf("second run: %+v, %v", again.Result.Items, got)
	}
	ok(t, user.Update(ctx, gis.ItemUpdate{}, gis.WithText(`{"values":{"oauthappid":"`+from.ClientID+`"},"v":2}`)))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, user).Data(ctx) }); got != strings.Replace(text, "}}", `},"v":2}`, 1) {
		t.Errorf("brought in line: %s", got)
	}
}

// TestAnAppThatCannotBeRegisteredFailsAlone lets the target refuse every registration.
func TestAnAppThatCannotBeRegisteredFailsAlone(t *testing.T) {
	t.Parallel()
	bad := &poison{do: func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/registerApp") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"error":{"code":400,"message":"redirect_uris: not allowed here"}}`)
		return true
	}}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t), dst: portaltest.Start(t, portaltest.Wrap(bad.wrap))}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	app := p.add(t, gis.ItemSpec{Title: "Sign in", Type: "Application"})
	must[*gis.AppInfo](t)(app.Register(t.Context(), gis.AppSpec{Type: gis.AppBrowser, RedirectURIs: []string{"https://x.example.org"}}))
	p.add(t, gis.ItemSpec{Title: "Map"}, gis.WithText(`{}`))
	rep := p.apply(t)
	if len(rep.Failures) != 1 || rep.Failures[0].Source != string(app.ID) || !strings.Contains(rep.Failures[0].Error, "not allowed here") || rep.Result.Items.Created != 1 {
		t.Errorf("items %+v, failures %+v", rep.Result.Items, rep.Failures)
	}
}
