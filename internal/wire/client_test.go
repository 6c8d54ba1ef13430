package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// reply is what the fake host does with one request.
type reply struct {
	status int
	header http.Header
	body   string
	err    error // before anything was sent
	broken error // after the request was sent
}

// host answers with replies in turn, the last one again and again, without a network, so
// that time can be the bubble's.
type host struct {
	replies []reply
	calls   int
	tokens  []string
}

func (h *host) RoundTrip(req *http.Request) (*http.Response, error) {
	r := h.replies[min(h.calls, len(h.replies)-1)]
	h.calls++
	h.tokens = append(h.tokens, req.Header.Get(tokenHeader))
	if r.err != nil {
		return nil, r.err
	}
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if req.Body != nil {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close()
	}
	if r.broken != nil {
		return nil, r.broken
	}
	status := r.status
	if status == 0 {
		status = 200
	}
	header := r.header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), Header: header,
		Body: io.NopCloser(strings.NewReader(r.body)), ContentLength: int64(len(r.body)), Request: req}, nil
}

func (h *host) client(tokens Tokens) *Client {
	return New(Config{Portal: &url.URL{Scheme: "https", Host: "h", Path: "/portal"}, HTTP: &http.Client{Transport: h}, Pacer: NewPacer(0), Tokens: tokens})
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	ok := reply{body: `{"success":true}`}
	busy := reply{body: `{"error":{"code":429,"message":"Too many requests."}}`}
	tests := []struct {
		name    string
		req     *Request
		replies []reply
		calls   int
		fails   bool
		doubt   bool // the error is ambiguous
	}{
		{"read after a broken connection", Read("x"), []reply{{broken: io.ErrUnexpectedEOF}, ok}, 2, false, false},
		{"read after 503", Read("x"), []reply{{status: 503}, ok}, 2, false, false},
		{"write after a broken connection", Write("x"), []reply{{broken: io.ErrUnexpectedEOF}, ok}, 2, false, false},
		{"once without a connection", Once("x"), []reply{{err: errors.New("refused")}, ok}, 2, false, false},
		{"once refused with 429", Once("x"), []reply{{status: 429}, ok}, 2, false, false},
		{"once refused in the body", Once("x"), []reply{busy, ok}, 2, false, false},
		{"once after a broken connection", Once("x"), []reply{{broken: io.ErrUnexpectedEOF}, ok}, 1, true, true},
		{"once after 504", Once("x"), []reply{{status: 504}, ok}, 1, true, true},
		{"once that failed inside", Once("x"), []reply{{body: `{"error":{"code":500,"message":"m"}}`}, ok}, 1, true, true},
		{"once refused for good", Once("x"), []reply{{body: `{"error":{"code":400,"message":"m"}}`}, ok}, 1, true, false},
		{"once with a garbled answer", Once("x"), []reply{{body: `<html>`}, ok}, 1, true, true},
		{"read refused for good", Read("x"), []reply{{body: `{"error":{"code":500,"message":"Item does not have a file."}}`}, ok}, 1, true, false},
		{"read of a page", Read("x"), []reply{{body: `<html>`}, ok}, 1, true, false},
		{"read of what is not built", Read("x"), []reply{{status: 501}}, 1, true, false},
		{"gives up", Read("x"), []reply{{status: 502}}, 5, true, false},
		{"asked to wait too long", Read("x"), []reply{{status: 429, header: http.Header{"Retry-After": {"3600"}}}, ok}, 1, true, false},
		{"a body that cannot be read again", Write("x").File(File{Name: "n", Size: -1, Once: true, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("x")), nil
		}}), []reply{{status: 503}, ok}, 1, true, true},
		{"a broken source", Write("x").File(File{Name: "n", Size: -1, Open: func() (io.ReadCloser, error) { return nil, errors.New("gone") }}), []reply{ok}, 1, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := &host{replies: tt.replies}
				err := h.client(nil).JSON(t.Context(), tt.req, nil)
				if h.calls != tt.calls || (err != nil) != tt.fails {
					t.Fatalf("%d calls, %v; want %d, fails = %v", h.calls, err, tt.calls, tt.fails)
				}
				var e *Error
				if errors.As(err, &e) && e.Ambiguous != tt.doubt {
					t.Errorf("ambiguous = %v, want %v (%v)", e.Ambiguous, tt.doubt, err)
				}
			})
		})
	}
}

func TestRetryAfterIsHonored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, date := range []bool{false, true} {
			v := "20"
			if date {
				v = time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat)
			}
			h := &host{replies: []reply{{status: 429, header: http.Header{"Retry-After": {v}}}, {body: `{}`}}}
			start := time.Now()
			if err := h.client(nil).JSON(t.Context(), Read("x"), nil); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(start); d < 19*time.Second || d > 21*time.Second {
				t.Errorf("Retry-After %s: waited %v", v, d)
			}
		}
	})
}

func TestCancelEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		h := &host{replies: []reply{{status: 503, header: http.Header{"Retry-After": {"60"}}}}}
		start := time.Now()
		err := h.client(nil).JSON(ctx, Read("x"), nil)
		if err == nil || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		err = h.client(nil).JSON(ctx, Once("x"), nil)
		var e *Error
		if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.Ambiguous || h.calls != 1 {
			t.Errorf("with a context that has ended: %v, %d calls", err, h.calls)
		}
	})
}

// session is a source of tokens that counts.
type session struct {
	current, next secret.Secret
	renewals      int
}

func (s *session) Token(context.Context) (secret.Secret, error) { return s.current, nil }

func (s *session) Renew(_ context.Context, stale secret.Secret) (secret.Secret, error) {
	s.renewals++
	if stale.Equal(s.current) {
		s.current = s.next
	}
	return s.current, nil
}

func TestRenewsOnce(t *testing.T) {
	t.Parallel()
	invalid := reply{body: `{"error":{"code":498,"message":"Invalid token.","details":[]}}`}
	tests := []struct {
		name     string
		next     secret.Secret
		replies  []reply
		calls    int
		renewals int
		fails    bool
	}{
		{"renewed", "b", []reply{invalid, {body: `{}`}}, 2, 1, false},
		{"by HTTP status", "b", []reply{{status: 401}, {body: `{}`}}, 2, 1, false},
		{"renewed in vain", "b", []reply{invalid}, 2, 1, true},
		{"no other token to be had", "a", []reply{invalid}, 1, 1, true},
	}
	for _, tt := range tests {
		h, s := &host{replies: tt.replies}, &session{current: "a", next: tt.next}
		err := h.client(s).JSON(t.Context(), Once("x"), nil)
		if (err != nil) != tt.fails || h.calls != tt.calls || s.renewals != tt.renewals {
			t.Errorf("%s: %v, %d calls, %d renewals", tt.name, err, h.calls, s.renewals)
		}
		if h.tokens[0] != "Bearer a" || tt.calls == 2 && h.tokens[1] != "Bearer b" {
			t.Errorf("%s: tokens %q", tt.name, h.tokens)
		}
	}
}

func TestAnonymousRequestsCarryNoToken(t *testing.T) {
	t.Parallel()
	h := &host{replies: []reply{{body: `{"error":{"code":498,"message":"Invalid token."}}`}}}
	s := &session{current: "a", next: "b"}
	if err := h.client(s).JSON(t.Context(), Once("generateToken").Anonymous(), nil); err == nil {
		t.Error("no error")
	}
	if h.tokens[0] != "" || s.renewals != 0 || h.calls != 1 {
		t.Errorf("tokens %q, %d renewals, %d calls", h.tokens, s.renewals, h.calls)
	}
}

func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := &host{replies: []reply{{broken: &url.Error{Op: "Get", URL: "https://h/x?token=hunter2", Err: io.ErrUnexpectedEOF}}}}
	c := h.client(&session{current: "hunter2", next: "hunter2"})
	c.cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	err := c.JSON(t.Context(), Once("oauth2/token").Set("password", "hunter2").Set("code", "hunter2"), nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(fmt.Sprintf("%+v", err), "hunter2") {
		t.Errorf("the error shows a secret: %+v", err)
	}
	if !strings.Contains(log.String(), "oauth2/token") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("log: %s", log.String())
	}
}

func TestPortaladminIsBesideTheRestRoot(t *testing.T) {
	t.Parallel()
	var got *http.Request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = r
		fmt.Fprint(w, `{"status":"success"}`)
	}))
	defer srv.Close()
	c := clientFor(t, srv, &session{current: "tok"})
	if err := c.JSON(t.Context(), Once("portaladmin/security/users/createUser").TokenInBody(), nil); err != nil {
		t.Fatal(err)
	}
	if got.URL.Path != "/deep/portal/portaladmin/security/users/createUser" || got.PostForm.Get("token") != "tok" || got.Header.Get(tokenHeader) != "" {
		t.Errorf("%s %v %v", got.URL, got.PostForm, got.Header)
	}
}

func clientFor(t *testing.T, srv *httptest.Server, tokens Tokens) *Client {
	t.Helper()
	u, err := url.Parse(srv.URL + "/deep/portal")
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Portal: u, HTTP: srv.Client(), Pacer: NewPacer(0), Tokens: tokens, UserAgent: "ua", Referer: "ref"})
}

func TestLongReadsGoByPost(t *testing.T) {
	t.Parallel()
	var method, contentType, q string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, contentType, q = r.Method, r.Header.Get("Content-Type"), r.FormValue("q")
		if r.UserAgent() != "ua" || r.Referer() != "ref" || r.FormValue("f") != "json" || r.URL.Path != "/deep/portal/sharing/rest/search" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		fmt.Fprint(w, `{"total":3}`)
	}))
	defer srv.Close()
	c := clientFor(t, srv, nil)
	for _, n := range []int{10, 3000} {
		var out struct{ Total int }
		if err := c.JSON(t.Context(), Read("search").Set("q", strings.Repeat("x", n)), &out); err != nil || out.Total != 3 {
			t.Fatalf("%v %+v", err, out)
		}
		wantMethod, wantType := "GET", ""
		if n > 2000 {
			wantMethod, wantType = "POST", "application/x-www-form-urlencoded"
		}
		if method != wantMethod || contentType != wantType || len(q) != n {
			t.Errorf("n = %d: %s %q, q of %d", n, method, contentType, len(q))
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var away http.Header
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		away = r.Header
		fmt.Fprint(w, "bytes")
	}))
	defer storage.Close()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		switch {
		case strings.HasSuffix(r.URL.Path, "/away"):
			http.Redirect(w, r, storage.URL+"/object", http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "/here"):
			http.Redirect(w, r, "/deep/portal/sharing/rest/moved", http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "/loop"):
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		default:
			fmt.Fprintf(w, "%s %s", r.Method, r.Header.Get(tokenHeader))
		}
	}))
	defer srv.Close()
	c := clientFor(t, srv, &session{current: "tok"})
	read := func(r *Request) (string, error) {
		res, err := c.Open(t.Context(), r)
		if err != nil {
			return "", err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		return string(b), err
	}
	if got, err := read(Read("away")); err != nil || got != "bytes" || away.Get(tokenHeader) != "" || away.Get("Referer") != "" {
		t.Errorf("away: %q, %v, headers %v", got, err, away)
	}
	if got, err := read(Read("here")); err != nil || got != "GET Bearer tok" {
		t.Errorf("here: %q, %v", got, err)
	}
	away = nil
	for _, r := range []*Request{Once("away"), Once("here"), Read("loop")} {
		calls.Store(0)
		_, err := read(r)
		var e *Error
		if !errors.As(err, &e) || e.Class != ClassProtocol || !strings.Contains(err.Error(), "redirects") {
			t.Errorf("%s: %v", r.Op(), err)
		}
		if r.mode == modeOnce && calls.Load() != 1 || away != nil {
			t.Errorf("%s: followed (%d calls)", r.Op(), calls.Load())
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	long := `{"error":{"code":400,"message":"` + strings.Repeat("x", maxErrorBody) + `"}}`
	tests := []struct {
		name, body string
		status     int
		want       string // of the stream
		code       int
		class      Class
	}{
		{name: "empty", want: ""},
		{name: "bytes", body: strings.Repeat("0123456789", 5000), want: strings.Repeat("0123456789", 5000)},
		{name: "JSON", body: `{"version":"2.0"}`, want: `{"version":"2.0"}`},
		{name: "long JSON is data", body: long, want: long},
		{name: "error with status 200", body: `{"error":{"code":403,"message":"m"}}`, code: 403, class: ClassPortal},
		{name: "error with a status", status: 400, body: `{"error":{"code":400,"message":"m"}}`, code: 400, class: ClassPortal},
		{name: "status alone", status: 404, body: "<html>", class: ClassHTTP},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.FormValue("f") != "" || r.Header.Get("Accept-Encoding") != "identity" {
					t.Errorf("%s %v", r.URL, r.Header)
				}
				if tt.status != 0 {
					w.WriteHeader(tt.status)
				}
				fmt.Fprint(w, tt.body)
			}))
			defer srv.Close()
			res, err := clientFor(t, srv, nil).Open(t.Context(), Read("x"))
			if tt.class != 0 {
				var e *Error
				if !errors.As(err, &e) || e.Class != tt.class || e.Code != tt.code {
					t.Fatalf("err = %+v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if b, err := io.ReadAll(res.Body); err != nil || string(b) != tt.want {
				t.Errorf("%d bytes, %v", len(b), err)
			}
		})
	}
}

func TestSilenceEndsARequest(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/half") {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(bytes.Repeat([]byte("x"), 50000))
			w.(http.Flusher).Flush()
		}
		<-release
	}))
	defer srv.Close()
	defer close(release)
	c := clientFor(t, srv, nil)
	c.cfg.Stall, c.cfg.Attempts = 50*time.Millisecond, 1
	err := c.JSON(t.Context(), Once("x"), nil)
	var e *Error
	if !errors.Is(err, errStalled) || !errors.As(err, &e) || !e.Ambiguous {
		t.Errorf("no answer: %v", err)
	}
	res, err := c.Open(t.Context(), Read("half"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if n, err := io.Copy(io.Discard, res.Body); n != 50000 || !errors.Is(err, errStalled) {
		t.Errorf("half an answer: %d bytes, %v", n, err)
	}
	if got := c.cfg.Pacer.Pace().InFlight; got != 0 {
		t.Errorf("%d slots lost", got)
	}
}

func TestMultipartArrives(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 {
			t.Errorf("content length = %d", r.ContentLength)
		}
		f, h, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		b, _ := io.ReadAll(f)
		fmt.Fprintf(w, `{"name":%q,"text":%q,"title":%q}`, h.Filename, b, r.FormValue("title"))
	}))
	defer srv.Close()
	var out struct{ Name, Text, Title string }
	r := Once("x").Set("title", "T").File(textFile("file", "a.txt", "hello", 5))
	if err := clientFor(t, srv, nil).JSON(t.Context(), r, &out); err != nil || out.Name != "a.txt" || out.Text != "hello" || out.Title != "T" {
		t.Errorf("%+v, %v", out, err)
	}
}
