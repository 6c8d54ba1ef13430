package rest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

type file struct{ *strings.Reader }

func (file) Close() error { return nil }

func TestServeBytes(t *testing.T) {
	t.Parallel()
	modified := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	serve := func(b Bytes) HandlerFunc {
		return func(context.Context, *Request) (any, error) {
			b := b
			b.Reader, b.Modified = file{strings.NewReader("0123456789")}, modified
			return &b, nil
		}
	}
	rg := newRig(t,
		Route{Pattern: "csv", Handle: serve(Bytes{ContentType: "text/csv", Name: "a.csv", ETag: "abc"})},
		Route{Pattern: "page", Handle: serve(Bytes{ContentType: "Text/HTML; charset=utf-8", Name: "a.html", Public: true})},
		Route{Pattern: "svg", Handle: serve(Bytes{ContentType: "image/svg+xml"})},
		Route{Pattern: "broken", Handle: serve(Bytes{ContentType: "no type\r\nX-Evil: 1", Name: "a\r\nX-Evil: 1"})},
	)
	tests := []struct {
		name, method, path string
		header             []string
		status             int
		body               string
		want               map[string]string
	}{
		{"whole", "GET", "/portal/csv", nil, 200, "0123456789", map[string]string{
			"Content-Type": "text/csv", "Content-Disposition": `inline; filename="a.csv"`, "X-Content-Type-Options": "nosniff",
			"Etag": `"abc"`, "Accept-Ranges": "bytes", "Cache-Control": "private, no-store", "Content-Length": "10"}},
		{"f does not matter", "GET", "/portal/csv?f=json", nil, 200, "0123456789", nil},
		{"by POST", "POST", "/portal/csv", nil, 200, "0123456789", nil},
		{"range", "GET", "/portal/csv", []string{"Range", "bytes=2-4"}, 206, "234", map[string]string{"Content-Range": "bytes 2-4/10"}},
		{"stale range", "GET", "/portal/csv", []string{"Range", "bytes=2-4", "If-Range", `"other"`}, 200, "0123456789", nil},
		{"outside", "GET", "/portal/csv", []string{"Range", "bytes=20-"}, 416, "", map[string]string{"Content-Range": "bytes */10"}},
		{"not modified", "GET", "/portal/csv", []string{"If-None-Match", `"abc"`}, 304, "", nil},
		{"head", "HEAD", "/portal/csv", nil, 200, "", map[string]string{"Content-Length": "10"}},
		{"active type", "GET", "/portal/page", nil, 200, "0123456789", map[string]string{
			"Content-Disposition": `attachment; filename="a.html"`, "Cache-Control": "public, max-age=0, must-revalidate"}},
		{"active without a name", "GET", "/portal/svg", nil, 200, "0123456789", map[string]string{"Content-Disposition": "attachment"}},
		{"split headers", "GET", "/portal/broken", nil, 200, "0123456789", map[string]string{
			"Content-Type": "application/octet-stream", "X-Evil": "", "Content-Disposition": `inline; filename="a__X-Evil: 1"; filename*=UTF-8''a__X-Evil%3A%201`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, body := rg.call(t, tt.method, tt.path, "", "", tt.header...)
			if res.StatusCode != tt.status || (tt.status != 416 && body != tt.body) {
				t.Fatalf("got %d %q", res.StatusCode, body)
			}
			for k, v := range tt.want {
				if got := res.Header.Get(k); got != v {
					t.Errorf("%s: got %q, want %q", k, got, v)
				}
			}
			if tt.status == 200 && !strings.HasSuffix(res.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("policy %q", res.Header.Get("Content-Security-Policy"))
			}
		})
	}
}

var _ io.ReadSeekCloser = file{}

func TestDisposition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		attachment bool
		name, want string
	}{
		{false, "", ""},
		{true, "", "attachment"},
		{false, "plain name.txt", `inline; filename="plain name.txt"`},
		{true, "Müller.csv", `attachment; filename="M_ller.csv"; filename*=UTF-8''M%C3%BCller.csv`},
		{true, `a"b\c%d`, `attachment; filename="a_b_c_d"; filename*=UTF-8''a%22b%5Cc%25d`},
		{true, "a/b", `attachment; filename="a_b"; filename*=UTF-8''a%2Fb`},
	}
	for _, tt := range tests {
		if got := disposition(tt.attachment, tt.name); got != tt.want {
			t.Errorf("disposition(%q) = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestHeadOfDocument(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "doc", Handle: nop})
	res, body := rg.call(t, http.MethodHead, "/portal/doc?f=json", "", "")
	if res.StatusCode != 200 || body != "" || res.Header.Get("Content-Length") != "2" {
		t.Errorf("got %d %q %v", res.StatusCode, body, res.Header)
	}
}
