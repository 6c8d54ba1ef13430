package serve

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const proID = "00000000000000000000000000000abc"

// poolOf writes a pool with some seats of one product.
func poolOf(t *testing.T, seats int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "licenses.json")
	text := fmt.Sprintf(`{"products": [{"title": "App", "itemId": %q, "canDisconnect": true, "entitlements": [{"name": "use", "seats": %d}]}]}`, proID, seats)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// licensing is a running portal, asked as its administrator.
type licensing struct {
	*running
	token string
}

func (o Options) licensing(t *testing.T) licensing {
	t.Helper()
	o.AdminPassword = "Example-password-1"
	r := start(t, o)
	token, _ := r.post("generateToken", url.Values{"username": {"admin"}, "password": {"Example-password-1"}})["token"].(string)
	return licensing{r, token}
}

func (l licensing) seats() string {
	l.t.Helper()
	doc := l.post("portals/self/purchases", url.Values{"token": {l.token}})
	held := l.post("content/listings/"+proID+"/userEntitlements", url.Values{"token": {l.token}})
	text := fmt.Sprint(doc["purchases"])
	_, num, _ := strings.Cut(text, "num:")
	num, _, _ = strings.Cut(num, "]")
	return fmt.Sprint(held["total"], " of ", num)
}

func TestLicensesAreAppliedAtEachStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := Options{Dir: dir, Licenses: poolOf(t, 2)}.licensing(t)
	give := url.Values{"token": {l.token}, "userEntitlements": {`{"users":["admin"],"entitlements":["use"]}`}}
	if v := l.post("content/listings/"+proID+"/provisionUserEntitlements", give); v["success"] != true {
		t.Fatalf("assign: %v", v)
	}
	if v := l.post("content/listings/"+proID+"/setDisconnectSettings", url.Values{"token": {l.token}, "canDisconnect": {"false"}}); v["success"] != true {
		t.Fatalf("setDisconnectSettings: %v", v)
	}
	if got := l.seats(); got != "1 of 2" {
		t.Errorf("first: %s", got)
	}
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	if err := Run(t.Context(), Options{Dir: dir, Listen: "127.0.0.1:0", Licenses: poolOf(t, 0), Out: newOutput()}); err == nil ||
		!strings.Contains(err.Error(), "products: App: use: 0 seats, but 1 are assigned; take back 1 first") {
		t.Errorf("a total below what is assigned: %v", err)
	}
	for _, tt := range []struct {
		name, licenses, want string
		seed                 []byte
	}{
		{"without the flag", "", "1 of 2", nil},
		{"a seed does not replace a pool", "", "1 of 2", []byte(`{}`)},
		{"more seats", poolOf(t, 7), "1 of 7", nil},
		{"fewer seats", poolOf(t, 1), "1 of 1", nil},
	} {
		l := Options{Dir: dir, Licenses: tt.licenses, SeedLicenses: tt.seed}.licensing(t)
		if got := l.seats(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		doc := l.post("portals/self/purchases", url.Values{"token": {l.token}})
		if !strings.Contains(fmt.Sprint(doc), "canDisconnect:false") {
			t.Errorf("%s: the portal's own setting is gone: %v", tt.name, doc)
		}
		if err := l.end(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSeedBringsLicenses(t *testing.T) {
	t.Parallel()
	pool, err := os.ReadFile(poolOf(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	l := Options{Dir: t.TempDir(), SeedLicenses: pool}.licensing(t)
	if got := l.seats(); got != "0 of 3" {
		t.Errorf("got %s", got)
	}
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	if err := Run(t.Context(), Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", SeedLicenses: []byte(`{`), Out: newOutput()}); err == nil || !strings.Contains(err.Error(), "licenses of the seed") {
		t.Errorf("a broken seed: %v", err)
	}
}
