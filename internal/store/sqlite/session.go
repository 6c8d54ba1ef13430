package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	sqlitedriver "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// session is one connection with its prepared statements. One goroutine uses it at a time.
type session struct {
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	counted *counted // nil in the session that writes
}

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (s *session) close() error {
	var errs []error
	for _, stmt := range s.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, s.conn.Close())...)
}

// prepared returns the statement for text, which is one of a fixed number of texts.
func (s *session) prepared(text string) (*sql.Stmt, error) {
	if stmt, ok := s.stmts[text]; ok {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("preparing %q: %w", text, err)
	}
	s.stmts[text] = stmt
	return stmt, nil
}

// exec runs a statement that answers no rows.
func (s *session) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	stmt, err := s.prepared(text)
	if err != nil {
		return nil, err
	}
	r, err := stmt.ExecContext(ctx, args...)
	return r, named(err)
}

// rows runs a query of a fixed text. The rows must be read to the end, or left, before the
// same text runs again on this session.
func (s *session) rows(ctx context.Context, text string, args ...any) iter.Seq2[*sql.Rows, error] {
	return func(yield func(*sql.Rows, error) bool) {
		stmt, err := s.prepared(text)
		if err != nil {
			yield(nil, err)
			return
		}
		r, err := stmt.QueryContext(ctx, args...)
		each(r, err, yield)
	}
}

// adHoc runs a query whose text was composed for this call.
func (s *session) adHoc(ctx context.Context, text string, args ...any) iter.Seq2[*sql.Rows, error] {
	return func(yield func(*sql.Rows, error) bool) {
		r, err := s.conn.QueryContext(ctx, text, args...)
		each(r, err, yield)
	}
}

func each(r *sql.Rows, err error, yield func(*sql.Rows, error) bool) {
	if err != nil {
		yield(nil, named(err))
		return
	}
	defer r.Close()
	for r.Next() {
		if !yield(r, nil) {
			return
		}
	}
	if err := r.Err(); err != nil {
		yield(nil, named(err))
	}
}

// named gives the errors of the driver that callers distinguish the names of the contract: a
// write that refers to an object that does not exist is ErrAbsent.
func named(err error) error {
	var e *sqlitedriver.Error
	if errors.As(err, &e) && e.Code() == sqlitelib.SQLITE_CONSTRAINT_FOREIGNKEY {
		return fmt.Errorf("%w: what the written object refers to (%w)", portal.ErrAbsent, err)
	}
	return err
}
