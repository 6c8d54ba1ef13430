package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	sqlitedriver "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// tx is one transaction on one session.
type tx struct {
	ctx     context.Context // of the call; checked before each statement
	run     context.Context // given to statements; without cancellation in a write transaction
	session *session
	clock   clock.Clock
	seal    *sealer
	over    bool  // the function has returned
	broken  error // the database took the transaction back
}

var _ portal.Tx = (*tx)(nil)

func (s *Store) newTx(ctx context.Context, session *session) *tx {
	return &tx{ctx: ctx, run: ctx, session: session, clock: s.clock, seal: s.seal}
}

// Update implements portal.Store. An error of fn or a cancelled ctx takes back what fn did and
// leaves the others of its batch alone. Once fn has returned, the outcome is awaited whatever
// becomes of ctx, so that an error means that nothing was stored.
func (s *Store) Update(ctx context.Context, fn func(portal.Tx) error) error {
	return s.writer.do(ctx, func(session *session) error {
		t := s.newTx(ctx, session)
		t.run = context.WithoutCancel(ctx)
		defer func() { t.over = true }()
		if err := fn(t); err != nil {
			return err
		}
		return t.broken
	})
}

// ready refuses statements of a transaction that cannot go on.
func (t *tx) ready() error {
	switch {
	case t.over:
		return errors.New("the transaction is over")
	case t.broken != nil:
		return t.broken
	default:
		return t.ctx.Err()
	}
}

func (t *tx) exec(text string, args ...any) error {
	_, err := t.execN(text, args...)
	return err
}

// execN runs a statement and returns how many rows it changed.
func (t *tx) execN(text string, args ...any) (int64, error) {
	if err := t.ready(); err != nil {
		return 0, err
	}
	r, err := t.session.exec(t.run, text, args...)
	if err != nil {
		t.note(err)
		return 0, err
	}
	return r.RowsAffected()
}

// note remembers an error after which SQLite may have ended the transaction by itself. A later
// statement would then be a transaction of its own.
func (t *tx) note(err error) {
	var e *sqlitedriver.Error
	if errors.As(err, &e) && e.Code()&0xff != sqlitelib.SQLITE_CONSTRAINT {
		t.broken = fmt.Errorf("the transaction was taken back: %w", err)
	}
}

func (t *tx) rows(text string, args ...any) iter.Seq2[*sql.Rows, error] {
	if err := t.ready(); err != nil {
		return func(yield func(*sql.Rows, error) bool) { yield(nil, err) }
	}
	return t.session.rows(t.run, text, args...)
}

// adHoc runs a query whose text was composed for this call.
func (t *tx) adHoc(b *sqlText) iter.Seq2[*sql.Rows, error] {
	if err := t.ready(); err != nil {
		return func(yield func(*sql.Rows, error) bool) { yield(nil, err) }
	}
	return t.session.adHoc(t.run, b.String(), b.args...)
}

// scan reads the first row of a query into places; without one it returns ErrAbsent.
func (t *tx) scan(places []any, text string, args ...any) error {
	for r, err := range t.rows(text, args...) {
		if err != nil {
			return err
		}
		return r.Scan(places...)
	}
	return portal.ErrAbsent
}

// number answers a query for one whole number.
func (t *tx) number(text string, args ...any) (n int64, err error) {
	err = t.scan([]any{&n}, text, args...)
	return n, err
}

// column collects the first column of a query.
func column[T any](seq iter.Seq2[*sql.Rows, error]) (list []T, err error) {
	for r, err := range seq {
		if err != nil {
			return nil, err
		}
		var v T
		if err := r.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// now is the time of the store's clock in milliseconds.
func (t *tx) now() int64 { return millis(t.clock.Now()) }

func millis(at time.Time) int64 { return at.UnixMilli() }
