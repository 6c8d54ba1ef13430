package portal

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// The file of common passwords can be searched, and holds more than the 3000 that OWASP asks for.
func TestCommonPasswordsAreSorted(t *testing.T) {
	t.Parallel()
	n := len(commonPasswords) / commonSize
	if len(commonPasswords)%commonSize != 0 || n < 3000 {
		t.Fatalf("%d bytes, %d passwords", len(commonPasswords), n)
	}
	at := func(i int) []byte { return []byte(commonPasswords[i*commonSize : (i+1)*commonSize]) }
	for i := 1; i < n; i++ {
		if bytes.Compare(at(i-1), at(i)) >= 0 {
			t.Fatalf("entry %d is not above the one before it", i)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ user, password, text string }{ // text empty: good
		{"ada", "qwerty123", "tried first"}, {"ada", "1QAZ2wsx", "tried first"}, {"ada", "Password1", "tried first"}, {"ada", "trustno1", "tried first"},
		{"ada", "ArcGIS-2026", "easy to guess"}, {"ada", "2026!Portal!", "easy to guess"}, {"ada", "admin.00001", "easy to guess"},
		{"lovelace", "Lovelace1815", "easy to guess"}, {"ada.lovelace", "AdaLovelace1", "easy to guess"}, {"ada_k@example.org", "adak12345", "easy to guess"},
		{"482913", "482913kx", ""}, {"ada", "Engine1843", ""}, {"ada", "Adas-portal-1843", ""}, {"ada", "correct horse battery 5taple", ""},
		{"ada", strings.Repeat("лошадь ", 12) + "1", ""}, {"ada", strings.Repeat("a1", 128), ""}, {"ada", "q1w2e3r4" + "t5z6u7i8o9", ""},
	} {
		err := checkPassword("password", tt.user, secret.Secret(tt.password))
		switch {
		case tt.text == "" && err != nil:
			t.Errorf("%s, %s: %v", tt.user, tt.password, err)
		case tt.text != "" && (err == nil || !strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), tt.password)):
			t.Errorf("%s, %s: got %v, want %q", tt.user, tt.password, err, tt.text)
		}
	}
	for range 200 {
		if p := secret.New(15); isCommon(p) || isOfContext("admin", p) {
			t.Errorf("a password that was drawn at random is refused")
		}
	}
}
