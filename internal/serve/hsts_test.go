package serve

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Guard: withHSTS in newHTTP.
func TestHSTS(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "off": "", "host": "max-age=31536000", "subdomains": "max-age=31536000; includeSubDomains",
	} {
		s := &server{o: &Options{HSTS: value}}
		for _, status := range []int{200, 302, 404, 500} {
			w := httptest.NewRecorder()
			s.o.Log = discard()
			s.newHTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })).
				Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if got := w.Header().Get("Strict-Transport-Security"); got != want {
				t.Errorf("%q, status %d: got %q, want %q", value, status, got, want)
			}
		}
	}
}
