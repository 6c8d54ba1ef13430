package oauth

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

// values is a Form.
type values map[string]string

func (v values) Str(name string) string { return v[name] }
func (v values) Has(name string) bool   { _, ok := v[name]; return ok }

func TestRefererFits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		bound, got string
		want       bool
	}{
		{"", "https://anything.test/", true},
		{"https://app.test", "", true},
		{"https://app.test", "https://app.test", true},
		{"https://app.test", "https://APP.test/page?x", true},
		{"https://app.test", "https://app.test.evil.test/", false},
		{"https://app.test", "https://evil.test/https://app.test", false},
		{"https://app.test", "http://app.test/", false},
		{"https://app.test:8443", "https://app.test/", false},
		{"https://app.test/maps", "https://app.test/maps/1", true},
		{"https://app.test/maps", "https://app.test/mapsandmore", false},
		{"https://app.test/maps/", "https://app.test/", true}, // cut down by the browser
		{"https://app.test/maps", "https://app.test/other", false},
		{"http", "http", true},
		{"http", "https://gis.test/portal", true},
		{"https", "https://gis.test/portal", true},
		{"https", "http://gis.test/portal", false},
		{"@esri/arcgis-rest-js", "@esri/arcgis-rest-js", true},
		{"@esri/arcgis-rest-js", "https://evil.test/@esri/arcgis-rest-js", false},
		{"app.test", "https://app.test/x", true},
		{"app.test:8443", "https://app.test:8443/x", true},
		{"app.test", "https://app.test.evil.test/", false},
	}
	for _, tt := range tests {
		if got := refererFits(tt.bound, tt.got); got != tt.want {
			t.Errorf("refererFits(%q, %q) = %v", tt.bound, tt.got, got)
		}
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	def, most := time.Hour, 24*time.Hour
	tests := []struct {
		in      string
		want    time.Duration
		wantErr bool
	}{
		{"", def, false}, {"None", def, false}, {"0", def, false}, {"60", time.Hour, false}, {"90.5", 90*time.Minute + 30*time.Second, false},
		{"525600", most, false}, {"1e300", most, false}, {"-1", most, false}, {"1e999", most, false}, {"0.01", time.Minute, false},
		{"soon", 0, true}, {"NaN", 0, true},
	}
	for _, tt := range tests {
		got, err := lifetime(values{"expiration": tt.in}, "expiration", def, most)
		if (err != nil) != tt.wantErr || got != tt.want {
			t.Errorf("%q: got %v, %v", tt.in, got, err)
		}
	}
}

func TestBinding(t *testing.T) {
	t.Parallel()
	h := &http.Request{RemoteAddr: "[::ffff:192.0.2.7]:1234"}
	tests := []struct {
		name        string
		form        values
		referer, ip string
		wantErr     bool
	}{
		{"nothing", values{}, "", "", false},
		{"referer alone", values{"referer": "http"}, "http", "", false},
		{"referer", values{"client": "referer", "referer": "https://a.test"}, "https://a.test", "", false},
		{"referer missing", values{"client": "referer"}, "", "", true},
		{"ip", values{"client": "ip", "ip": "192.0.2.9"}, "", "192.0.2.9", false},
		{"ip missing", values{"client": "ip"}, "", "", true},
		{"no ip", values{"client": "ip", "ip": "here"}, "", "", true},
		{"requestip", values{"client": "RequestIP"}, "", "192.0.2.7", false},
		{"unknown", values{"client": "cookie"}, "", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			referer, ip, err := binding(h, tt.form)
			if (err != nil) != tt.wantErr || referer != tt.referer || ip != tt.ip {
				t.Errorf("got %q %q %v", referer, ip, err)
			}
		})
	}
}

func TestRedirectAllowed(t *testing.T) {
	t.Parallel()
	at := func(base string) *Service {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		return &Service{base: u}
	}
	public, local := at("https://gis.test/portal"), at("http://127.0.0.1:7080/portal")
	tests := []struct {
		s       *Service
		address string
		want    bool
	}{
		{public, outOfBand, true},
		{public, "https://gis.test", true},
		{public, "https://GIS.test:443/any/path?x=1", true},
		{public, "http://gis.test/", false},
		{public, "https://gis.test:8443/", false},
		{public, "https://evil.test/", false},
		{public, "https://gis.test.evil.test/", false},
		{public, "https://gis.test@evil.test/", false},
		{public, "https://user@gis.test/", false},
		{public, "https://evil.test\\@gis.test/", false},
		{public, "//gis.test/", false},
		{public, "/path", false},
		{public, "", false},
		{public, "javascript:alert(1)", false},
		{public, "https://gis.test/#x", false},
		{public, "https://gis.test/\r\nX: 1", false},
		{public, "https://gis.test/\tx", false},
		{local, "http://localhost:7080/app", true},
		{local, "http://[::1]:7080", true},
		{local, "http://localhost:7081", false},
		{local, "http://192.0.2.1:7080", false},
	}
	for _, tt := range tests {
		if got := tt.s.redirectAllowed(&client{id: "pythonapi"}, tt.address); got != tt.want {
			t.Errorf("%s at %s: %v", tt.address, tt.s.base, got)
		}
	}
	for address, want := range map[string]bool{
		"https://gis.test/portal": true, "gis.test/server": true, "https://gis.test/server/rest/services": true,
		"https://evil.test/server": false, "evil.test": false, "http://gis.test/server": false,
	} {
		if got := public.ownServer(address); got != want {
			t.Errorf("server %s: %v", address, got)
		}
	}
}
