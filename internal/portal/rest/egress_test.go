package rest_test

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// bait is a listener that counts who comes.
func bait(t *testing.T) (address string, came *atomic.Int64) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	came = new(atomic.Int64)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			_ = conn.Close()
		}
	}()
	// Runs after the portal has stopped, so that nothing it does later is missed.
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
		if n := came.Load(); n != 0 {
			t.Errorf("the portal followed an address that a caller gave it, %d times", n)
		}
	})
	return l.Addr().String(), came
}

// addressParams are the names under which callers of ArcGIS portals send addresses, and some more.
func addressParams() []string {
	return []string{
		"url", "dataUrl", "dataURL", "thumbnailUrl", "thumbnailurl", "thumbnailURL", "webhook", "webhookUrl", "hookUrl", "payloadUrl", "callback", "callbackUrl",
		"redirect_uri", "redirect_uris", "serverUrl", "serverURL", "portalUrl", "portalURL", "adminUrl", "sourceUrl", "sourceURL", "itemUrl", "itemURL", "fileUrl",
		"imageUrl", "image", "thumbnail", "thumbnailFile", "largeThumbnail", "banner", "background", "logo", "icon", "metadata", "metadataUrl", "serviceUrl", "service",
		"referer", "file", "text", "properties", "typeKeywords", "documentation", "licenseInfo", "urlKey", "helperServices", "portalProperties", "settings",
		"invitationList", "idpMetadataUrl", "proxyUrl", "basemap", "source", "href", "link", "address", "uri",
	}
}

// Every operation is given addresses under every name that could hold one, by an administrator and
// with what else it needs where that is known. Nobody is asked at any of them.
//
// Guard: that there is nothing to fetch with: internal/archtest checkEgress.
func TestNothingIsFetched(t *testing.T) {
	t.Parallel()
	host, came := bait(t)
	target := "http://" + host + "/x.png?secret=1"
	w := newWorld(t, "ada", "bob")
	id := w.addFile("ada", "a.csv", "a\n1\n", "type", "CSV", "title", "t")
	group := w.newGroup("ada", "G")
	// Calls that do something with the address.
	w.add("ada", "title", "service", "type", "Feature Service", "url", target)
	w.add("ada", "title", "map", "type", "Web Map", "text", `{"operationalLayers":[{"url":"`+target+`"}],"baseMap":{"baseMapLayers":[{"url":"`+target+`"}]}}`)
	w.add("ada", "title", "picture", "type", "Image", "url", target, "description", `<img src="`+target+`">`)
	w.ok("ada", own("ada", id, "update"), "url", target, "snippet", target, "licenseInfo", `<img src="`+target+`">`)
	w.ok("admin", "portals/self/update", "helperServices", `{"geometry":{"url":"`+target+`"}}`, "description", `<img src="`+target+`">`)
	for name, said := range map[string]string{"thumbnailUrl": "thumbnailUrl", "thumbnailurl": "thumbnailUrl", "dataUrl": "dataUrl"} {
		w.fails(400, said, "ada", "content/users/ada/addItem", "title", "x", "type", "CSV", name, target)
		w.fails(400, said, "ada", own("ada", id, "update"), name, target)
	}

	last := []string{"delete", "remove", "unregister", "disable", "leave", "reassign", "cancel"}
	patterns := w.Routes()
	slices.SortStableFunc(patterns, func(a, b string) int { return ends(a, last) - ends(b, last) })
	fill := strings.NewReplacer("{id}", id, "{username}", "ada", "{user}", "ada", "{itemId}", id, "{groupId}", group)
	for _, pattern := range patterns {
		path := fill.Replace(strings.Replace(strings.Replace(pattern, "roups/{id}", "roups/"+group, 1), "portals/{id}", "portals/self", 1))
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, after, _ := strings.Cut(rest, "}")
			path = before + "x.png" + after
		}
		all := url.Values{"f": {"json"}, "token": {w.tokens["ada"]}, "title": {"t"}, "tags": {"t"}, "type": {"Feature Service"}, "users": {"bob"}}
		for _, name := range addressParams() {
			all.Set(name, target)
		}
		w.posts(t, path, all)
		all.Set("token", w.tokens["admin"])
		w.posts(t, path, all)
		// Parameters that are refused together may be taken alone.
		for _, name := range []string{"url", "thumbnail", "file", "image", "redirect_uri", "serverUrl", "text"} {
			w.posts(t, path, url.Values{"f": {"json"}, "token": {w.tokens["admin"]}, name: {target}})
		}
	}
	if len(patterns) < 100 || came.Load() != 0 {
		t.Errorf("%d routes, %d connections", len(patterns), came.Load())
	}
}

// ends is 1 for a path whose last word is one of a list, else 0.
func ends(path string, words []string) int {
	lower := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	for _, word := range words {
		if strings.HasPrefix(lower, word) {
			return 1
		}
	}
	return 0
}

// posts sends a form to a path below the portal, whatever comes of it.
func (w *world) posts(t *testing.T, path string, form url.Values) {
	t.Helper()
	res, err := w.HTTPClient().PostForm(w.URL+"/"+path, form)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
}
