package portaltest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(p.URL, "/portal")+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("status %s", res.Status)
	}
}
