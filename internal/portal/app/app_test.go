package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// broken is a store whose disk has gone.
type broken struct{ portal.Store }

var errGone = errors.New("the disk has gone")

func (broken) View(context.Context, func(portal.Tx) error) error   { return errGone }
func (broken) Update(context.Context, func(portal.Tx) error) error { return errGone }

func newBroken(t *testing.T, log io.Writer, collect func(context.Context) error) *App {
	t.Helper()
	a, err := New(Config{
		Store: broken{}, Base: "https://gis.test/portal", Log: slog.New(slog.NewTextHandler(log, nil)), Collect: collect,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestBrokenStore(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	a := newBroken(t, &log, nil)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	if w := get("/healthz"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("/healthz answered %d %s", w.Code, w.Body)
	}
	w := get("/portal/sharing/rest/community/self?f=json&token=x")
	if !strings.Contains(w.Body.String(), `"code":500`) || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("a request got %s", w.Body)
	}
	if !strings.Contains(log.String(), errGone.Error()) || !strings.Contains(log.String(), "request="+w.Header().Get("X-Request-Id")) {
		t.Errorf("the log does not say why:\n%s", log.String())
	}
}

func TestSweepGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	collected := 0
	a := newBroken(t, &log, func(context.Context) error {
		collected++
		return errors.New("one blob is stuck")
	})
	a.SweepOnce(t.Context())
	if collected != 1 || !strings.Contains(log.String(), "one blob is stuck") || !strings.Contains(log.String(), "the disk has gone") {
		t.Errorf("collected %d times, log:\n%s", collected, log.String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a.Sweep(ctx) // returns, though its next round is minutes away
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	a := newBroken(t, io.Discard, nil)
	seen := map[string]bool{}
	for _, r := range a.Routes() {
		seen[r.Pattern] = r.Write
	}
	for pattern, write := range map[string]bool{
		"sharing/rest/generateToken": false, "sharing/oauth2/signin": true, "sharing/rest/oauth2/signin": true, "sharing/rest/info": false,
	} {
		if got, ok := seen[pattern]; !ok || got != write {
			t.Errorf("%s: listed %v, changes state %v", pattern, ok, got)
		}
	}
}

func TestParseBase(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, want string // want empty: an error
	}{
		{"https://gis.test/portal", "https://gis.test/portal"},
		{"https://gis.test/portal//", "https://gis.test/portal"},
		{"http://127.0.0.1:7080/arcgis", "http://127.0.0.1:7080/arcgis"},
		{"https://[::1]:7443/portal", "https://[::1]:7443/portal"},
		{"gis.test/portal", ""}, {"ftp://gis.test/portal", ""}, {"https:///portal", ""}, {"https://:443/portal", ""},
		{"https://gis.test", ""}, {"https://gis.test/portal?x=1", ""}, {"https://u@gis.test/portal", ""}, {"https://gis.test/portal#x", ""}, {"://", ""},
	}
	for _, tt := range tests {
		u, err := ParseBase(tt.in, Enterprise)
		if (err == nil) != (tt.want != "") || (err == nil && u.String() != tt.want) {
			t.Errorf("%q: got %v, %v", tt.in, u, err)
		}
	}
	for in, want := range map[string]string{
		"https://acme.gis.test": "https://acme.gis.test", "http://127.0.0.1:7080/": "http://127.0.0.1:7080",
		"https://gis.test/portal": "", "https://gis.test/x": "", "gis.test": "", "https://gis.test?x=1": "",
	} {
		u, err := ParseBase(in, Online)
		if (err == nil) != (want != "") || (err == nil && u.String() != want) {
			t.Errorf("online %q: got %v, %v", in, u, err)
		}
	}
}
