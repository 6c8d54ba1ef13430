package rest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func answering(v any, err error) HandlerFunc {
	return func(context.Context, *Request) (any, error) { return v, err }
}

func TestFormats(t *testing.T) {
	t.Parallel()
	rg := newRig(t,
		Route{Pattern: "doc", Handle: answering(Object{"text": "<b>&", "n": 1}, nil)},
		Route{Pattern: "token", JSON: true, Handle: answering(Object{"n": 1}, nil)},
		Route{Pattern: "page", Plain: true, Handle: answering(HTML{Body: []byte("<p>hi")}, nil)},
		Route{Pattern: "away", Plain: true, Handle: answering(Redirect{"https://portal.test/x#y"}, nil)},
	)
	tests := []struct {
		name, path, wantType, wantBody string
		status                         int
	}{
		{"json", "/portal/doc?f=json", "application/json;charset=utf-8", `{"n":1,"text":"<b>&"}`, 200},
		{"json in any case", "/portal/doc?F=JSON", "application/json;charset=utf-8", `{"n":1,"text":"<b>&"}`, 200},
		{"pjson", "/portal/doc?f=pjson", "application/json;charset=utf-8", "{\n  \"n\": 1,\n  \"text\": \"<b>&\"\n}", 200},
		{"json where f is missing", "/portal/token", "application/json;charset=utf-8", `{"n":1}`, 200},
		{"page", "/portal/page?f=json", "text/html;charset=utf-8", "<p>hi", 200},
		{"redirect", "/portal/away", "", "", 302},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, body := rg.call(t, http.MethodGet, tt.path, "", "")
			if res.StatusCode != tt.status || res.Header.Get("Content-Type") != tt.wantType || body != tt.wantBody {
				t.Errorf("got %d %q %q", res.StatusCode, res.Header.Get("Content-Type"), body)
			}
			if res.Header.Get("X-Request-Id") == "" || res.ContentLength != int64(len(tt.wantBody)) {
				t.Errorf("headers %v", res.Header)
			}
		})
	}
}

func TestHTMLPageEscapes(t *testing.T) {
	t.Parallel()
	rg := newRig(t,
		Route{Pattern: "sharing/rest", Handle: answering(Object{}, nil)},
		Route{Pattern: "sharing/rest/doc", Handle: answering(Object{
			"title": `<script>alert(1)</script>`, "url": "javascript:alert(1)", "home": "http://portal.test/portal/x",
			"results": []Object{{"id": "0123", "type": "Web Map", "owner": "a b"}},
		}, nil)},
		Route{Pattern: "sharing/rest/doc/child", Handle: nop},
		Route{Pattern: "sharing/rest/doc/change", Write: true, Handle: nop},
	)
	for _, path := range []string{"/portal/sharing/rest/doc", "/portal/sharing/rest/doc?f=html"} {
		res, body := rg.call(t, http.MethodGet, path, "", "")
		if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
			t.Errorf("policy %q", csp)
		}
		for _, want := range []string{
			"&lt;script&gt;alert(1)&lt;/script&gt;", `href="http://portal.test/portal/sharing/rest/doc/child"`, "<li>change</li>",
			`href="http://portal.test/portal/sharing/rest/content/items/0123"`, `href="http://portal.test/portal/sharing/rest/community/users/a%20b"`,
			`href="http://portal.test/portal/x"`, `href="http://portal.test/portal/sharing/rest"`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %s:\n%s", want, body)
			}
		}
		if strings.Contains(body, "<script") || strings.Contains(body, `href="javascript`) {
			t.Errorf("the page is active:\n%s", body)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	rg := newRig(t,
		Route{Pattern: "denied", Handle: answering(nil, fmt.Errorf("wrapped: %w", portal.ErrDenied("the privilege x")))},
		Route{Pattern: "internal", Handle: answering(nil, errors.New("the disk said no"))},
		Route{Pattern: "nothing", Handle: answering(nil, nil)},
		Route{Pattern: "panics", Handle: func(context.Context, *Request) (any, error) { panic("oh") }},
		Route{Pattern: "file", Handle: answering(nil, withStatus(400, portal.ErrNotSupported("That")))},
		Route{Pattern: "write", Write: true, Handle: nop},
		Route{Pattern: "both", Write: true, Get: true, Handle: nop},
		Route{Pattern: "refusing", Refuse: []string{"bulk"}, Handle: nop},
	)
	tests := []struct {
		name, method, path, body string
		status, code             int
	}{
		{"public", "GET", "/portal/denied?f=json", "", 200, 403},
		{"internal", "GET", "/portal/internal?f=json", "", 200, 500},
		{"no answer", "GET", "/portal/nothing?f=json", "", 200, 500},
		{"panic", "GET", "/portal/panics?f=json", "", 200, 500},
		{"own status", "GET", "/portal/file", "", 400, 400},
		{"write by GET", "GET", "/portal/write?f=json", "", 200, 405},
		{"write by GET where clients do", "GET", "/portal/both?f=json", "", 200, 0},
		{"method", "DELETE", "/portal/write?f=json", "", 405, 405},
		{"unknown path", "GET", "/portal/what?f=json", "", 404, 404},
		{"other context", "GET", "/what?f=json", "", 404, 404},
		{"unknown format", "GET", "/portal/both?f=rss", "", 200, 400},
		{"JSONP", "GET", "/portal/both?f=json&callback=x", "", 200, 400},
		{"refused", "POST", "/portal/refusing?f=json", "Bulk=1", 200, 400},
		{"refused but blank", "POST", "/portal/refusing?f=json", "bulk=&bulk=None", 200, 0},
		{"bad token", "POST", "/portal/both?f=json", "token=bad", 200, 498},
		{"broken escapes", "POST", "/portal/both?f=json", "x=%", 200, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ct := ""
			if tt.method == "POST" {
				ct = formType
			}
			res, body := rg.call(t, tt.method, tt.path, ct, tt.body)
			e := errorOf(t, body)
			if res.StatusCode != tt.status || e.Code != tt.code {
				t.Errorf("got %d %s", res.StatusCode, body)
			}
			if e.Code != 0 && !strings.Contains(body, `"details":[`) {
				t.Errorf("details is no list: %s", body)
			}
			if strings.Contains(body, "disk") || strings.Contains(body, "oh") {
				t.Errorf("the cause leaks: %s", body)
			}
			if e.Code == 500 && !strings.Contains(rg.log.String(), res.Header.Get("X-Request-Id")) {
				t.Error("the log does not know the request")
			}
		})
	}
}

func TestErrorPageForBrowsers(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "denied", Handle: answering(nil, portal.ErrDenied(""))})
	res, body := rg.call(t, "GET", "/portal/denied", "", "", "Accept", "text/html,*/*")
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") || !strings.Contains(body, "You do not have permissions") {
		t.Errorf("a browser got %q", body)
	}
	if _, body = rg.call(t, "GET", "/portal/denied", "", ""); errorOf(t, body).Code != 403 {
		t.Errorf("a program got %q", body)
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "doc", Handle: nop}, Route{Pattern: "page", Plain: true, Handle: nop})
	res, _ := rg.call(t, "OPTIONS", "/portal/doc", "", "", "Origin", "https://app.test", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-esri-authorization")
	hd := res.Header
	if res.StatusCode != 204 || hd.Get("Access-Control-Allow-Origin") != "*" || hd.Get("Access-Control-Allow-Credentials") != "" ||
		!strings.Contains(hd.Get("Access-Control-Allow-Headers"), "X-Esri-Authorization") {
		t.Errorf("%d %v", res.StatusCode, hd)
	}
	res, _ = rg.call(t, "GET", "/portal/page", "", "", "Origin", "https://app.test")
	if res.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("other sites may read the sign-in page")
	}
}

func TestTokenPrecedence(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "who", Handle: echo}, Route{Pattern: "own", NoToken: true, Handle: echo})
	tests := []struct {
		name, path, body string
		header           []string
		want             string
	}{
		{"none", "/portal/who", "", nil, ""},
		{"query", "/portal/who?token=good-q", "", nil, "q"},
		{"body", "/portal/who", "token=good-b", nil, "b"},
		{"parameter over headers", "/portal/who", "token=good-b", []string{"X-Esri-Authorization", "Bearer good-x"}, "b"},
		{"X-Esri-Authorization over Authorization", "/portal/who", "", []string{"X-Esri-Authorization", "Bearer good-x", "Authorization", "Bearer good-a"}, "x"},
		{"Authorization", "/portal/who", "", []string{"Authorization", "bearer good-a"}, "a"},
		{"other schemes are no token", "/portal/who", "", []string{"Authorization", "Basic Z29vZC1h"}, ""},
		{"blank parameter", "/portal/who", "token=", []string{"Authorization", "Bearer good-a"}, "a"},
		{"operation without caller", "/portal/own", "token=bad", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sep := "?"
			if strings.Contains(tt.path, "?") {
				sep = "&"
			}
			_, body := rg.call(t, "POST", tt.path+sep+"f=json", formType, tt.body, tt.header...)
			var v struct{ User string }
			if err := json.Unmarshal([]byte(body), &v); err != nil || v.User != tt.want || errorOf(t, body).Code != 0 {
				t.Errorf("got %s, want %q", body, tt.want)
			}
		})
	}
}

func TestHTTP10GetsALength(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "doc", Handle: answering(Object{"long": strings.Repeat("x", 100_000)}, nil)})
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(rg.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /portal/doc HTTP/1.0\r\nContent-Type: "+formType+"\r\nContent-Length: 6\r\n\r\nf=json"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.ContentLength < 100_000 || len(res.TransferEncoding) > 0 {
		t.Errorf("length %d, encoding %v", res.ContentLength, res.TransferEncoding)
	}
}

func TestFrontPageAndHealth(t *testing.T) {
	t.Parallel()
	rg := newRig(t)
	if res, body := rg.call(t, "GET", "/", "", ""); res.StatusCode != 200 || !strings.Contains(body, `href="http://portal.test/portal"`) {
		t.Errorf("/ answered %d %s", res.StatusCode, body)
	}
	if res, body := rg.call(t, "GET", "/healthz", "", ""); res.StatusCode != 200 || body != "ok\n" {
		t.Errorf("/healthz answered %d %s", res.StatusCode, body)
	}
}

func TestIndentingIsBounded(t *testing.T) {
	t.Parallel()
	shallow := json.RawMessage(`{"a":["x,y",{"b":"\"["}]}`)
	b, err := marshal(shallow, true)
	if err != nil || string(b) != "{\n  \"a\": [\n    \"x,y\",\n    {\n      \"b\": \"\\\"[\"\n    }\n  ]\n}" {
		t.Errorf("%s, %v", b, err)
	}
	deep := json.RawMessage(strings.Repeat("[", 9000) + strings.Repeat("]", 9000))
	if b, err = marshal(deep, true); err != nil || len(b) != len(deep) {
		t.Errorf("%d bytes of nested lists became %d, %v", len(deep), len(b), err)
	}
}
