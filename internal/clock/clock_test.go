package clock_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

func TestSystem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		before := clock.System{}.Now()
		time.Sleep(time.Hour) // the bubble's time, not the machine's
		after := clock.System{}.Now()
		if got := after.Sub(before); got != time.Hour {
			t.Errorf("an hour later the clock moved by %v", got)
		}
		if after.Location() != time.UTC {
			t.Errorf("location = %v, want UTC", after.Location())
		}
	})
}

func TestManual(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m := clock.NewManual(start)
	if got := m.Now(); !got.Equal(start) {
		t.Fatalf("Now = %v, want %v", got, start)
	}
	m.Advance(90 * time.Minute)
	if got, want := m.Now(), start.Add(90*time.Minute); !got.Equal(want) {
		t.Errorf("after Advance: %v, want %v", got, want)
	}
	m.Advance(-time.Hour)
	if got, want := m.Now(), start.Add(30*time.Minute); !got.Equal(want) {
		t.Errorf("after moving back: %v, want %v", got, want)
	}
	m.Set(start)
	if got := m.Now(); !got.Equal(start) {
		t.Errorf("after Set: %v, want %v", got, start)
	}
}

func TestManualConcurrent(t *testing.T) {
	t.Parallel()
	start := time.Unix(0, 0)
	m := clock.NewManual(start)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			m.Advance(time.Second)
			_ = m.Now()
		})
	}
	wg.Wait()
	if got, want := m.Now(), start.Add(50*time.Second); !got.Equal(want) {
		t.Errorf("after 50 concurrent advances: %v, want %v", got, want)
	}
}
