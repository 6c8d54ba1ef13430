package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// rig serves a few routes over real HTTP. Tokens are "good-<username>".
type rig struct {
	URL  string
	log  *syncBuffer
	puts *hashBlobs
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// hashBlobs keeps only hashes and sizes: the routes under test never read back.
type hashBlobs struct {
	mu    sync.Mutex
	sizes []int64
}

func (b *hashBlobs) Put(_ context.Context, r io.Reader) (portal.Blob, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return portal.Blob{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sizes = append(b.sizes, n)
	return portal.Blob{Hash: hex.EncodeToString(h.Sum(nil)), Size: n}, nil
}

func (b *hashBlobs) Open(context.Context, portal.Blob) (io.ReadSeekCloser, error) {
	return nil, errors.New("not used")
}

type goodTokens struct{}

func (goodTokens) ChangePassword(context.Context, *http.Request, string, secret.Secret, secret.Secret) error {
	return nil
}

func (goodTokens) Authenticate(_ context.Context, token string, _ *http.Request) (*portal.Token, error) {
	name, ok := strings.CutPrefix(token, "good-")
	if !ok {
		return nil, portal.ErrInvalidToken()
	}
	return &portal.Token{Username: name}, nil
}

func newRig(t *testing.T, routes ...Route) *rig {
	t.Helper()
	rg := &rig{log: &syncBuffer{}, puts: &hashBlobs{}}
	srv := httptest.NewServer(rg.handler(t, routes))
	t.Cleanup(srv.Close)
	rg.URL = srv.URL
	return rg
}

// handler answers the routes as the portal does.
func (rg *rig) handler(t *testing.T, routes []Route) http.Handler {
	t.Helper()
	s := New(Config{
		Blobs: rg.puts, Base: "http://portal.test/portal", Auth: goodTokens{}, Clock: clock.System{},
		Log:    slog.New(slog.NewJSONHandler(rg.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Health: func(context.Context) error { return nil },
	})
	tb, err := newTable(routes)
	if err != nil {
		t.Fatal(err)
	}
	return s.observe(newHandler(s, tb).serve)
}

// call sends a request and returns the answer with its whole body.
func (rg *rig) call(t *testing.T, method, path, contentType, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, rg.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	cl := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := cl.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

const formType = "application/x-www-form-urlencoded"

// errorOf decodes the error envelope; code 0 means the body holds none.
func errorOf(t *testing.T, body string) errorBody {
	t.Helper()
	var v struct{ Error errorBody }
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("not JSON: %v in %q", err, body)
	}
	return v.Error
}

// echo answers with what the route received.
func echo(_ context.Context, r *Request) (any, error) {
	files := map[string]string{}
	for _, fs := range r.files {
		for _, f := range fs {
			files[f.Name] = f.Blob.Hash
		}
	}
	return Object{"vars": r.vars, "params": r.params, "user": r.Caller.Username, "files": files}, nil
}
