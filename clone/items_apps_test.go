package clone_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// appRegistry stands in front of a portal and answers for registered apps as Esri's pages
// "Register App", "Registered App Info" and "Update App" say: only the owner of the item may
// register it.
type appRegistry struct {
	prefix string // of client ids
	mu     sync.Mutex
	apps   map[string]map[string]any // by item id
	writes int
}

func (a *appRegistry) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, path, _ := strings.Cut(r.URL.Path, "/sharing/rest/")
		parts := strings.Split(path, "/")
		switch {
		case path == "oauth2/registerApp":
			a.register(w, r, next)
		case strings.HasPrefix(path, "oauth2/apps/") && strings.HasSuffix(path, "/update"):
			a.update(w, r, parts[2])
		case strings.HasSuffix(path, "/registeredAppInfo"):
			a.answer(w, parts[len(parts)-2])
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (a *appRegistry) register(w http.ResponseWriter, r *http.Request, next http.Handler) {
	item := r.FormValue("itemId")
	who := a.ask(r, next, "portals/self")["user"].(map[string]any)["username"]
	if owner := a.ask(r, next, "content/items/"+item)["owner"]; owner != who {
		fmt.Fprint(w, `{"error":{"code":403,"messageCode":"GWM_0003","message":"You do not have permissions to access this resource or perform this operation."}}`)
		return
	}
	a.mu.Lock()
	a.writes++
	info := map[string]any{"itemId": item, "appType": r.FormValue("appType"), "client_id": fmt.Sprintf("%s%012d", a.prefix, len(a.apps)), "client_secret": "sesame-" + a.prefix}
	a.apps[item] = info
	a.mu.Unlock()
	a.fill(item, r)
	a.answer(w, item)
}

func (a *appRegistry) update(w http.ResponseWriter, r *http.Request, client string) {
	a.mu.Lock()
	item := ""
	for id, info := range a.apps {
		if info["client_id"] == client {
			item = id
		}
	}
	a.writes++
	a.mu.Unlock()
	a.fill(item, r)
	a.answer(w, item)
}

func (a *appRegistry) fill(item string, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, name := range []string{"redirect_uris", "httpReferrers", "privileges"} {
		var list []string
		if json.Unmarshal([]byte(r.FormValue(name)), &list) == nil && a.apps[item] != nil {
			a.apps[item][name] = list
		}
	}
}

func (a *appRegistry) answer(w http.ResponseWriter, item string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if info := a.apps[item]; info != nil {
		json.NewEncoder(w).Encode(info)
		return
	}
	fmt.Fprint(w, `{"error":{"code":400,"messageCode":"CONT_0001","message":"Item does not exist or is inaccessible."}}`)
}

// ask reads a document in the name of the caller of r.
func (a *appRegistry) ask(r *http.Request, next http.Handler, path string) map[string]any {
	base, _, _ := strings.Cut(r.URL.Path, "/sharing/rest/")
	req := httptest.NewRequestWithContext(r.Context(), http.MethodGet, base+"/sharing/rest/"+path+"?f=json", nil)
	req.Header, req.RemoteAddr, req.Host = r.Header.Clone(), r.RemoteAddr, r.Host
	req.Header.Del("Content-Type")
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, req)
	var doc map[string]any
	json.Unmarshal(rec.Body.Bytes(), &doc)
	return doc
}

// TestRegisteredAppsGetClientIDsOfTheTarget clones a registered app of another member, an app that
// names its client id, and an API key.
func TestRegisteredAppsGetClientIDsOfTheTarget(t *testing.T) {
	t.Parallel()
	from, to := &appRegistry{prefix: "srcc", apps: map[string]map[string]any{}}, &appRegistry{prefix: "tgtt", apps: map[string]map[string]any{}}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(from.wrap)), dst: portaltest.Start(t, portaltest.Wrap(to.wrap))}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	ctx := t.Context()
	p.member(t, "ada")
	folder := must[*gis.Folder](t)(p.from.Content.CreateFolder(ctx, "ada", "Apps"))
	app := p.add(t, gis.ItemSpec{Owner: "ada", Folder: folder.ID, Title: "Sign in", Type: "Application", TypeKeywords: []string{"Registered App"}})
	from.apps[string(app.ID)] = map[string]any{
		"itemId": app.ID, "appType": "browser", "client_id": "Xy7Kq2Lm9Pw4Zt1c", "client_secret": "sesame-source",
		"redirect_uris": []string{p.src.URL + "/apps/trees/", "https://elsewhere.example.org/back", "urn:ietf:wg:oauth:2.0:oob"},
	}
	user := p.add(t, gis.ItemSpec{Title: "Uses it", Type: "Web Mapping Application", URL: p.src.URL + "/apps/trees/?appid=1"},
		gis.WithText(`{"values":{"oauthappid":"Xy7Kq2Lm9Pw4Zt1c"}}`))
	key := p.add(t, gis.ItemSpec{Title: "Key", Type: "Application", TypeKeywords: []string{"Registered App", "API Key"}})
	from.apps[string(key.ID)] = map[string]any{"itemId": key.ID, "appType": "apikey", "client_id": "keykeykeykeykeyk", "client_secret": "sesame-key"}
	unregistrable := p.add(t, gis.ItemSpec{Title: "Cannot be read", Type: "Application", TypeKeywords: []string{"Registered App"}})
	from.apps[string(unregistrable.ID)] = map[string]any{"itemId": unregistrable.ID, "appType": "native", "client_id": "nativenativenati"}

	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, rep)
	c := p.copyOf(t, app)
	info := to.apps[string(c.ID)]
	if info == nil || info["appType"] != "browser" || c.Owner != "ada" || string(c.OwnerFolder) != p.mapping(t, clone.KindFolder)[string(folder.ID)] {
		t.Fatalf("registered as %v, of %s in %s", info, c.Owner, c.OwnerFolder)
	}
	if got, want := fmt.Sprint(info["redirect_uris"]), fmt.Sprint([]string{p.dst.URL + "/apps/trees/", "https://elsewhere.example.org/back", "urn:ietf:wg:oauth:2.0:oob"}); got != want {
		t.Errorf("redirect URIs: %s, want %s", got, want)
	}
	if !slices.Contains(c.TypeKeywords, "Registered App") {
		t.Errorf("keywords: %v", c.TypeKeywords)
	}
	want := fmt.Sprintf(`{"values":{"oauthappid":"%s"}}`, info["client_id"])
	if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, user).Data(ctx) }); got != want {
		t.Errorf("the app that names it: %s, want %s", got, want)
	}
	if p.mapping(t, clone.KindItem)[string(key.ID)] != "" || len(to.apps) != 2 {
		t.Errorf("an API key was copied: %v", to.apps)
	}
	for _, name := range []string{p.journal, p.journal + ".plan"} {
		if b, err := os.ReadFile(name); err == nil && strings.Contains(string(b), "sesame") {
			t.Errorf("%s holds a secret", name)
		}
	}
	if b := must[[]byte](t)(json.Marshal(rep)); strings.Contains(string(b), "sesame") {
		t.Error("the report holds a secret")
	}

	before := to.writes
	again := must[*clone.Report](t)(p.run(t, ctx, nil))
	if again.Result.Items.Matched != 3 || to.writes != before {
		t.Errorf("second run: %+v, %d registrations", again.Result.Items, to.writes-before)
	}
	ok(t, user.Update(ctx, gis.ItemUpdate{}, gis.WithText(`{"values":{"oauthappid":"Xy7Kq2Lm9Pw4Zt1c"},"v":2}`)))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, user).Data(ctx) }); got != strings.Replace(want, "}}", `},"v":2}`, 1) {
		t.Errorf("brought in line: %s", got)
	}
}

// TestAnAppThatCannotBeRegisteredFailsAlone lets the target refuse every registration.
func TestAnAppThatCannotBeRegisteredFailsAlone(t *testing.T) {
	t.Parallel()
	from := &appRegistry{prefix: "srcc", apps: map[string]map[string]any{}}
	bad := &poison{do: func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/registeredAppInfo") && !strings.HasSuffix(r.URL.Path, "/registerApp") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/registerApp") {
			io.WriteString(w, `{"error":{"code":400,"message":"redirect_uris: not allowed here"}}`)
		} else {
			io.WriteString(w, `{"error":{"code":400,"messageCode":"CONT_0001","message":"Item does not exist or is inaccessible."}}`)
		}
		return true
	}}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(from.wrap)), dst: portaltest.Start(t, portaltest.Wrap(bad.wrap))}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	app := p.add(t, gis.ItemSpec{Title: "Sign in", Type: "Application", TypeKeywords: []string{"Registered App"}})
	from.apps[string(app.ID)] = map[string]any{"itemId": app.ID, "appType": "browser", "client_id": "Xy7Kq2Lm9Pw4Zt1c", "redirect_uris": []string{"https://x.example.org"}}
	p.add(t, gis.ItemSpec{Title: "Map"}, gis.WithText(`{}`))
	rep := p.apply(t)
	if len(rep.Failures) != 1 || rep.Failures[0].Source != string(app.ID) || !strings.Contains(rep.Failures[0].Error, "not allowed here") || rep.Result.Items.Created != 1 {
		t.Errorf("items %+v, failures %+v", rep.Result.Items, rep.Failures)
	}
}
