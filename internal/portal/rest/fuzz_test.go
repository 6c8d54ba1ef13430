package rest

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Whatever a query holds, its parameters are text, within bounds, and read by their first value
// in any case; what net/url reads, this reads alike.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "a=1&A=2", "a=%zz", "a=b;c=d", "token=x&token=y", "%00=%ff", "=&=&&", "a[]=1&a[]=2", "f=json&F=html", "k=" + strings.Repeat("%20", 50), `{"a":1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := &Request{params: map[string][]string{}}
		if err := r.addForm(query); err != nil {
			var public *portal.Error
			if !errors.As(err, &public) || public.Code != 400 {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		n := 0
		for name, values := range r.params {
			if n += len(values); name != strings.ToLower(name) || len(values) == 0 || r.Str(strings.ToUpper(name)) != values[0] && strings.ToLower(strings.ToUpper(name)) == name {
				t.Errorf("%q: %q is %q", query, name, values)
			}
			for _, v := range values {
				if !utf8.ValidString(v) {
					t.Errorf("%q: %q is no text", query, v)
				}
			}
		}
		want, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		for _, values := range want {
			n -= len(values)
		}
		if n != 0 {
			t.Errorf("%q: net/url reads %d values less", query, n)
		}
		_, _ = r.List("a")
		_, _ = r.Bool("a", false)
		_, _ = r.Int("a", 0)
		var v any
		_, _ = r.JSON("a", &v)
	})
}

// A multipart body is read or refused, never a panic or a failure of ours, and names of files
// hold neither folders nor control characters.
func FuzzMultipart(f *testing.F) {
	const boundary = "b"
	var whole bytes.Buffer
	mw := multipart.NewWriter(&whole)
	if err := mw.SetBoundary(boundary); err != nil {
		f.Fatal(err)
	}
	_ = mw.WriteField("token", "good-jo")
	p, _ := mw.CreateFormFile("file", `..\..\a/b.csv`)
	_, _ = p.Write([]byte("x"))
	_ = mw.Close()
	for _, s := range []string{
		whole.String(), whole.String()[:whole.Len()-4], "--b--\r\n", "", "--b\r\n\r\n\r\n--b--", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
		"--b\r\nContent-Disposition: form-data; name=a; filename=\"..\"\r\n\r\nx\r\n--b--\r\n", "--b\r\nContent-Disposition: form-data; name=a; name=b; filename*=utf-8''%2e%2e%2fx\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=00\r\n--b--\r\n",
		"--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"x\x00\r\ny\"\r\n\r\n\r\n--b--\r\n", "--b\r\n" + strings.Repeat("X: y\r\n", 200) + "\r\n\r\n--b--\r\n",
	} {
		f.Add(s)
	}
	s := New(Config{Blobs: &hashBlobs{}, Base: "http://portal.test/portal", Auth: goodTokens{}, Clock: clock.System{}})
	h := newHandler(s, &table{root: &node{}})
	f.Fuzz(func(t *testing.T, body string) {
		hr := httptest.NewRequest(http.MethodPost, "/portal/x", strings.NewReader(body))
		hr.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		r, err := h.parse(context.Background(), &Route{Files: true}, nil, httptest.NewRecorder(), hr)
		var public *portal.Error
		if err != nil && !errors.As(err, &public) {
			t.Fatalf("%q: %v", body, err)
		}
		for _, files := range r.files {
			for _, file := range files {
				if strings.ContainsAny(file.Name, "/\\\x00\r\n") || !utf8.ValidString(file.Name) {
					t.Errorf("a file is named %q", file.Name)
				}
			}
		}
	})
}

// A name and a type of a member make one header line each, which reads back as what was meant.
func FuzzFileHeaders(f *testing.F) {
	for _, s := range []string{"a.csv", "a\r\nSet-Cookie: x=1", `a"; filename="b.exe`, "ü\u202egpj.exe", "a;b=c", "\x00", "..", "%0d%0a", "\\\"", "text/html;charset=utf-7", "TEXT/HTML", "image/svg+xml; x=\"\r\n\"", "text/html\x00"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, name, kind string) {
		d := disposition(true, name)
		if strings.ContainsFunc(d, func(c rune) bool { return c < 0x20 || c > 0x7e }) {
			t.Errorf("the name %q makes %q", name, d)
		}
		how, params, err := mime.ParseMediaType(d)
		if err != nil || how != "attachment" || len(params) > 1 {
			t.Errorf("the name %q makes %q, which reads as %s %v: %v", name, d, how, params, err)
		}
		k := contentType(kind)
		if strings.ContainsFunc(k, func(c rune) bool { return c < 0x20 || c > 0x7e }) {
			t.Errorf("the type %q makes %q", kind, k)
		}
		if read, _, err := mime.ParseMediaType(k); err != nil || isActive(read) != isActive(k) {
			t.Errorf("the type %q is held for active %v, and reads as %q: %v", kind, isActive(k), read, err)
		}
	})
}

// No path leads to a segment that a file system would take for another folder.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"/", "/portal//x/", "/portal/../x", "/portal/%2e%2e/x", "/portal/%2f..%2f", "/%00", "/portal/a%5c..%5cb", "/" + strings.Repeat("a/", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		segments, ok := segmentsOf(&http.Request{URL: u})
		if !ok {
			return
		}
		for _, s := range segments {
			if s == "" || s == "." || s == ".." || strings.ContainsRune(s, 0) {
				t.Errorf("%q has the segment %q", path, s)
			}
		}
		if len(segments) > maxSegments {
			t.Errorf("%q has %d segments", path, len(segments))
		}
	})
}
