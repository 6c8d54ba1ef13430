package serve

import (
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// monitored starts a server with a monitor and returns its address.
func monitored(t *testing.T, profile bool) (*running, string) {
	t.Helper()
	r := start(t, Options{Dir: t.TempDir(), Monitor: "127.0.0.1:0", Profile: profile, AdminPassword: "metrics-never-show-1"})
	m := regexp.MustCompile(`metrics: (http://\S+)/metrics`).FindStringSubmatch(r.out.String())
	if m == nil {
		t.Fatalf("the operator is not told of the monitor:\n%s", r.out)
	}
	return r, m[1]
}

func fetch(t *testing.T, address, host string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestMonitorCounts(t *testing.T) {
	t.Parallel()
	r, monitor := monitored(t, false)
	for _, path := range []string{"/sharing/rest/info?f=json", "/sharing/rest/info?f=json", "/sharing/rest/community/self?f=json&token=secret-token-1", "/nothing/here"} {
		fetch(t, r.url+path, "")
	}
	status, text := fetch(t, monitor+"/metrics", "")
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, text)
	}
	for _, want := range []string{
		`rhumb_requests_total{method="GET",outcome="ok",route="sharing/rest/info"} 2`,
		`rhumb_requests_total{method="GET",outcome="498",route="sharing/rest/community/self"} 1`,
		`rhumb_requests_total{method="GET",outcome="404",route="none"} 1`,
		`rhumb_request_duration_seconds_count{route="sharing/rest/info"} 2`,
		`rhumb_objects{kind="member"} 6`, `rhumb_objects{kind="token"} 0`, `rhumb_objects{kind="blob"} 0`,
		"rhumb_connections_limit 2000", "rhumb_connections_open ", "rhumb_connections_refused_total 0", "rhumb_connections_dropped_total 0",
		"rhumb_writer_waiting ", "rhumb_writer_commits_total", "rhumb_blob_bytes ", "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, secret := range []string{"secret-token-1", "metrics-never-show-1"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics hold %s", secret)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// The portal's own listener says nothing of the monitor, the monitor nothing of the portal, and
// neither shows profiles that nobody asked for.
func TestMonitorIsApart(t *testing.T) {
	t.Parallel()
	r, monitor := monitored(t, false)
	root := strings.TrimSuffix(r.url, "/portal")
	for _, address := range []string{root + "/metrics", r.url + "/metrics", root + "/debug/pprof/", monitor + "/debug/pprof/", monitor + "/portal/sharing/rest/info"} {
		if status, _ := fetch(t, address, ""); status != http.StatusNotFound {
			t.Errorf("%s: status %d", address, status)
		}
	}
	if status, _ := fetch(t, monitor+"/metrics", "evil.example.org"); status != http.StatusForbidden {
		t.Errorf("by the name of another host: status %d", status)
	}
}

func TestMonitorProfiles(t *testing.T) {
	t.Parallel()
	_, monitor := monitored(t, true)
	if status, text := fetch(t, monitor+"/debug/pprof/goroutine?debug=1", ""); status != http.StatusOK || !strings.Contains(text, "goroutine profile") {
		t.Errorf("status %d: %.100s", status, text)
	}
}

func TestMonitorOptions(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tt := range []struct {
		o    Options
		want string
	}{
		{Options{Monitor: ":7090"}, "--monitor"},
		{Options{Monitor: "0.0.0.0:7090"}, "--monitor"},
		{Options{Monitor: "gis.example.org:7090"}, "--monitor"},
		{Options{Monitor: "7090"}, "--monitor"},
		{Options{Profile: true}, "--pprof"},
		{Options{Monitor: taken.Addr().String()}, "--monitor"},
	} {
		tt.o.Dir, tt.o.Out, tt.o.Listen = t.TempDir(), io.Discard, "127.0.0.1:0"
		err := Run(t.Context(), tt.o)
		var wrong *OptionError
		if err == nil || !strings.Contains(err.Error(), tt.want) || tt.o.Monitor != taken.Addr().String() && !errors.As(err, &wrong) {
			t.Errorf("%+v: %v", tt.o, err)
		}
	}
}
