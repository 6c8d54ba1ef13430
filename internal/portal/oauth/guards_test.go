package oauth

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
)

// An account without a password costs a computation like any other: where none can be begun,
// its check waits too.
//
// Guard: Hasher.none.
func TestNoHashCostsAsMuchAsAHash(t *testing.T) {
	t.Parallel()
	h := NewHasher(cheap)
	for range atOnce {
		h.slots <- struct{}{} // all computations are taken
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Verify(ctx, "", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("nothing was computed: %v", err)
	}
	if h.none.cost != cheap || len(h.none.salt) != saltLen {
		t.Errorf("another amount of work is done: %+v", h.none.cost)
	}
}

// No stored hash asks for more memory or passes than the bounds allow.
//
// Guard: parsePHC.
func TestStoredHashesAskForBoundedWork(t *testing.T) {
	t.Parallel()
	const tail = ",p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for cost, good := range map[Cost]bool{
		{MemoryKiB: maxMemoryKiB, Passes: maxPasses}: true, {MemoryKiB: maxMemoryKiB + 1, Passes: 1}: false, {MemoryKiB: 64, Passes: maxPasses + 1}: false,
		{MemoryKiB: 1<<32 - 1, Passes: 1<<32 - 1}: false, {MemoryKiB: 7, Passes: 1}: false, {MemoryKiB: 64}: false,
	} {
		_, err := parsePHC(fmt.Sprintf("$argon2id$v=19$m=%d,t=%d%s", cost.MemoryKiB, cost.Passes, tail))
		if (err == nil) != good {
			t.Errorf("%+v: %v", cost, err)
		}
	}
}

// Hashes are computed a few at a time, for each takes memory; others wait.
//
// Guard: Hasher.slots.
func TestHasherComputesFewAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(cheap)
		for range atOnce {
			h.slots <- struct{}{}
		}
		done := make(chan error, 1)
		go func() {
			_, err := h.Hash(t.Context(), "x")
			done <- err
		}()
		synctest.Wait()
		select {
		case err := <-done:
			t.Errorf("one more was computed: %v", err)
			return
		default:
		}
		<-h.slots
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
