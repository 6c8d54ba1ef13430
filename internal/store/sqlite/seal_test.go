package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// The secret of an app is in no file of the data folder as it is, comes back after a restart,
// and is lost, but nothing else is, with the key.
func TestSecretsOfAppsAreSealed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const plain = "the-secret-of-an-app"
	app := &portal.App{ClientID: "client", Item: esri.ItemID(strings.Repeat("a", 32)), SecretHash: "hash", Secret: secret.Secret(plain), RedirectURIs: []string{"https://app.example.com"}}
	with := func(fn func(portal.Tx) error) {
		t.Helper()
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Update(t.Context(), fn); err != nil {
			t.Error(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil || bytes.Contains(b, []byte(plain)) {
				t.Errorf("%s holds the secret, or cannot be read: %v", f.Name(), err)
			}
			if info, err := f.Info(); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
				t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read := func(want string) func(portal.Tx) error {
		return func(tx portal.Tx) error {
			a, err := tx.App("client")
			if err == nil && (a.Secret.Reveal() != want || a.SecretHash != "hash" || len(a.RedirectURIs) != 1) {
				t.Errorf("read %+v with the secret %q, want %q", a, a.Secret.Reveal(), want)
			}
			return err
		}
	}
	with(func(tx portal.Tx) error {
		if err := tx.PutItem(&portal.Item{ID: app.Item}); err != nil {
			return err
		}
		return tx.PutApp(app)
	})
	with(read(plain))
	// What is sealed for one app opens for no other.
	with(func(tx portal.Tx) error {
		other := &portal.Item{ID: esri.ItemID(strings.Repeat("b", 32))}
		if err := tx.PutItem(other); err != nil {
			return err
		}
		if err := tx.PutApp(&portal.App{ClientID: "other", Item: other.ID}); err != nil {
			return err
		}
		if err := tx.(*transaction).exec("UPDATE apps SET secret_sealed=(SELECT secret_sealed FROM apps WHERE client_id='client') WHERE client_id='other'"); err != nil {
			return err
		}
		a, err := tx.App("other")
		if err == nil && a.Secret != "" {
			t.Error("a sealed secret was moved to another app")
		}
		return err
	})
	if err := os.Remove(filepath.Join(dir, keyName)); err != nil {
		t.Fatal(err)
	}
	with(read(""))
	if err := os.WriteFile(filepath.Join(dir, keyName), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), keyName) {
		t.Errorf("opened with a damaged key: %v", err)
	}
}

type transaction = tx // whose name the parameters of the test hide
