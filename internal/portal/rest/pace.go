package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Bounds on slow peers. A transfer of any size goes on as long as bytes keep moving.
const (
	idleLimit   = 60 * time.Second // longest pause within a body
	unreadLimit = 5 * time.Second  // for a body that no operation reads; well below idleLimit, under which the answer is written
	slowGrace   = 60 * time.Second // before the average rate counts
	slowRate    = 1 << 10          // least average rate, bytes a second
	drainMax    = 64 << 20         // read and dropped behind a refusal, so that the sender sees it
)

// pace computes the deadlines of one direction of a transfer.
type pace struct {
	start time.Time
	moved int64
}

// deadline is the moment by which the next bytes must have moved. Deadlines of connections
// count by the machine's clock.
func (p *pace) deadline() time.Time {
	now := clock.System{}.Now()
	if p.start.IsZero() {
		p.start = now
	}
	idle := now.Add(idleLimit)
	rate := p.start.Add(slowGrace + time.Duration(p.moved/slowRate)*time.Second)
	if rate.Before(idle) {
		return rate
	}
	return idle
}

// pacedReader reads a body under deadlines and remembers how reading it failed.
type pacedReader struct {
	body io.Reader
	conn *http.ResponseController
	pace pace
	err  error // other than io.EOF
	done bool
}

func newPacedReader(w http.ResponseWriter, body io.Reader) *pacedReader {
	return &pacedReader{body: body, conn: http.NewResponseController(w)}
}

func (p *pacedReader) Read(b []byte) (int, error) {
	// A connection without deadlines (a test's) answers ErrNotSupported, which is no reason to stop.
	_ = p.conn.SetReadDeadline(p.pace.deadline())
	n, err := p.body.Read(b)
	p.pace.moved += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		p.done = true
	case err != nil:
		p.err = err
	}
	return n, err
}

// stop lifts the deadline once the body is there whole: it would else cancel the request
// while it is handled. What is left of a body that failed or was refused keeps it, for the
// server reads on a little before it answers.
func (p *pacedReader) stop() {
	if p.done && p.err == nil {
		_ = p.conn.SetReadDeadline(time.Time{})
	}
}

// drain reads the remainder of a refused body, so that its sender gets to read the answer.
func drain(p *pacedReader) {
	if p.err == nil && !p.done {
		_, _ = io.CopyN(io.Discard, p, drainMax)
	}
}

// pacedWriter writes an answer under deadlines and counts it.
type pacedWriter struct {
	http.ResponseWriter
	conn   *http.ResponseController
	pace   pace
	status int
}

func (w *pacedWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	_ = w.conn.SetWriteDeadline(w.pace.deadline())
	w.ResponseWriter.WriteHeader(status)
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	_ = w.conn.SetWriteDeadline(w.pace.deadline())
	n, err := w.ResponseWriter.Write(b)
	w.pace.moved += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// errTooLong is a field or body beyond its limit.
var errTooLong = errors.New("too long")

// buffers bounds how many requests may hold large parameters in memory at a time.
type buffers chan struct{}

const (
	largeBuffers = 8
	smallBuffer  = 1 << 20 // bytes of parameters that need no place
	bufferWait   = 30 * time.Second
)

func newBuffers() buffers { return make(buffers, largeBuffers) }

// lease is one request's claim on memory.
type lease struct {
	b    buffers
	used int
	held bool
}

func (b buffers) lease() *lease { return &lease{b: b} }

func (l *lease) release() {
	if l.held {
		<-l.b
		l.held = false
	}
}

// read reads r to its end, at most limit bytes (errTooLong).
func (l *lease) read(ctx context.Context, r io.Reader, limit int) ([]byte, error) {
	var buf bytes.Buffer
	first := min(max(smallBuffer-l.used, 0), limit+1)
	n, err := io.CopyN(&buf, r, int64(first))
	l.used += int(n)
	switch {
	case errors.Is(err, io.EOF):
		return buf.Bytes(), nil
	case err != nil:
		return nil, err
	}
	if err := l.hold(ctx); err != nil {
		return nil, err
	}
	n, err = io.CopyN(&buf, r, int64(limit+1-first))
	l.used += int(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if buf.Len() > limit {
		return nil, errTooLong
	}
	return buf.Bytes(), nil
}

func (l *lease) hold(ctx context.Context) error {
	if l.held {
		return nil
	}
	wait := time.NewTimer(bufferWait)
	defer wait.Stop()
	select {
	case l.b <- struct{}{}:
		l.held = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return &portal.Error{Code: 503, Message: "The portal is busy with other large requests. Try again."}
	}
}
