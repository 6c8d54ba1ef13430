package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	sqlitedriver "modernc.org/sqlite"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

const (
	fileName = "portal.db"
	readers  = 8
)

// Options adjust a Store; the zero value is ready.
type Options struct {
	Clock clock.Clock  // nil: the machine's clock
	Log   *slog.Logger // nil: no log
}

// Store is a portal.Store in one SQLite file. It is safe for concurrent use.
type Store struct {
	dir     string
	clock   clock.Clock
	log     *slog.Logger
	lock    *os.File
	writeDB *sql.DB
	readDB  *sql.DB
	writer  *writer
	readers *pool
}

var _ portal.Store = (*Store)(nil)

// Open opens the store in the data folder dir, making both where they do not exist, brings
// its schema up to date and locks the folder against other processes until Close.
func Open(ctx context.Context, dir string, opts Options) (_ *Store, err error) {
	s := &Store{dir: dir, clock: opts.Clock, log: opts.Log}
	if s.clock == nil {
		s.clock = clock.System{}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("opening the store in %s: %w", dir, err), s.Close())
		}
	}()
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	if s.lock, err = LockDir(dir); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, fileName)
	if err := touch(file); err != nil {
		return nil, err
	}
	if s.writeDB, err = openDB(file, false); err != nil {
		return nil, err
	}
	s.writeDB.SetMaxOpenConns(1)
	if err := migrate(ctx, s.writeDB, s.log); err != nil {
		return nil, err
	}
	if err := syncFolder(dir); err != nil {
		return nil, err
	}
	if s.readDB, err = openDB(file, true); err != nil {
		return nil, err
	}
	s.readDB.SetMaxOpenConns(readers)
	s.readers = newPool(s.readDB, readers)
	session, err := newSession(ctx, s.writeDB)
	if err != nil {
		return nil, err
	}
	s.writer = startWriter(session, s.log)
	return s, nil
}

// openDB prepares connections to file. Each one gets its pragmas before its first use:
// a connection waits for locks before it asks for any, and a commit is answered only after
// the log has been synced.
func openDB(file string, readOnly bool) (*sql.DB, error) {
	q := url.Values{"_pragma": {
		"busy_timeout(10000)",
		"journal_mode(wal)",
		"synchronous(full)",
		"foreign_keys(on)",
		"temp_store(memory)",
		"cache_size(-16000)",
		"journal_size_limit(67108864)",
	}}
	if readOnly {
		q.Add("_pragma", "query_only(on)")
	}
	c, err := sqlitedriver.NewConnector((&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// Close waits for the transactions that run and ends the store. A second call does nothing.
func (s *Store) Close() error {
	var errs []error
	if s.writer != nil {
		s.writer.stop()
		s.writer = nil
	}
	if s.readers != nil {
		s.readers.close()
		s.readers = nil
	}
	for _, db := range []*sql.DB{s.readDB, s.writeDB} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	s.readDB, s.writeDB = nil, nil
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
		s.lock = nil
	}
	return errors.Join(errs...)
}
