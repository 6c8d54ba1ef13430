package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

const plain = "correct-horse"

type login struct {
	User     string
	Password secret.Secret
	Token    *secret.Secret `json:"token,omitempty"`
}

func TestPrintsNowhere(t *testing.T) {
	t.Parallel()
	s := secret.Secret(plain)
	l := login{User: "ada", Password: s, Token: &s}
	logged := func(h func(*bytes.Buffer) slog.Handler) string {
		var buf bytes.Buffer
		slog.New(h(&buf)).Info("signed in", "password", s, "login", l, "token", &s)
		return buf.String()
	}
	marshal := func(b []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	tests := map[string]string{
		"String":   s.String(),
		"GoString": s.GoString(),
		"Sprint":   fmt.Sprint(s),
		"concat":   "x" + s.String(),
		"error":    errors.Join(fmt.Errorf("refused: %v", s)).Error(),
		"panic":    fmt.Sprintf("%v", any(s)),
		"json":     marshal(json.Marshal(l)),
		"xml":      marshal(xml.Marshal(l)),
		"text log": logged(func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) }),
		"json log": logged(func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) }),
	}
	for _, verb := range []string{"v", "+v", "#v", "s", "q", "x", "X", "d", "10s", ".3s"} {
		tests["%"+verb] = fmt.Sprintf("%"+verb, s)
		tests["struct %"+verb] = fmt.Sprintf("%"+verb, l)
		tests["slice %"+verb] = fmt.Sprintf("%"+verb, []secret.Secret{s})
	}
	for name, got := range tests {
		if strings.Contains(got, plain) || strings.Contains(got, hex.EncodeToString([]byte(plain))) || strings.Contains(got, "cor") {
			t.Errorf("%s shows the secret: %s", name, got)
		}
		if !strings.Contains(got, "[redacted]") {
			t.Errorf("%s = %q, want it to say [redacted]", name, got)
		}
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()
	if got := secret.Secret(plain).Reveal(); got != plain {
		t.Errorf("Reveal = %q, want %q", got, plain)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		a, b secret.Secret
		want bool
	}{
		{"same", plain, plain, true},
		{"both empty", "", "", true},
		{"one letter off", plain, secret.Secret(plain[:len(plain)-1] + "f"), false},
		{"prefix", plain, plain + "x", false},
		{"empty against value", "", plain, false},
	}
	for _, tt := range tests {
		if got := tt.a.Equal(tt.b); got != tt.want {
			t.Errorf("%s: Equal = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestDecodesAsPlainString(t *testing.T) {
	t.Parallel()
	var l login
	if err := json.Unmarshal([]byte(`{"User":"ada","Password":"`+plain+`"}`), &l); err != nil {
		t.Fatal(err)
	}
	if l.Password.Reveal() != plain {
		t.Errorf("decoded %q, want %q", l.Password.Reveal(), plain)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	seen := map[secret.Secret]bool{}
	for range 100 {
		s := secret.New(24)
		raw, err := base64.RawURLEncoding.DecodeString(s.Reveal())
		if err != nil || len(raw) != 24 {
			t.Fatalf("New(24) is not 24 bytes of URL-safe base64: %d bytes, %v", len(raw), err)
		}
		if seen[s] {
			t.Fatal("New answered the same secret twice")
		}
		seen[s] = true
	}
}

func TestHex(t *testing.T) {
	t.Parallel()
	a, b := secret.Hex(16), secret.Hex(16)
	if a == b {
		t.Errorf("Hex answered %s twice", a)
	}
	for _, s := range []string{a, b} {
		if raw, err := hex.DecodeString(s); err != nil || len(raw) != 16 || strings.ToLower(s) != s {
			t.Errorf("Hex(16) = %q, want 32 lower-case hex digits", s)
		}
	}
}
