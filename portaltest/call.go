package portaltest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Token signs a member in by generateToken.
func (p *Portal) Token(t testing.TB, username, password string) string {
	t.Helper()
	v := p.Call(t, "", "sharing/rest/generateToken", url.Values{"username": {username}, "password": {password}})
	token, ok := v["token"].(string)
	if !ok {
		t.Fatalf("portaltest: sign in as %s: %v", username, v)
	}
	return token
}

// AdminToken signs the first administrator in.
func (p *Portal) AdminToken(t testing.TB) string {
	t.Helper()
	return p.Token(t, p.Admin, p.AdminPassword)
}

// Call posts to a path below the portal's address with f=json and returns the document of
// the answer, which may be an error envelope. An empty token calls anonymously.
func (p *Portal) Call(t testing.TB, token, path string, params url.Values) map[string]any {
	t.Helper()
	form := url.Values{"f": {"json"}}
	for k, v := range params {
		form[k] = v
	}
	if token != "" {
		form.Set("token", token)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatalf("portaltest: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := p.HTTPClient().Do(req)
	if err != nil {
		t.Fatalf("portaltest: %v", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("portaltest: read the answer of %s: %v", path, err)
	}
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatalf("portaltest: %s answered %s with no JSON object: %.200q", path, res.Status, body)
	}
	return doc
}
