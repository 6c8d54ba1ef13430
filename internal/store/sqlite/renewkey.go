package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// nextKey is the name that a fresh key has until everything is sealed with it.
const nextKey = ".next"

// settleKey ends a renewal that was cut off: whichever key opens what is stored is the key. file
// is the key in use.
func (s *Store) settleKey(ctx context.Context, file string) error {
	if _, err := os.Stat(file + nextKey); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	next, err := openSealer(file + nextKey)
	if err != nil {
		return err
	}
	sealed, err := sealedSecrets(ctx, s.writeDB)
	if err != nil {
		return err
	}
	for id, text := range sealed {
		if next.open("app "+id, text) != "" {
			s.seal = next
			return os.Rename(file+nextKey, file)
		}
	}
	return os.Remove(file + nextKey) // the renewal had not come to its commit
}

// renewKey draws a key and seals with it all that the present one opens. At no moment is there a
// secret that no key in the folder opens.
func (s *Store) renewKey(ctx context.Context, dir, file string) error {
	next, err := openSealer(file + nextKey)
	if err != nil {
		return err
	}
	if err := syncFolder(dir); err != nil {
		return err
	}
	n, err := s.resealed(ctx, next)
	if err != nil {
		return fmt.Errorf("seal with the new key: %w", err) // both keys stay: the next start finds out which one it is
	}
	if err := os.Rename(file+nextKey, file); err != nil {
		return err
	}
	s.seal = next
	s.log.WarnContext(ctx, "a new key was drawn", "file", file, "secrets", n)
	return syncFolder(dir)
}

// resealed seals all secrets with another key, in one transaction, and counts them. What the
// present key does not open is lost, and stays as it is.
func (s *Store) resealed(ctx context.Context, next *sealer) (n int, err error) {
	sealed, err := sealedSecrets(ctx, s.writeDB)
	if err != nil {
		return 0, err
	}
	tx, err := s.writeDB.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for id, text := range sealed {
		plain := s.seal.open("app "+id, text)
		if plain == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, "UPDATE apps SET secret_sealed=? WHERE client_id=?", next.close("app "+id, plain), id); err != nil {
			return 0, err
		}
		n++
	}
	return n, tx.Commit()
}

// sealedSecrets reads what is sealed, by client id.
func sealedSecrets(ctx context.Context, db *sql.DB) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT client_id,secret_sealed FROM apps WHERE secret_sealed<>''")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		out[id] = text
	}
	return out, rows.Err()
}
