package rest_test

import (
	"slices"
	"strings"
	"testing"
)

func TestRegisteredApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.custom("curator", "portal:admin:updateItems", "portal:admin:viewItems")
	id := w.add("ada", "type", "Application", "url", "https://app.example.com")
	register := []string{"itemId", id, "appType", "Browser", "redirect_uris", `["https://app.example.com/a,b","urn:ietf:wg:oauth:2.0:oob"]`, "httpReferrers", `["https://app.example.com"]`}
	w.fails(499, "Token Required", "", "oauth2/registerApp", register...)
	w.fails(400, noItem, "bob", "oauth2/registerApp", register...)
	w.fails(403, "to own the item", "admin", "oauth2/registerApp", register...)
	w.fails(400, noItem, "ada", own("ada", id, "registeredAppInfo"))
	app := w.ok("ada", "oauth2/registerApp", register...)
	client, secret := str(app, "client_id"), str(app, "client_secret")
	equal(t, "registration", []any{app["itemId"], app["appType"], app["redirect_uris"], app["httpReferrers"], app["privileges"], len(client), len(secret), app["apiToken1Active"], app["apnsProdCert"]},
		[]any{id, "browser", []string{"https://app.example.com/a,b", "urn:ietf:wg:oauth:2.0:oob"}, []string{"https://app.example.com"}, []any{}, 16, 32, false, nil})
	if kw := each(w.item("ada", id), "", "typeKeywords"); !slices.Contains(kw, "Registered App") {
		t.Errorf("keywords %v", kw)
	}
	w.ok("ada", own("ada", id, "update"), "typeKeywords", "Other")
	equal(t, "keywords after an update", slices.Contains(each(w.item("ada", id), "", "typeKeywords"), "Registered App"), true)
	w.fails(409, "already registered", "ada", "oauth2/registerApp", register...)

	for _, as := range []string{"ada", "admin", "curator"} {
		equal(t, as, []any{w.ok(as, own("ada", id, "registeredAppInfo")), w.ok(as, "oauth2/apps/"+client)}, []any{app, app})
	}
	w.ok("ada", own("ada", id, "share"), "everyone", "true")
	for _, path := range []string{own("ada", id, "registeredAppInfo"), "oauth2/apps/" + client, "oauth2/apps/" + client + "/update", "oauth2/apps/" + client + "/unregister"} {
		w.fails(403, noPermission, "bob", path)
		w.fails(499, "Token Required", "", path)
	}
	w.fails(400, noItem, "ada", "oauth2/apps/nobody")
	updated := w.ok("admin", "oauth2/apps/"+client+"/update", "redirect_uris", `["myapp://auth"]`)
	equal(t, "updated", []any{updated["redirect_uris"], updated["httpReferrers"], updated["client_secret"]}, []any{[]string{"myapp://auth"}, []string{"https://app.example.com"}, secret})
	for text, kv := range map[string][]string{
		"'javascript:alert(1)'": {"redirect_uris", `["javascript:alert(1)"]`}, "no absolute address": {"redirect_uris", `["/path"]`}, "fragment": {"redirect_uris", `["https://a.example.com/#x"]`},
		"names no host": {"redirect_uris", `["https:///x"]`}, "'appType' cannot change": {"appType", "server"}, "'premium:user:geocode' of an app is not supported": {"privileges", `["premium:user:geocode"]`}, noItem: {"privileges", `["portal:app:access:item:` + nowhere + `"]`},
	} {
		w.fails(400, text, "ada", "oauth2/apps/"+client+"/update", kv...)
	}
	equal(t, "unregistered", w.ok("ada", "oauth2/apps/"+client+"/unregister"), map[string]any{"success": true, "itemId": id})
	equal(t, "keywords", slices.Contains(each(w.item("ada", id), "", "typeKeywords"), "Registered App"), false)
	w.fails(400, noItem, "ada", "oauth2/apps/"+client)
	again := w.ok("ada", "oauth2/registerApp", register...)
	if again["client_id"] == client || again["client_secret"] == secret {
		t.Error("an app that is registered again has its old secret or id")
	}
	w.ok("ada", own("ada", id, "delete"))
	w.fails(400, noItem, "ada", "oauth2/apps/"+str(again, "client_id"))
	for text, kv := range map[string][]string{
		"'itemId' must be specified": {"appType", "browser"}, "'appType' must be specified": {"itemId", id}, "must be browser, native": {"itemId", id, "appType", "toaster"}, "'apikey'": {"itemId", id, "appType", "apikey"},
	} {
		w.fails(400, text, "ada", "oauth2/registerApp", kv...)
	}
}

// The token of an app stands for no member: it tells the app and reads what everybody reads.
func TestTokenOfAnApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada", "title", "Robot")
	app := w.ok("ada", "oauth2/registerApp", "itemId", id, "appType", "server", "redirect_uris", "[]")
	credentials := []string{"grant_type", "client_credentials", "client_id", str(app, "client_id"), "client_secret", str(app, "client_secret")}
	got := w.ok("", "oauth2/token", credentials...)
	if _, named := got["username"]; named || num(got, "expires_in") != 7200 {
		t.Errorf("granted %v", got)
	}
	w.tokens["robot"] = str(got, "access_token")
	self := w.ok("robot", "portals/self")
	equal(t, "appInfo", []any{at(self, "appInfo", "appId"), at(self, "appInfo", "itemId"), at(self, "appInfo", "appOwner"), at(self, "appInfo", "appTitle"), self["user"]},
		[]any{app["client_id"], id, "ada", "Robot", nil})
	w.fails(400, noItem, "robot", "content/items/"+id)
	w.ok("ada", own("ada", id, "share"), "everyone", "true")
	w.ok("robot", "content/items/"+id)
	w.fails(499, "Token Required", "robot", "content/users/ada/addItem", "title", "x", "type", "Web Map")
	_, page := w.fetch("ada", own("ada", id, "registeredAppInfo"))
	if !strings.Contains(string(page), str(app, "client_secret")) {
		t.Error("the owner does not see the secret")
	}
	w.ok("ada", own("ada", id, "delete"))
	w.fails(498, "Invalid token", "robot", "portals/self")
}

// A token of an app reads the items that its registration names, as long as its owner sees them.
func TestAppsAreLentItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	home, lent, hidden, foreign := w.add("ada"), w.add("ada", "title", "Lent"), w.add("ada"), w.add("bob")
	w.ok("bob", own("bob", foreign, "share"), "org", "true")
	grant := func(id string) string { return `["portal:app:access:item:` + id + `"]` }
	w.fails(403, "to own the item", "ada", "oauth2/registerApp", "itemId", home, "appType", "server", "privileges", grant(foreign))
	app := w.ok("ada", "oauth2/registerApp", "itemId", home, "appType", "server", "privileges", grant(lent))
	equal(t, "privileges", each(app, "", "privileges"), []string{"portal:app:access:item:" + lent})
	w.tokens["robot"] = str(w.ok("", "oauth2/token", "grant_type", "client_credentials", "client_id", str(app, "client_id"), "client_secret", str(app, "client_secret")), "access_token")
	it := w.item("robot", lent)
	equal(t, "lent", []any{it["title"], it["itemControl"], it["protected"]}, []any{"Lent", "", nil})
	if res, data := w.data("robot", lent); res.StatusCode != 200 || data != `{"a":1}` {
		t.Errorf("data: %s %s", res.Status, data)
	}
	for _, id := range []string{home, hidden, foreign} {
		w.fails(400, noItem, "robot", "content/items/"+id)
	}
	w.fails(400, noItem, "", "content/items/"+lent)
	equal(t, "found", w.find("robot", "Lent"), []string{})
	w.fails(499, "Token Required", "robot", own("ada", lent, "update"), "title", "x")
	w.ok("admin", own("ada", lent, "reassign"), "targetUsername", "bob", "targetFolderName", "/")
	w.fails(400, noItem, "robot", "content/items/"+lent)
	w.ok("bob", own("bob", lent, "share"), "org", "true")
	w.ok("robot", "content/items/"+lent)
	w.ok("ada", "oauth2/apps/"+str(app, "client_id")+"/update", "privileges", "[]")
	w.fails(400, noItem, "robot", "content/items/"+lent)
}
