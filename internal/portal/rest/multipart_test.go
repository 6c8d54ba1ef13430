package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

// part is one part of a body under test; a nil file is a field.
type part struct {
	name, fileName, value string
}

func body(t *testing.T, parts ...part) (contentType, text string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		d := fmt.Sprintf(`form-data; name="%s"`, p.name)
		if p.fileName != "" {
			d += fmt.Sprintf(`; filename="%s"`, p.fileName)
			h.Set("Content-Type", "text/csv")
		}
		h.Set("Content-Disposition", d)
		pw, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(pw, p.value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	routes := []Route{
		{Pattern: "files", Write: true, Files: true, Handle: echo},
		{Pattern: "plain", Write: true, Handle: echo},
	}
	big := strings.Repeat("x", 200_000)
	tests := []struct {
		name, path string
		parts      []part
		code       int
		message    string // part of the error
		user       string
		files      map[string]string // name to content
	}{
		{name: "token first", path: "files", parts: []part{{"token", "", "good-jo"}, {"file", "a.csv", big}}, user: "jo", files: map[string]string{"a.csv": big}},
		{name: "token behind the file", path: "files", parts: []part{{"file", "a.csv", big}, {"Token", "", "good-jo"}}, user: "jo", files: map[string]string{"a.csv": big}},
		{name: "two files", path: "files", parts: []part{{"file", "a.csv", "1"}, {"file2", "b.csv", "2"}}, files: map[string]string{"a.csv": "1", "b.csv": "2"}},
		{name: "path and odd characters in a name", path: "files", parts: []part{{"file", `C:\\fake\\Lake %22one%22 ü.csv`, "1"}}, files: map[string]string{`Lake "one" ü.csv`: "1"}},
		{name: "fields alone", path: "plain", parts: []part{{"title", "", "x"}}},
		{name: "file where none is taken", path: "plain", parts: []part{{"data", "a.csv", big}}, code: 400, message: "'data'"},
		{name: "bad token ahead of the file", path: "files", parts: []part{{"token", "", "bad"}, {"file", "a.csv", big}}, code: 498},
		{name: "bad token behind the file", path: "files", parts: []part{{"file", "a.csv", big}, {"token", "", "bad"}}, code: 498},
		{name: "field too large", path: "plain", parts: []part{{"text", "", strings.Repeat("x", maxField+1)}}, code: 400, message: "'text'"},
		{name: "largest field", path: "plain", parts: []part{{"text", "", strings.Repeat("x", maxField)}}},
		{name: "fields too large together", path: "plain", parts: []part{{"a", "", strings.Repeat("x", maxField)}, {"b", "", strings.Repeat("x", maxField)}, {"c", "", "x"}}, code: 413},
		{name: "no name", path: "plain", parts: []part{{"", "", "x"}}, code: 400, message: "no name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rg := newRig(t, routes...)
			ct, text := body(t, tt.parts...)
			_, got := rg.call(t, http.MethodPost, "/portal/"+tt.path+"?f=json", ct, text)
			if e := errorOf(t, got); e.Code != tt.code || !strings.Contains(e.Message, tt.message) {
				t.Fatalf("got %.300s", got)
			}
			if tt.code != 0 {
				return
			}
			var v struct {
				User  string
				Files map[string]string
			}
			if err := json.Unmarshal([]byte(got), &v); err != nil {
				t.Fatal(err)
			}
			if v.User != tt.user || len(v.Files) != len(tt.files) {
				t.Fatalf("got %.300s", got)
			}
			for name, content := range tt.files {
				if v.Files[name] != sumOf(content) {
					t.Errorf("%q arrived as %q", name, v.Files[name])
				}
			}
		})
	}
}

func TestManyParts(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "files", Write: true, Files: true, Handle: nop})
	files := make([]part, maxFiles+1)
	for i := range files {
		files[i] = part{"file", "a", ""}
	}
	ct, text := body(t, files...)
	if _, got := rg.call(t, http.MethodPost, "/portal/files?f=json", ct, text); errorOf(t, got).Code != 400 {
		t.Errorf("any number of files is taken: %s", got)
	}
	fields := make([]part, maxParams+1)
	for i := range fields {
		fields[i] = part{fmt.Sprint("p", i), "", ""}
	}
	ct, text = body(t, fields...)
	if _, got := rg.call(t, http.MethodPost, "/portal/files?f=json", ct, text); errorOf(t, got).Code != 400 {
		t.Errorf("any number of fields is taken: %s", got)
	}
}

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// streamed posts one file part of n bytes, then fields, without holding it in memory.
func (rg *rig) streamed(t *testing.T, path string, n int64, fields ...part) string {
	t.Helper()
	pr, pw := io.Pipe()
	w := multipart.NewWriter(pw)
	go func() {
		p, err := w.CreateFormFile("file", "big.bin")
		if err == nil {
			_, err = io.CopyN(p, zeros{}, n)
		}
		for _, f := range fields {
			if err == nil {
				err = w.WriteField(f.name, f.value)
			}
		}
		if err == nil {
			err = w.Close()
		}
		pw.CloseWithError(err)
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, rg.URL+path, pr)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnonymousUploadsAreBounded(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "files", Write: true, Files: true, Handle: echo})
	got := rg.streamed(t, "/portal/files?f=json", maxAnonymous+1, part{"token", "", "good-jo"})
	e := errorOf(t, got)
	if e.Code != 499 || len(e.Details) != 1 || !strings.Contains(e.Details[0], "X-Esri-Authorization") {
		t.Errorf("too large without a token: %s", got)
	}
	got = rg.streamed(t, "/portal/files?f=json&token=good-jo", maxAnonymous+1)
	if e := errorOf(t, got); e.Code != 0 {
		t.Errorf("large with a token: %s", got)
	}
}

// Files of requests that never show a token lie on the disk for a day.
func TestStrayUploadsAreBounded(t *testing.T) {
	t.Parallel()
	rg := newRig(t)
	tb, err := newTable([]Route{{Pattern: "files", Write: true, Files: true, Handle: echo}})
	if err != nil {
		t.Fatal(err)
	}
	h := newHandler(New(Config{Blobs: rg.puts, Base: "http://portal.test/portal", Auth: goodTokens{}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)}), tb)
	srv := httptest.NewServer(h.observe(h.serve))
	t.Cleanup(srv.Close)
	rg.URL = srv.URL
	const path, size = "/portal/files?f=json", 1 << 20
	before := h.stray.Tokens()
	if e := errorOf(t, rg.streamed(t, path, size, part{"token", "", "good-jo"})); e.Code != 0 || h.stray.Tokens() < before {
		t.Errorf("with a token behind the file: %+v, %v of %v left", e, h.stray.Tokens(), before)
	}
	if e := errorOf(t, rg.streamed(t, path, size)); e.Code != 0 || h.stray.Tokens() > before-size/2 {
		t.Errorf("without a token: %+v, %v of %v left", e, h.stray.Tokens(), before)
	}
	h.chargeStray(&Request{stray: maxStray})
	if e := errorOf(t, rg.streamed(t, path, size)); e.Code != 499 {
		t.Errorf("beyond the bound: %+v", e)
	}
	if e := errorOf(t, rg.streamed(t, path+"&token=good-jo", size)); e.Code != 0 {
		t.Errorf("a member: %+v", e)
	}
}

func TestOnlyAFewAnonymousUploadsAtATime(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "files", Write: true, Files: true, Handle: echo})
	var held []*io.PipeWriter
	for range anonymousUploads {
		pr, pw := io.Pipe()
		held = append(held, pw)
		w := multipart.NewWriter(pw)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, rg.URL+"/portal/files?f=json", pr)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", w.FormDataContentType())
		go func() {
			if res, err := http.DefaultTransport.RoundTrip(req); err == nil {
				res.Body.Close()
			}
		}()
		p, err := w.CreateFormFile("file", "a.bin")
		if err != nil {
			t.Fatal(err)
		}
		// More than every buffer on the way holds: when it is written, the portal has begun to store it.
		if _, err := io.CopyN(p, zeros{}, 4<<20); err != nil {
			t.Fatal(err)
		}
	}
	ct, text := body(t, part{"file", "b.csv", "1"})
	if _, got := rg.call(t, http.MethodPost, "/portal/files?f=json", ct, text); errorOf(t, got).Code != 499 {
		t.Errorf("one more was taken: %s", got)
	}
	if _, got := rg.call(t, http.MethodPost, "/portal/files?f=json&token=good-jo", ct, text); errorOf(t, got).Code != 0 {
		t.Errorf("one with a token was refused: %s", got)
	}
	for _, pw := range held {
		pw.CloseWithError(io.ErrUnexpectedEOF)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "doc", Handle: echo})
	tests := []struct {
		name, contentType, body string
		code                    int
	}{
		{"form", formType + "; charset=utf-8", "a=1", 0},
		{"no type", "", "a=1", 0},
		{"JSON", "application/json", `{"a":1}`, 400},
		{"JSON without content", "application/json", "", 0},
		{"largest form", formType, "a=" + strings.Repeat("x", maxField-2), 0},
		{"form too large", formType, "a=" + strings.Repeat("x", maxField-1), 413},
		{"no boundary", "multipart/form-data", "x", 400},
		{"cut off", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1", 400},
		{"nonsense", "multipart/form-data; boundary=b", "hello, world", 400},
		{"no part at all", "multipart/form-data; boundary=b", "--b--\r\n", 0},
		{"broken header", "multipart/form-data; boundary=b", "--b\r\nnonsense\r\n\r\n1\r\n--b--", 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, got := rg.call(t, http.MethodPost, "/portal/doc?f=json", tt.contentType, tt.body)
			if e := errorOf(t, got); e.Code != tt.code {
				t.Errorf("got %.300s", got)
			}
		})
	}
}
