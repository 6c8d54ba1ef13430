package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// readAll reads the answer as a whole, if it is not longer than limit.
func (a *attempt) readAll(limit int64) ([]byte, error) {
	var buf bytes.Buffer
	if n := a.res.ContentLength; n > 0 && n <= limit {
		buf.Grow(int(n) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(a.watched(a.res.Body), limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fmt.Errorf("the answer is longer than %d bytes", limit)
	}
	return buf.Bytes(), nil
}

// peek reads up to limit bytes ahead; whole says that the answer ends there.
func (a *attempt) peek(limit int) (head []byte, whole bool, err error) {
	head = make([]byte, limit)
	source := a.watched(a.res.Body)
	for n := 0; ; {
		m, err := source.Read(head[n:])
		n += m
		switch {
		case err == io.EOF:
			return head[:n], true, nil
		case err != nil:
			return nil, false, err
		case n == limit:
			return head, false, nil
		}
	}
}

// stream hands the answer over to the caller, who closes it.
func (a *attempt) stream(head []byte, whole bool) *Response {
	rest := io.Reader(bytes.NewReader(head))
	if !whole {
		rest = io.MultiReader(rest, a.watched(a.res.Body))
	}
	a.streaming = &Response{Body: &body{Reader: rest, attempt: a}, Status: a.res.StatusCode, Header: a.res.Header, Size: a.res.ContentLength}
	if a.res.Uncompressed {
		a.streaming.Size = -1
	}
	return a.streaming
}

type body struct {
	io.Reader
	attempt *attempt
	once    sync.Once
}

// Close ends the request, also in the middle of the answer.
func (b *body) Close() error {
	var err error
	b.once.Do(func() {
		err = b.attempt.res.Body.Close()
		b.attempt.watch.stop()
		b.attempt.cancel(nil)
	})
	return err
}

// watched reads from the host under the watchdog's eye.
func (a *attempt) watched(r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		a.watch.resume()
		defer a.watch.pause()
		n, err := r.Read(p)
		if err != nil && err != io.EOF {
			if cause := context.Cause(a.ctx); cause != nil {
				err = cause
			}
		}
		return n, err
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// watchdog ends a request during which the host stays silent too long. It does not count
// the time in which the request waits for its own caller: for the source of an upload, or
// for the reader of a download.
type watchdog struct {
	limit   time.Duration
	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

func newWatchdog(limit time.Duration, bark func()) *watchdog {
	return &watchdog{limit: limit, timer: time.AfterFunc(limit, bark)}
}

func (w *watchdog) pause() { w.timer.Stop() }

func (w *watchdog) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.timer.Reset(w.limit)
	}
}

// stop is final: the transport may still read from an upload's body after its answer.
func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

// sending wraps the body of an upload: while it is being read, the host is not waited for.
func (w *watchdog) sending(body io.ReadCloser) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{readerFunc(func(p []byte) (int, error) {
		w.pause()
		defer w.resume()
		return body.Read(p)
	}), body}
}
