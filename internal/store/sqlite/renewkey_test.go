package sqlite

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// sealing is a data folder with the secrets of two apps.
type sealing struct {
	t   *testing.T
	dir string
}

const appSecret = "the-secret-of-an-app"

func newSealing(t *testing.T) *sealing {
	t.Helper()
	k := &sealing{t, t.TempDir()}
	k.with(Options{}, func(s *Store) {
		err := s.Update(t.Context(), func(tx portal.Tx) error {
			for _, id := range []string{"a", "b"} {
				item := esri.ItemID(strings.Repeat(id, 32))
				if err := tx.PutItem(&portal.Item{ID: item}); err != nil {
					return err
				}
				if err := tx.PutApp(&portal.App{ClientID: id, Item: item, Secret: secret.Secret(appSecret + id)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return k
}

func (k *sealing) with(o Options, do func(*Store)) {
	k.t.Helper()
	s, err := Open(k.t.Context(), k.dir, o)
	if err != nil {
		k.t.Fatal(err)
	}
	do(s)
	if err := s.Close(); err != nil {
		k.t.Fatal(err)
	}
}

func (k *sealing) key() string {
	k.t.Helper()
	b, err := os.ReadFile(filepath.Join(k.dir, keyName))
	if err != nil {
		k.t.Fatal(err)
	}
	return string(b)
}

// reads checks that both secrets open, and that one key is in the folder, which nobody else reads.
func (k *sealing) reads(s *Store) {
	k.t.Helper()
	err := s.View(k.t.Context(), func(tx portal.Tx) error {
		for _, id := range []string{"a", "b"} {
			if a, err := tx.App(id); err != nil || a.Secret.Reveal() != appSecret+id {
				k.t.Errorf("the secret of %s: %v", id, err)
			}
		}
		return nil
	})
	if err != nil {
		k.t.Error(err)
	}
	files, err := filepath.Glob(filepath.Join(k.dir, keyName+"*"))
	if err != nil || len(files) != 1 {
		k.t.Errorf("keys %v, %v", files, err)
	}
	if info, err := os.Stat(filepath.Join(k.dir, keyName)); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		k.t.Errorf("%v, %v", info, err)
	}
}

func TestKeyIsRenewed(t *testing.T) {
	t.Parallel()
	k := newSealing(t)
	old := k.key()
	k.with(Options{RenewKey: true}, k.reads)
	if k.key() == old {
		t.Error("the key is the old one")
	}
	k.with(Options{}, k.reads)
	// What was sealed with the old key is sealed no more.
	if err := os.WriteFile(filepath.Join(k.dir, keyName), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	k.with(Options{}, func(s *Store) {
		err := s.View(t.Context(), func(tx portal.Tx) error {
			a, err := tx.App("a")
			if err == nil && a.Secret != "" {
				t.Error("the old key still opens a secret")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// cut leaves the folder as a renewal does that dies before or after its commit.
func (k *sealing) cut(committed bool) {
	k.t.Helper()
	file := filepath.Join(k.dir, keyName)
	old, err := openSealer(file)
	if err != nil {
		k.t.Fatal(err)
	}
	next, err := openSealer(file + nextKey)
	if err != nil {
		k.t.Fatal(err)
	}
	if !committed {
		return
	}
	db, err := openDB(filepath.Join(k.dir, fileName), false)
	if err != nil {
		k.t.Fatal(err)
	}
	defer db.Close()
	s := &Store{writeDB: db, seal: old}
	if n, err := s.resealed(k.t.Context(), next); n != 2 || err != nil {
		k.t.Fatalf("sealed %d, %v", n, err)
	}
}

// A renewal that is cut off before or after its commit loses no secret.
func TestRenewalIsCutOff(t *testing.T) {
	t.Parallel()
	for name, committed := range map[string]bool{"before its commit": false, "after its commit": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newSealing(t)
			old := k.key()
			k.cut(committed)
			k.with(Options{}, k.reads)
			if (k.key() != old) != committed {
				t.Error("the wrong key was kept")
			}
			k.with(Options{RenewKey: true}, k.reads)
		})
	}
}

// A portal without apps has nothing to seal, and gets its key all the same.
func TestKeyOfAnEmptyPortalIsRenewed(t *testing.T) {
	t.Parallel()
	k := &sealing{t, t.TempDir()}
	k.with(Options{}, func(*Store) {})
	old := k.key()
	k.with(Options{RenewKey: true}, func(*Store) {})
	if k.key() == old {
		t.Error("the key is the old one")
	}
}
