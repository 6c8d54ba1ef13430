package rest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// call is what the access log says about one request. It never holds a query string, a
// parameter or a path, which may carry tokens.
type call struct {
	id      string
	route   string
	caller  string
	outcome string // ok, a REST error code, or the HTTP status of a failed page
}

// observe gives each request an id, a paced writer and a line in the access log, and turns
// a panic into the answer for internal errors.
func (s *Server) observe(next func(http.ResponseWriter, *http.Request, *call)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		c := &call{id: secret.Hex(8), outcome: "ok"}
		pw := &pacedWriter{ResponseWriter: w, conn: http.NewResponseController(w)}
		start := s.clock.Now()
		pw.Header().Set("X-Request-Id", c.id)
		pw.Header().Set("X-Content-Type-Options", "nosniff")
		body := &countingBody{ReadCloser: hr.Body}
		hr.Body = body
		if hr.ContentLength != 0 {
			// For bodies that nobody reads, such as one of a GET: the server waits for them
			// before it answers. parse sets deadlines of its own.
			_ = pw.conn.SetReadDeadline(clock.System{}.Now().Add(unreadLimit))
		}
		defer func() {
			p := recover()
			if p != nil && !isAbort(p) {
				s.panicked(pw, hr, c, p)
			}
			took := s.clock.Now().Sub(start)
			s.access(hr, c, pw, body.n, took)
			if s.meter != nil {
				s.meter.Answered(Answer{Route: c.route, Method: hr.Method, Outcome: c.outcome, Took: took, In: body.n, Out: pw.pace.moved})
			}
			if isAbort(p) {
				panic(p)
			}
		}()
		next(pw, hr, c)
	})
}

// isAbort reports whether a panic is the wish to break the connection off.
func isAbort(p any) bool {
	err, ok := p.(error)
	return ok && errors.Is(err, http.ErrAbortHandler)
}

func (s *Server) panicked(w *pacedWriter, hr *http.Request, c *call, p any) {
	c.outcome = "panic"
	s.log.ErrorContext(hr.Context(), "handler panicked", "op", c.route, "request", c.id, "panic", p, "stack", string(debug.Stack()))
	if w.status == 0 {
		writeJSON(w, hr, http.StatusOK, envelope(errInternal(c.id)), false)
	}
}

func (s *Server) access(hr *http.Request, c *call, w *pacedWriter, in int64, took time.Duration) {
	level := slog.LevelInfo
	if c.route == "/healthz" && c.outcome == "ok" {
		level = slog.LevelDebug
	}
	s.log.LogAttrs(hr.Context(), level, "request",
		slog.String("op", c.route), slog.String("method", hr.Method), slog.String("user", c.caller),
		slog.Int("status", w.status), slog.String("outcome", c.outcome), slog.Duration("dur", took),
		slog.Int64("in", in), slog.Int64("out", w.pace.moved), slog.String("remote", hr.RemoteAddr), slog.String("request", c.id))
}

func (s *Server) logsUnasked(ctx context.Context) bool { return s.log.Enabled(ctx, slog.LevelDebug) }

// errInternal is all that a caller learns about a failure of ours.
func errInternal(id string) *portal.Error {
	return &portal.Error{Code: 500, Message: "The portal could not complete the request.",
		Details: []string{"Its log says why under request " + id + "."}}
}

// countingBody counts the bytes of a request's body.
type countingBody struct {
	io.ReadCloser
	n int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n += int64(n)
	return n, err
}
