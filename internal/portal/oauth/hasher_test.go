package oauth

import (
	"context"
	"errors"
	"strings"
	"testing"
)

var cheap = Cost{MemoryKiB: 64, Passes: 1}

func TestHasher(t *testing.T) {
	t.Parallel()
	h := NewHasher(cheap)
	first, err := h.Hash(t.Context(), "correct horse 1")
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Hash(t.Context(), "correct horse 1")
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Error("two hashes of one password are equal: the salt is not random")
	}
	if !strings.HasPrefix(first, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("not in PHC form: %s", first)
	}
	// An empty hash is an account without a password: nothing matches it, not even nothing.
	for _, tt := range []struct {
		hash     string
		password string
		want     bool
	}{{first, "correct horse 1", true}, {first, "correct horse 2", false}, {first, "", false}, {"", "", false}, {"", "x", false}} {
		got, err := NewHasher(DefaultCost()).Verify(t.Context(), tt.hash, secretOf(tt.password))
		if err != nil || got != tt.want {
			t.Errorf("Verify(%q, %q) = %v, %v", tt.hash, tt.password, got, err)
		}
	}
}

// The known answer comes from the reference program of argon2: password "password", salt
// "somesalt", two passes over 64 MiB.
func TestHasherKnownAnswer(t *testing.T) {
	t.Parallel()
	const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := NewHasher(cheap).Verify(t.Context(), known, "password"); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestHasherEndsWithItsContext(t *testing.T) {
	t.Parallel()
	h := NewHasher(cheap)
	for range atOnce {
		h.slots <- struct{}{} // all computations are taken
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestParsePHCRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"x", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$AAAA",
		"$argon2id$v=19$m=64,t=1,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$short", "$argon2id$v=19$m=64,t=1,p=1$!$!", "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	} {
		if _, err := parsePHC(s); !errors.Is(err, errPHC) {
			t.Errorf("%s: got %v", s, err)
		}
	}
}
