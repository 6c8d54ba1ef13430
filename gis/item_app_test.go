package gis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

func TestApps(t *testing.T) {
	t.Parallel()
	const app = `{"itemId":"` + itemA + `","client_id":"abc","client_secret":"hush-hush","appType":"browser","redirect_uris":["https://a.example.com"],"httpReferrers":null,"privileges":[],"registered":1700000000000,"modified":1700000000000,"isBeta":false}`
	const info = "content/users/ada/f1/items/" + itemA + "/registeredAppInfo"
	check := func(a *gis.AppInfo, err error) error {
		if err == nil && (a.ClientID != "abc" || a.ClientSecret.Reveal() != "hush-hush" || !slices.Equal(a.RedirectURIs, []string{"https://a.example.com"}) || a.Registered.IsZero()) {
			t.Errorf("read %+v", a)
		}
		return err
	}
	runCalls(t, []call{
		{name: "Register", op: "POST oauth2/registerApp", answer: app, want: `itemId=` + itemA + `&appType=browser&redirect_uris=["https://a.example.com"]`, not: "privileges,httpReferrers",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return check(it.Register(ctx, gis.AppSpec{Type: gis.AppBrowser, RedirectURIs: []string{"https://a.example.com"}}))
			})},
		{name: "AppInfo", op: "GET " + info, answer: app, do: onItem(func(ctx context.Context, it *gis.Item) error { return check(it.AppInfo(ctx)) })},
		{name: "UpdateApp", op: "POST oauth2/apps/abc/update", answer: app, want: `redirect_uris=[]&privileges=["p"]&httpReferrers=["r"]`, not: "appType",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return check(it.UpdateApp(ctx, "abc", gis.AppSpec{HTTPReferrers: []string{"r"}, Privileges: []string{"p"}}))
			})},
		{name: "Unregister", op: "POST oauth2/apps/abc/unregister", answer: success, answers: map[string]string{"GET " + info: app},
			do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Unregister(ctx) })},
	})
}

func TestAppSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	a := &gis.AppInfo{ClientID: "abc"}
	ok(t, json.Unmarshal([]byte(`{"client_secret":"hush-hush"}`), a))
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %x", a, a, a, a.ClientSecret, a.ClientSecret), string(must(json.Marshal(a))(t))} {
		if strings.Contains(text, "hush") || strings.Contains(text, "68757368") {
			t.Errorf("printed %s", text)
		}
	}
}

func TestPortalResources(t *testing.T) {
	t.Parallel()
	const rows = `{"total":1,"start":1,"num":100,"nextStart":-1,"resources":[{"key":"a.png","created":1700000000000,"size":5,"access":"org"}]}`
	runCalls(t, []call{
		{name: "List", op: "GET portals/self/resources", answer: rows, want: "num=100&start=1", do: func(ctx context.Context, p *gis.Portal) error {
			list, err := gis.Collect(p.Resources().List(ctx))
			if err == nil && (len(list) != 1 || list[0].Key != "a.png" || list[0].Access != gis.AccessOrg) {
				t.Errorf("listed %v", list)
			}
			return err
		}},
		{name: "Add", op: "POST portals/self/addResource", answer: success, want: "key=images/a.png&access=public", file: "file: a.png: PNG", do: func(ctx context.Context, p *gis.Portal) error {
			return p.Resources().Add(ctx, "images/a.png", gis.AccessPublic, gis.BytesUpload("a.png", []byte("PNG")))
		}},
		{name: "Remove", op: "POST portals/self/removeResource", answer: success, want: "key=images/a.png",
			do: func(ctx context.Context, p *gis.Portal) error { return p.Resources().Remove(ctx, "images/a.png") }},
		{name: "Open", op: "GET portals/self/resources/images/a%20b.png", answer: "PNG", do: func(ctx context.Context, p *gis.Portal) error {
			d, err := p.Resources().Open(ctx, "images/a b.png")
			return closed(d, err, "PNG")
		}},
		{name: "SetThumbnail", op: "POST portals/self/update", answer: success, file: "thumbnail: t.png: PNG",
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.SetThumbnail(ctx, gis.BytesUpload("t.png", []byte("PNG")))
			}},
	})
	p, _ := setup(t, nil)
	_, err := p.OpenThumbnail(t.Context())
	isKind(t, err, gis.ErrNotFound)
}

func TestItemPictures(t *testing.T) {
	t.Parallel()
	const update = "POST content/users/ada/items/" + itemA + "/update"
	p, f := setup(t, map[string]string{update: success})
	it := p.Content.Handle("ada", "", itemA)
	one := func(name string) gis.Upload { return gis.BytesUpload(name, []byte(name)) }
	ok(t, it.Update(t.Context(), gis.ItemUpdate{}, gis.WithBanner(one("b.png")), gis.WithLargeThumbnail(one("l.png")), gis.WithScreenshots(one("s.png"), one("z.png")), gis.WithoutRefresh()))
	sent := f.of(update)[0].files
	if sent["banner"] != "b.png: b.png" || sent["largeThumbnail"] != "l.png: l.png" || sent["screenshot"] != "s.png: s.png" {
		t.Errorf("sent %v", sent)
	}
	it.Thumbnail, it.Banner, it.Screenshots, it.TypeKeywords = "thumbnail/t.png", "banner/b.png", []string{"screenshots/1.png", "screenshots/2.png"}, []string{"Metadata"}
	if got := it.InfoFiles(); !slices.Equal(got, []string{"thumbnail/t.png", "banner/b.png", "screenshots/1.png", "screenshots/2.png", "metadata/metadata.xml"}) {
		t.Errorf("info files %v", got)
	}
}
