package gis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
)

func TestNewAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"https://host/portal", "https://host/portal"},
		{"https://HOST/portal/", "https://host/portal"},
		{" https://host:7443/arcgis/home/index.html ", "https://host:7443/arcgis"},
		{"https://host/portal/home/item.html?id=1#x", "https://host/portal"},
		{"https://host/portal/sharing/rest", "https://host/portal"},
		{"https://host/portal/sharing/rest/content/items/1", "https://host/portal"},
		{"https://host/a/b/portaladmin", "https://host/a/b"},
		{"https://org.maps.arcgis.com", "https://org.maps.arcgis.com"},
		{"https://www.arcgis.com/home", "https://www.arcgis.com"},
		{"org.maps.arcgis.com", "https://org.maps.arcgis.com"},
		{"host/portal", "https://host/portal"},
		{"http://localhost:8080/portal", "http://localhost:8080/portal"},
		{"http://127.0.0.1/portal", "http://127.0.0.1/portal"},
		{"http://[::1]:80/portal", "http://[::1]:80/portal"},
	}
	for _, tt := range tests {
		p, err := gis.New(tt.in, auth.Password("a", "b"))
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if p.URL() != tt.want || p.RESTURL() != tt.want+"/sharing/rest" {
			t.Errorf("%s: %s, want %s", tt.in, p.URL(), tt.want)
		}
	}
	for _, in := range []string{"", "  ", "ftp://host/portal", "https://", "https://user:hunter2@host/portal", "https://host:port/portal", "://x"} {
		p, err := gis.New(in, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, %v", in, p, err)
		}
	}
}

func TestNewKeepsCredentialsOffHTTP(t *testing.T) {
	t.Parallel()
	for _, by := range []auth.Method{auth.Password("a", "hunter2"), auth.Token("hunter2")} {
		_, err := gis.New("http://host/portal", by)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("err = %v", err)
		}
		_, err = gis.New("http://host/portal", by, gis.WithInsecureHTTP())
		ok(t, err)
	}
	_, err := gis.New("http://host/portal", nil)
	ok(t, err)
}

func TestNewOptions(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]gis.Option{
		"no certificate":            {gis.WithCA([]byte("hello"))},
		"certificate and transport": {gis.WithInsecureSkipVerify(), gis.WithTransport(http.NewFileTransport(http.Dir(".")))},
		"no requests":               {gis.WithConcurrency(0)},
		"nil client":                {gis.WithHTTPClient(nil)},
		"nil transport":             {gis.WithTransport(nil)},
		"nil pacer":                 {gis.WithPacer(nil)},
	} {
		if _, err := gis.New("https://h/p", nil, opts...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, self) }))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	defer srv.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	for name, tt := range map[string]struct {
		opts []gis.Option
		ok   bool
	}{
		"unknown authority": {nil, false},
		"authority given":   {[]gis.Option{gis.WithCA(ca)}, true},
		"not verified":      {[]gis.Option{gis.WithInsecureSkipVerify()}, true},
		"client given":      {[]gis.Option{gis.WithHTTPClient(srv.Client())}, true},
		"transport given":   {[]gis.Option{gis.WithTransport(srv.Client().Transport)}, true},
	} {
		p := must(gis.New(srv.URL+"/portal", nil, tt.opts...))(t)
		err := p.Connect(t.Context())
		p.Close()
		if (err == nil) != tt.ok || err != nil && (!errors.Is(err, gis.ErrTransport) || gis.Retryable(err)) {
			t.Errorf("%s: %v, retryable %v", name, err, gis.Retryable(err))
		}
	}
}

func TestConnectToSomethingElse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		kind    gis.Kind
	}{
		"a web page":  {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Welcome</html>") }, gis.ErrProtocol},
		"nothing":     {http.NotFound, gis.ErrUnsupported},
		"empty":       {func(http.ResponseWriter, *http.Request) {}, gis.ErrProtocol},
		"a forbidden": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, gis.ErrDenied},
	} {
		srv := httptest.NewServer(tt.handler)
		p := must(gis.New(srv.URL, nil))(t)
		if err := p.Connect(t.Context()); !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v, want kind %q", name, err, tt.kind)
		}
		p.Close()
		srv.Close()
	}
}

func TestSelf(t *testing.T) {
	t.Parallel()
	p, f := setup(t, map[string]string{"GET portals/self": recorded(t, "portals_self_agol.json")})
	s := must(p.Self(t.Context()))(t)
	if s.ID != "org1234567890" || s.PortalName != "ArcGIS Online" || s.IsPortal || s.CurrentVersion != "7.2" || s.URLKey != "myorg" || s.User != nil ||
		s.GroupQueries["stylesGroupQuery"] != `title:"Esri Styles" AND owner:esri_en` || s.GroupQueries["featuredItemsGroupQuery"] != "" || len(s.HelperServices) == 0 {
		t.Errorf("self = %+v", s)
	}
	sameJSON(t, must(json.Marshal(s))(t), recorded(t, "portals_self_agol.json"))
	must(p.Self(t.Context()))(t)
	if n := len(f.of("GET portals/self")); n != 1 {
		t.Errorf("read %d times", n)
	}
	must(p.Refresh(t.Context()))(t)
	if n := len(f.of("GET portals/self")); n != 2 {
		t.Errorf("read %d times after refreshing", n)
	}
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	online := func(v string) string {
		return `{"portalMode":"multitenant","portalName":"ArcGIS Online","isPortal":false,"currentVersion":"` + v + `"}`
	}
	enterprise := func(v string) string {
		return `{"portalMode":"singletenant","isPortal":true,"currentVersion":` + v + `}`
	}
	tests := []struct {
		name, self string
		want       gis.Features
	}{
		{"online", online("2024.1"), gis.Features{Kind: gis.KindOnline, Version: "2024.1", HasUserTypes: true, HasMemberDefaults: true, HasDeleteThumbnail: true, HasSettings: true, HasGroupUserList: true}},
		{"11.1", enterprise(`"10.3"`), gis.Features{Kind: gis.KindEnterprise, Version: "10.3", HonorsItemIDToCreate: true, CreatesUsersByAdmin: true, HasUserTypes: true, HasMemberDefaults: true, HasDeleteThumbnail: true, HasSettings: true, HasGroupUserList: true, HasReassignItems: true}},
		{"10.7.1", enterprise(`7.1`), gis.Features{Kind: gis.KindEnterprise, Version: "7.1", CreatesUsersByAdmin: true, HasUserTypes: true}},
		{"10.5", enterprise(`"5.1"`), gis.Features{Kind: gis.KindEnterprise, Version: "5.1", CreatesUsersByAdmin: true}},
		{"garbled", enterprise(`"beta"`), gis.Features{Kind: gis.KindEnterprise, Version: "beta", CreatesUsersByAdmin: true}},
		{"recycle bin", strings.Replace(online("2024.1"), "{", `{"recycleBinSupported":true,"recycleBinEnabled":true,`, 1), gis.Features{Kind: gis.KindOnline, Version: "2024.1", HasUserTypes: true, HasMemberDefaults: true, HasDeleteThumbnail: true, HasSettings: true, HasGroupUserList: true, HasRecycleBin: true}},
	}
	for _, tt := range tests {
		p, _ := setup(t, map[string]string{"GET portals/self": tt.self})
		if got := must(p.Features(t.Context()))(t); got != tt.want {
			t.Errorf("%s: %+v\nwant %+v", tt.name, got, tt.want)
		}
	}
	p, _ := setup(t, map[string]string{"GET portals/self": `{"isPortal":true}`, "GET ": `{"currentVersion":"10.3"}`})
	if got := must(p.Features(t.Context()))(t); got.Version != "10.3" {
		t.Errorf("version = %q", got.Version)
	}
}

func TestPortal(t *testing.T) {
	t.Parallel()
	calls := []call{
		{name: "Refresh", op: "GET portals/self", answer: self, want: "f=json", do: func(ctx context.Context, p *gis.Portal) error { return p.Connect(ctx) }},
		{name: "Update", op: "POST portals/self/update", answer: success, want: `name=Acme&defaultExtent={"xmin":1}&allSSL=true&clearEmptyFields=true`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Update(ctx, map[string]any{"name": "Acme", "defaultExtent": map[string]int{"xmin": 1}, "allSSL": true})
			}},
		{name: "Settings", op: "GET portals/self/settings", answer: `{"informationalBanner":{}}`, do: func(ctx context.Context, p *gis.Portal) error { _, err := p.Settings(ctx); return err }},
		{name: "UpdateSettings", op: "POST portals/self/settings/update", answer: success, want: `informationalBanner={"enabled":false}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.UpdateSettings(ctx, map[string]any{"informationalBanner": map[string]bool{"enabled": false}})
			}},
		{name: "Call GET", op: "GET portals/self/resources", answer: `{"total":0}`, want: "num=3", do: func(ctx context.Context, p *gis.Portal) error {
			return p.Call(ctx, gis.Call{Path: "/portals/self/resources", Params: map[string][]string{"num": {"3"}}}, nil)
		}},
		{name: "Call POST", op: "POST portals/self/addResource", answer: success, want: "key=a", do: func(ctx context.Context, p *gis.Portal) error {
			return p.Call(ctx, gis.Call{Method: "POST", Path: "portals/self/addResource", Params: map[string][]string{"key": {"a"}}, Idempotent: true}, nil)
		}},
		{name: "Call portaladmin", op: "POST portaladmin/security/users/refreshMembership", answer: `{"status":"success"}`, want: "users=a", do: func(ctx context.Context, p *gis.Portal) error {
			return p.Call(ctx, gis.Call{Method: "POST", Path: "portaladmin/security/users/refreshMembership", Params: map[string][]string{"users": {"a"}}}, nil)
		}},
	}
	runCalls(t, calls)
	p, _ := setup(t, nil)
	isKind(t, p.Call(t.Context(), gis.Call{Method: "DELETE", Path: "x"}, nil), gis.ErrInvalid)
}

func TestHealth(t *testing.T) {
	t.Parallel()
	p, f := setup(t, map[string]string{"GET portaladmin/healthCheck": `{"status":"success"}`})
	ok(t, p.CheckHealth(t.Context()))
	f.first("GET portaladmin/healthCheck", `{"status":"error","messages":["The index is broken."]}`)
	if err := p.CheckHealth(t.Context()); err == nil || !strings.Contains(err.Error(), "index is broken") {
		t.Errorf("err = %v", err)
	}
	online, _ := setup(t, map[string]string{"GET portals/self": `{"currentVersion":"2024.1"}`, "GET info": `{"authInfo":{}}`})
	ok(t, online.CheckHealth(t.Context()))
}

func TestWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tries.Add(1)
		fmt.Fprint(w, `{"error":{"code":400,"message":"Unable to generate token.","details":["Invalid username or password."]}}`)
	}))
	defer srv.Close()
	p := must(gis.New(srv.URL, auth.Password("ada", "wrong")))(t)
	defer p.Close()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := p.Users.Me(t.Context())
			if !errors.Is(err, gis.ErrToken) || !strings.Contains(err.Error(), "Invalid username or password") {
				t.Errorf("err = %v", err)
			}
		})
	}
	wg.Wait()
	if n := tries.Load(); n != 1 {
		t.Errorf("the password was tried %d times", n)
	}
	isKind(t, p.Connect(t.Context()), gis.ErrToken)
	if n := tries.Load(); n != 2 {
		t.Errorf("Connect did not try again: %d", n)
	}
}

func TestOneSignInForAll(t *testing.T) {
	t.Parallel()
	p, f := setup(t, map[string]string{"GET community/users/grace": grace})
	for range 2 { // at the start, and after the token was rejected
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := p.Users.Get(t.Context(), "grace"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		f.mu.Lock()
		f.answers["GET community/users/grace"] = []string{badToken, badToken, badToken, grace}
		f.mu.Unlock()
	}
	if f.tokens != 2 {
		t.Errorf("signed in %d times, want 2", f.tokens)
	}
}

func TestGivenTokenIsNotRenewed(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string]string{"GET community/self": badToken})
	p := must(gis.New(f.url, auth.Token("example-given")))(t)
	defer p.Close()
	_, err := p.Users.Me(t.Context())
	isKind(t, err, gis.ErrToken)
	if n := len(f.of("GET community/self")); n != 1 || f.tokens != 0 {
		t.Errorf("%d requests, %d sign-ins", n, f.tokens)
	}
}

func TestRequestsSayWhoAsks(t *testing.T) {
	t.Parallel()
	f := newFake(t, nil)
	var log bytes.Buffer
	p := f.connect(gis.WithUserAgent("tests/1.0"), gis.WithReferer("https://ref"), gis.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	ok(t, p.Connect(t.Context()))
	for _, r := range f.seen {
		if r.header.Get("User-Agent") != "tests/1.0" || r.header.Get("Referer") != "https://ref" {
			t.Errorf("%s: %v", r.op, r.header)
		}
	}
	if r := f.of("POST generateToken")[0]; r.form.Get("referer") != "https://ref" || r.form.Get("username") != "ada" || bearer(r) != "" {
		t.Errorf("sign-in: %v", r.form)
	}
	if !strings.Contains(log.String(), `"op":"GET portals/self"`) || strings.Contains(log.String(), "difference-engine") || strings.Contains(log.String(), "example-token") {
		t.Errorf("log = %s", log.String())
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	var busy atomic.Int32
	busy.Store(2)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy.Add(-1) >= 0 {
			fmt.Fprint(w, `{"error":{"code":429,"message":"Too many requests.","details":[]}}`)
			return
		}
		fmt.Fprint(w, self)
	}))
	defer srv.Close()
	var mu sync.Mutex
	var reasons []string
	pacer := gis.NewPacer(2)
	p := must(gis.New(srv.URL, nil, gis.WithPacer(pacer), gis.WithPaceFunc(func(s gis.Pace) {
		mu.Lock()
		defer mu.Unlock()
		reasons = append(reasons, s.Reason)
	})))(t)
	defer p.Close()
	for range 12 {
		must(p.Refresh(t.Context()))(t)
	}
	mu.Lock()
	defer mu.Unlock()
	if s := p.Pace(); s.Max != 2 || s.Limit != 2 || s.Throttled != 2 || s.Retries != 2 || s.Requests != 14 || s.Reason != "" || s != pacer.Pace() {
		t.Errorf("pace = %+v", s)
	}
	if len(reasons) != 2 || !strings.Contains(reasons[0], "429") || reasons[1] != "" {
		t.Errorf("reasons = %q", reasons)
	}
}
