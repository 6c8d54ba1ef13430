package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// A batch ends when nobody waits for a turn, or when one of these is reached.
const (
	batchTurns = 256
	batchTime  = 25 * time.Millisecond
)

// errAborted is how a turn ends whose function panicked or left its goroutine.
var errAborted = errors.New("the transaction's function did not return")

// writer serializes the changes of the store. Its goroutine owns the one connection that
// writes and lends it to one request at a time; the function of a request runs on the
// goroutine of its caller, so that a panic stays there. Requests that wait together share one
// COMMIT, and no request, failed ones included, is answered before it: what a request saw of
// an earlier one of its batch is then durable.
type writer struct {
	session *session
	log     *slog.Logger
	queue   chan *request
	quit    chan struct{}
	ended   chan struct{}
	once    sync.Once
	waiting atomic.Int64 // requests without an answer yet
	commits atomic.Int64 // batches that were committed
	changes atomic.Int64 // requests that were answered
}

// request is one call that waits for its turn.
type request struct {
	gone   <-chan struct{} // closed when the caller no longer waits for a turn
	turn   chan *session   // hands the connection to the caller
	result chan error      // what the caller's function returned
	answer chan error      // buffered; sent after the commit
}

func startWriter(s *session, log *slog.Logger) *writer {
	w := &writer{session: s, log: log, queue: make(chan *request), quit: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

// do runs fn in a turn of its own and returns after the commit.
func (w *writer) do(ctx context.Context, fn func(*session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.waiting.Add(1)
	defer func() { w.waiting.Add(-1); w.changes.Add(1) }()
	r := &request{gone: ctx.Done(), turn: make(chan *session), result: make(chan error), answer: make(chan error, 1)}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	var s *session
	select {
	case s = <-r.turn:
	case err := <-r.answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
	w.take(ctx, r, s, fn)
	return <-r.answer
}

// take runs fn and reports its end, however it ends.
func (w *writer) take(ctx context.Context, r *request, s *session, fn func(*session) error) {
	var err error
	defer func() { r.result <- err }()
	if err = ctx.Err(); err != nil {
		return
	}
	err = errAborted
	if err = fn(s); err == nil {
		err = ctx.Err()
	}
}

// stop lets the running batch end and closes the connection.
func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
}

func (w *writer) run() {
	defer close(w.ended)
	for {
		select {
		case <-w.quit:
			if err := w.session.close(); err != nil {
				w.log.Error("closing the writer", "op", "store", "err", err)
			}
			return
		case r := <-w.queue:
			w.batch(r)
		}
	}
}

// outcome is a request that has had its turn, and what it will be told.
type outcome struct {
	request *request
	err     error
}

// batch serves first and those who wait behind it in one transaction.
func (w *writer) batch(first *request) {
	if err := w.sql("BEGIN IMMEDIATE"); err != nil {
		first.answer <- fmt.Errorf("beginning a transaction: %w", err)
		return
	}
	full := time.NewTimer(batchTime)
	defer full.Stop()
	var done []outcome
	for r := first; r != nil; r = w.next(len(done), full.C) {
		served, err, broken := w.serve(r)
		if served {
			done = append(done, outcome{r, err})
		}
		if broken != nil {
			w.fail(done, broken)
			return
		}
	}
	if err := w.sql("COMMIT"); err != nil {
		w.fail(done, fmt.Errorf("committing: %w", err))
		return
	}
	w.commits.Add(1)
	for _, d := range done {
		d.request.answer <- d.err
	}
}

// next returns a request that waits already, unless the batch is full.
func (w *writer) next(turns int, full <-chan time.Time) *request {
	if turns >= batchTurns {
		return nil
	}
	select {
	case <-full:
		return nil
	default:
	}
	select {
	case r := <-w.queue:
		return r
	default:
		return nil
	}
}

// serve gives r its turn inside a savepoint. served is false when the caller had gone; broken
// is set when the whole transaction can no longer be trusted.
func (w *writer) serve(r *request) (served bool, err, broken error) {
	if err := w.sql("SAVEPOINT turn"); err != nil {
		r.answer <- err
		return false, nil, err
	}
	select {
	case r.turn <- w.session:
		served = true
		err = <-r.result
	case <-r.gone:
		err = context.Canceled
	}
	if err != nil {
		broken = w.sql("ROLLBACK TO turn")
	}
	return served, err, errors.Join(broken, w.sql("RELEASE turn"))
}

// fail takes everything back and tells every request of the batch.
func (w *writer) fail(done []outcome, cause error) {
	err := w.sql("ROLLBACK")
	w.log.Error("a batch of changes was taken back", "op", "store", "requests", len(done), "err", errors.Join(cause, err))
	for _, d := range done {
		d.request.answer <- errors.Join(d.err, fmt.Errorf("nothing was stored: %w", cause))
	}
}

// sql runs a statement that steers the transaction. No context reaches it: an interrupted
// write would take the whole transaction back, with the turns of others.
func (w *writer) sql(text string) error {
	_, err := w.session.exec(context.Background(), text)
	return err
}
