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
	"runtime"
	"strings"
	"sync"

	sqlitedriver "modernc.org/sqlite"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/filelock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

const fileName = "portal.db"

// readers is how many reads can run at a time: searches keep a processor busy, and a few more
// may wait for the disk.
func readers() int { return max(4, runtime.GOMAXPROCS(0)+1) }

// Options adjust a Store; the zero value is ready.
type Options struct {
	Clock clock.Clock  // nil: the machine's clock
	Log   *slog.Logger // nil: no log
	// RenewKey draws a new key for the secrets of apps and seals them with it.
	RenewKey bool
}

// Store is a portal.Store in one SQLite file. It is safe for concurrent use.
type Store struct {
	clock   clock.Clock
	log     *slog.Logger
	lock    *os.File
	writeDB *sql.DB
	readDB  *sql.DB
	writer  *writer
	readers *pool
	seal    *sealer
	close   func() error // runs once
}

var _ portal.Store = (*Store)(nil)

// Open opens the store in the data folder dir, making both where they do not exist, brings
// its schema up to date and locks the folder against other processes until Close.
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
	s := &Store{clock: opts.Clock, log: opts.Log}
	s.close = sync.OnceValue(s.end)
	if s.clock == nil {
		s.clock = clock.System{}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.open(ctx, dir, opts.RenewKey); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the store in %s: %w", dir, err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, dir string, renewKey bool) (err error) {
	if dir == "" {
		return errors.New("no data folder is given")
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if err := makeFolder(dir); err != nil {
		return err
	}
	if s.lock, err = lockDir(dir); err != nil {
		return err
	}
	key := filepath.Join(dir, keyName)
	if s.seal, err = openSealer(key); err != nil {
		return err
	}
	file := filepath.Join(dir, fileName)
	if err := touch(file); err != nil {
		return err
	}
	if s.writeDB, err = openDB(file, false); err != nil {
		return err
	}
	s.writeDB.SetMaxOpenConns(1)
	if err := migrate(ctx, s.writeDB, s.log); err != nil {
		return err
	}
	if err := s.settleKey(ctx, key); err != nil {
		return err
	}
	if renewKey {
		if err := s.renewKey(ctx, dir, key); err != nil {
			return err
		}
	}
	if err := syncFolder(dir); err != nil {
		return err
	}
	if s.readDB, err = openDB(file, true); err != nil {
		return err
	}
	s.readers = newPool(s.readDB, readers())
	session, err := newSession(ctx, s.writeDB)
	if err != nil {
		return err
	}
	s.writer = startWriter(session, s.log)
	return nil
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
		"cache_size(-8000)",
		"journal_size_limit(67108864)",
	}}
	if readOnly {
		q.Add("_pragma", "query_only(on)")
	}
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") { // C:/… becomes /C:/…
		path = "/" + path
	}
	c, err := sqlitedriver.NewConnector((&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// Close waits for the transactions that run and ends the store. A second call does nothing.
func (s *Store) Close() error { return s.close() }

func (s *Store) end() error {
	var errs []error
	if s.writer != nil {
		s.writer.stop()
	}
	if s.readers != nil {
		errs = append(errs, s.readers.close())
	}
	for _, db := range []*sql.DB{s.readDB, s.writeDB} { // the last one to close empties the log
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, filelock.Unlock(s.lock), s.lock.Close())
	}
	return errors.Join(errs...)
}
