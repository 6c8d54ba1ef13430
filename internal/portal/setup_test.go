package portal_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/blob"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// plainHasher proves passwords by themselves and counts its work.
type plainHasher struct {
	mu       sync.Mutex
	verified []string // the hashes that were asked about
}

func (h *plainHasher) Hash(_ context.Context, password secret.Secret) (string, error) {
	return "plain:" + password.Reveal(), nil
}

func (h *plainHasher) Verify(_ context.Context, hash string, password secret.Secret) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.verified = append(h.verified, hash)
	return hash == "plain:"+password.Reveal(), nil
}

const adminPassword secret.Secret = "Longenough1"

// rig is the domain over a store of its own.
type rig struct {
	*portal.Portal
	store  *sqlite.Store
	hasher *plainHasher
	clock  *clock.Manual
}

// newRig makes an empty portal.
func newRig(t *testing.T) *rig {
	t.Helper()
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	r := &rig{hasher: &plainHasher{}, clock: clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
	var err error
	if r.store, err = sqlite.Open(t.Context(), dir, sqlite.Options{Clock: r.clock, Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.store.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open(filepath.Join(dir, "blobs"), r.store, log)
	if err != nil {
		t.Fatal(err)
	}
	r.Portal = portal.New(portal.Config{Store: r.store, Blobs: blobs, Hasher: r.hasher, Clock: r.clock, Log: log})
	return r
}

// setUp makes the organization with the administrator "admin".
func (r *rig) setUp(t *testing.T) {
	t.Helper()
	if created, err := r.Setup(t.Context(), "admin", adminPassword); err != nil || !created {
		t.Fatalf("set up: %v, %v", created, err)
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		admin    string
		password secret.Secret
		text     string
	}{
		{"ab", adminPassword, "3 to 128 characters"}, {"a,b,c", adminPassword, "letters A to Z"}, {"system_Publisher", adminPassword, "system account"},
		{"admin", "short1", "at least 8"}, {"admin", "onlyletters", "one letter and one digit"}, {"admin", "12345678", "one letter and one digit"},
		{"admin", secret.Secret(strings.Repeat("a1", 129)), "at most 256"}, {"admin1234", "ADMIN1234", "differ from the username"},
	} {
		created, err := r.Setup(t.Context(), tt.admin, tt.password)
		var public *portal.Error
		if created || !errors.As(err, &public) || !strings.Contains(public.Message, tt.text) || strings.Contains(public.Error(), tt.password.Reveal()) {
			t.Errorf("%s: %v, %v", tt.admin, created, err)
		}
	}
	r.setUp(t)
	if created, err := r.Setup(t.Context(), "other", "Longenough2"); created || err != nil {
		t.Errorf("again: %v, %v", created, err)
	}
	var org *portal.Org
	err := r.store.View(t.Context(), func(tx portal.Tx) (err error) {
		if org, err = tx.Org(); err != nil {
			return err
		}
		for name, owner := range map[string]string{
			"Basemaps": "admin", "Esri Boundary Layers": "esri_boundaries", "Esri Demographic Layers": "esri_demographics",
			"Living Atlas": "esri_livingatlas", "Living Atlas Analysis Layers": "esri_livingatlas", "Navigator Maps": "esri_nav",
		} {
			g, err := tx.GroupTitled(name)
			if err != nil {
				return err
			}
			m, err := tx.Membership(g.ID, owner)
			if err != nil || g.Owner != owner || m.Type != portal.MemberOwner {
				t.Errorf("%s belongs to %s, %v, %v", name, g.Owner, m, err)
			}
		}
		for _, name := range []string{"system_publisher", "esri_nav", "esri_livingatlas", "esri_boundaries", "esri_demographics"} {
			u, err := tx.User(name)
			if err != nil || !u.System || u.Password.Hash != "" || u.Role == portal.RoleAdmin {
				t.Errorf("%s: %+v, %v", name, u, err)
			}
		}
		if _, err := tx.User("other"); !errors.Is(err, portal.ErrAbsent) {
			t.Errorf("other exists: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(org.ID) != 16 || strings.ContainsFunc(string(org.ID), func(c rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", c)
	}) {
		t.Errorf("organization %q", org.ID)
	}
}

func TestOrganizationsDiffer(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for range 2 {
		r := newRig(t)
		r.setUp(t)
		v, err := r.Organization(t.Context(), portal.Caller{}, "self")
		if err != nil {
			t.Fatal(err)
		}
		ids[string(v.ID)] = true
	}
	if len(ids) != 2 {
		t.Errorf("two portals share the id %v", ids)
	}
}

func TestSetupHappensOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 4 {
		wg.Go(func() {
			created, err := r.Setup(t.Context(), "admin", adminPassword)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if created {
				made++
			}
		})
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("set up %d times", made)
	}
}
