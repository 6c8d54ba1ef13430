package wire

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// take acquires a slot or fails the test if that takes longer than a moment.
func take(t *testing.T, p *Pacer) *slot {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	s, err := p.acquire(ctx, false)
	if err != nil {
		t.Fatalf("acquire: %v (%+v)", err, p.Pace())
	}
	return s
}

func refuses(t *testing.T, p *Pacer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := p.acquire(ctx, false); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("acquire beyond the bound: %v", err)
	}
	if w := p.Pace().Waiting; w != 0 {
		t.Fatalf("%d still waiting after giving up", w)
	}
}

func TestPacerGrowsAndIsCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var reasons []string
		p := NewPacer(6)
		p.Notify(func(s Pace) { mu.Lock(); defer mu.Unlock(); reasons = append(reasons, s.Reason) })
		round := func(o outcome) {
			var held []*slot
			for range p.Pace().Limit {
				held = append(held, take(t, p))
			}
			refuses(t, p)
			time.Sleep(time.Millisecond)
			for _, s := range held {
				s.done(o)
			}
		}
		limits := []int{p.Pace().Limit}
		for range 8 {
			round(outcome{answered: true})
			limits = append(limits, p.Pace().Limit)
		}
		if !slices.IsSorted(limits) || limits[0] != 4 || limits[8] != 6 {
			t.Errorf("limits = %v, want growth from 4 to 6", limits)
		}
		round(outcome{overloaded: true, reason: "too many"})
		if got := p.Pace(); got.Limit != 3 || got.Reason != "too many" || got.Throttled != 6 {
			t.Errorf("after a throttled round: %+v, want one cut to 3", got)
		}
		for range 10 {
			round(outcome{overloaded: true, reason: "too many"})
		}
		if got := p.Pace().Limit; got != 1 {
			t.Errorf("limit = %d, want never below 1", got)
		}
		for range 40 {
			round(outcome{answered: true})
		}
		if got := p.Pace(); got.Limit != 6 || got.Reason != "" {
			t.Errorf("after recovery: %+v", got)
		}
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(reasons, []string{"too many", ""}) {
			t.Errorf("notified of %q", reasons)
		}
	})
}

func TestPacerPausesAsAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer(4)
		s := take(t, p)
		start := time.Now()
		s.done(outcome{overloaded: true, retryAfter: 7 * time.Second, reason: "r"})
		if until := p.Pace().Until; !until.Equal(start.Add(7 * time.Second)) {
			t.Errorf("until = %v", until)
		}
		refuses(t, p)
		for _, urgent := range []bool{false, true} {
			s, err := p.acquire(t.Context(), urgent)
			if err != nil {
				t.Fatal(err)
			}
			defer s.done(outcome{})
		}
		if d := time.Since(start); d != 7*time.Second {
			t.Errorf("waited %v, want 7s", d)
		}
		if !p.Pace().Until.IsZero() {
			t.Error("the pause is over but still shown")
		}
	})
}

func TestPacerSlowsWithLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer(8)
		one := func(op string, latency time.Duration) {
			s := take(t, p)
			time.Sleep(time.Millisecond)
			s.done(outcome{op: op, answered: true, latency: latency})
		}
		for range 30 {
			one("GET a", 100*time.Millisecond)
			one("GET b", 3*time.Second) // slow by nature
		}
		if got := p.Pace(); got.Reason != "" || got.Limit != 4 {
			t.Errorf("undisturbed: %+v", got)
		}
		for range 10 {
			one("GET a", 2*time.Second)
		}
		if got := p.Pace(); got.Reason == "" || got.Limit >= 4 {
			t.Errorf("slowed down: %+v, want a reason and a lower bound", got)
		}
	})
}

func TestPacerUrgentPassesTheBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer(1)
		s := take(t, p)
		u, err := p.acquire(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		u.done(outcome{answered: true})
		s.done(outcome{answered: true})
		if got := p.Pace(); got.InFlight != 0 || got.Requests != 2 {
			t.Errorf("pace = %+v", got)
		}
	})
}

func TestPacerServesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer(1)
		first := take(t, p)
		var order []int
		for i := range 5 {
			go func() {
				s, err := p.acquire(t.Context(), false)
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, i)
				s.done(outcome{answered: true})
			}()
			synctest.Wait()
		}
		first.done(outcome{answered: true})
		synctest.Wait()
		if !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
			t.Errorf("order = %v", order)
		}
	})
}
