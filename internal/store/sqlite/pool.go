package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// errClosed is the answer of a store that has been closed.
var errClosed = errors.New("the store is closed")

// pool holds the read sessions. A free place carries a session that was used before, or nil.
type pool struct {
	db     *sql.DB
	free   chan *session
	size   int
	closed chan struct{}
	once   sync.Once
}

func newPool(db *sql.DB, size int) *pool {
	p := &pool{db: db, free: make(chan *session, size), size: size, closed: make(chan struct{})}
	for range size {
		p.free <- nil
	}
	return p
}

// take waits for a session.
func (p *pool) take(ctx context.Context) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.closed:
		return nil, errClosed
	default:
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, errClosed
	case s := <-p.free:
		if s != nil {
			return s, nil
		}
		s, err := newSession(ctx, p.db)
		if err != nil {
			p.free <- nil
			return nil, err
		}
		s.counted = &counted{}
		return s, nil
	}
}

// give returns a session; one that is broken is closed and its place stays free.
func (p *pool) give(s *session, broken bool) {
	if broken {
		_ = s.close() // it was about to be thrown away
		s = nil
	}
	p.free <- s
}

// close waits for the sessions in use and ends them all.
func (p *pool) close() error {
	var errs []error
	p.once.Do(func() {
		close(p.closed)
		for range p.size {
			if s := <-p.free; s != nil {
				errs = append(errs, s.close())
			}
		}
	})
	return errors.Join(errs...)
}

// View implements portal.Store. The snapshot is taken before fn starts.
func (s *Store) View(ctx context.Context, fn func(portal.Tx) error) (err error) {
	session, err := s.readers.take(ctx)
	if err != nil {
		return err
	}
	t := s.newTx(ctx, session)
	broken := true
	defer func() {
		t.over = true
		if _, end := session.exec(context.Background(), "ROLLBACK"); end != nil {
			broken = true
		}
		s.readers.give(session, broken)
	}()
	if _, err := session.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	for _, err := range session.rows(ctx, "SELECT count(*) FROM org") {
		if err != nil {
			return err
		}
	}
	err = fn(t)
	broken = ctx.Err() != nil // an interrupted connection is not used again
	return err
}
