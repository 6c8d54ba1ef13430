package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

func secretOf(s string) secret.Secret { return secret.Secret(s) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// throttled returns a throttle on a manual clock and the delays it asked for.
func throttled(t *testing.T) (*throttle, *clock.Manual, *[]time.Duration) {
	t.Helper()
	c := clock.NewManual(noon)
	var delays []time.Duration
	return newThrottle(c, func(_ context.Context, d time.Duration) error {
		delays = append(delays, d)
		return nil
	}), c, &delays
}

func TestThrottleLocksAPair(t *testing.T) {
	t.Parallel()
	th, c, _ := throttled(t)
	here, there := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i := range pairLimit {
		if err := th.begin(t.Context(), "Ada", here); err != nil {
			t.Fatalf("attempt %d: %v", i+1, err)
		}
	}
	if err := th.begin(t.Context(), "ADA", here); !errors.Is(err, errTooMany) {
		t.Errorf("one more in another case: %v", err)
	}
	if err := th.begin(t.Context(), "ada", there); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	if err := th.begin(t.Context(), "bob", here); err != nil {
		t.Errorf("another account: %v", err)
	}
	c.Advance(pairLock - time.Second)
	if err := th.begin(t.Context(), "ada", here); !errors.Is(err, errTooMany) {
		t.Errorf("just before the end: %v", err)
	}
	c.Advance(time.Second)
	if err := th.begin(t.Context(), "ada", here); err != nil {
		t.Errorf("after the end: %v", err)
	}
}

func TestThrottleForgetsOnSuccess(t *testing.T) {
	t.Parallel()
	th, _, delays := throttled(t)
	here := netip.MustParseAddr("192.0.2.1")
	for range 3 * pairLimit {
		if err := th.begin(t.Context(), "ada", here); err != nil {
			t.Fatal(err)
		}
		th.succeeded("ada", here)
	}
	if len(*delays) > 0 {
		t.Errorf("a member who gives the right password waited %v", *delays)
	}
}

func TestThrottleDelaysAnAccount(t *testing.T) {
	t.Parallel()
	th, c, delays := throttled(t)
	for i := range 20 {
		if err := th.begin(t.Context(), "ada", netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})); err != nil {
			t.Fatal(err)
		}
	}
	if len(*delays) != 20-accountFree || (*delays)[0] != firstDelay || slices.Max(*delays) != longestDelay || !slices.IsSorted(*delays) {
		t.Errorf("delays %v", *delays)
	}
	*delays = nil
	c.Advance(pairLock)
	if err := th.begin(t.Context(), "ada", netip.MustParseAddr("10.1.1.1")); err != nil || len(*delays) > 0 {
		t.Errorf("after a quiet time: %v %v", err, *delays)
	}
}

func TestThrottleTakesAnIPv6SubscriberForOne(t *testing.T) {
	t.Parallel()
	th, _, _ := throttled(t)
	for i := range pairLimit {
		if err := th.begin(t.Context(), "ada", netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1))); err != nil {
			t.Fatal(err)
		}
	}
	if err := th.begin(t.Context(), "ada", netip.MustParseAddr("2001:db8::ffff")); !errors.Is(err, errTooMany) {
		t.Errorf("got %v", err)
	}
	if err := th.begin(t.Context(), "ada", netip.MustParseAddr("2001:db8:0:1::1")); err != nil {
		t.Errorf("another subscriber: %v", err)
	}
}

func TestThrottleIsBounded(t *testing.T) {
	t.Parallel()
	th, _, _ := throttled(t)
	from := netip.MustParseAddr("192.0.2.1")
	for i := range maxCounters + 1000 {
		if err := th.begin(t.Context(), fmt.Sprint("user", i), from); err != nil {
			t.Fatal(err)
		}
	}
	if len(th.pairs) > maxCounters || len(th.accounts) > maxCounters {
		t.Errorf("%d pairs, %d accounts", len(th.pairs), len(th.accounts))
	}
}

func TestPageLimit(t *testing.T) {
	t.Parallel()
	p := newPageLimit()
	busy, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	allowed := 0
	for range 10 * pagesAtOnce {
		if p.allow(busy) {
			allowed++
		}
	}
	if allowed < pagesAtOnce || allowed > 2*pagesAtOnce {
		t.Errorf("one network got %d pages", allowed)
	}
	if !p.allow(other) {
		t.Error("one network takes the pages of all")
	}
}
