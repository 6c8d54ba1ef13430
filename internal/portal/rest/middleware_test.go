package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// lines decodes the log.
func (rg *rig) lines(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for line := range strings.Lines(rg.log.String()) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("log line %q: %v", line, err)
		}
		out = append(out, v)
	}
	return out
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "users/{username}", Handle: func(_ context.Context, r *Request) (any, error) { return Object{"t": r.Str("title")}, nil }})
	rg.call(t, http.MethodPost, "/portal/users/jo?token=good-ada&f=json", formType, "title=x&Later=hunter22&Extra=1")
	rg.call(t, http.MethodPost, "/portal/users/good-secret?token=stolen-token&f=json", formType, "")
	log := rg.log.String()
	for _, leak := range []string{"good-ada", "hunter22", "stolen-token", "good-secret", "token=", "title=x"} {
		if strings.Contains(log, leak) {
			t.Errorf("the log holds %q:\n%s", leak, log)
		}
	}
	var access, unknown []map[string]any
	for _, l := range rg.lines(t) {
		switch l["msg"] {
		case "request":
			access = append(access, l)
		case "parameters not known":
			unknown = append(unknown, l)
		}
	}
	if len(access) != 2 || len(unknown) != 1 {
		t.Fatalf("got %d access lines and %d of unknown parameters:\n%s", len(access), len(unknown), log)
	}
	first, second := access[0], access[1]
	if first["op"] != "users/{username}" || first["user"] != "ada" || first["outcome"] != "ok" || first["status"] != 200.0 ||
		first["method"] != "POST" || first["request"] == "" || first["out"].(float64) < 5 || first["in"].(float64) != 30 {
		t.Errorf("first line %v", first)
	}
	if second["outcome"] != "498" || second["user"] != "" {
		t.Errorf("second line %v", second)
	}
	if names, ok := unknown[0]["names"].([]any); !ok || len(names) != 2 || names[0] != "extra" || names[1] != "later" {
		t.Errorf("unknown parameters %v", unknown[0])
	}
}

// Names of parameters are a caller's own words, and may hold what was meant as a value.
//
// Guard: Request.unasked.
func TestNoSecretIsLoggedAsAName(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "doc", Handle: nop})
	const secret = "hunter22"
	for _, body := range []string{
		`{"username":"ada","password":"hunter22"}`, "password=abc&hunter22", "newPassword=1&hunter22=", "client_secret=x&HUNTER22",
		"token+hunter22", "Bearer%20hunter22=1", strings.Repeat("x", 50) + "hunter22",
	} {
		rg.call(t, http.MethodPost, "/portal/doc?f=json", formType, body)
	}
	if log := strings.ToLower(rg.log.String()); strings.Contains(log, secret) || !strings.Contains(log, `"msg":"request"`) {
		t.Errorf("the log holds the secret, or nothing:\n%s", log)
	}
}
