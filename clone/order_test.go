package clone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func item(id string, needs ...string) Step {
	return Step{Kind: KindItem, Action: Create, Source: id, Title: "item " + id, Needs: needs}
}

func nothingMissing(string) *lack { return nil }

// play schedules units and returns the order in which their steps ran; those that fail names
// fail.
func play(t *testing.T, steps []Step, fail ...string) (ran []string, blockedBy map[string]string) {
	t.Helper()
	var mu sync.Mutex
	blockedBy = map[string]string{}
	err := schedule(t.Context(), arrange(steps, nothingMissing), 4, func(u *unit) (*lack, error) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range u.steps {
			if u.lacks != nil {
				blockedBy[s.Source] = u.lacks.source
				continue
			}
			ran = append(ran, s.Source)
			if slices.Contains(fail, s.Source) {
				return &lack{kind: s.Kind, source: s.Source, title: s.Title}, nil
			}
		}
		return u.lacks, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ran, blockedBy
}

func TestItemsStartWhenWhatTheyNeedIsDone(t *testing.T) {
	t.Parallel()
	ran, _ := play(t, []Step{item("app", "map", "story"), item("map", "layer"), item("story", "map"), item("layer"), item("lone")})
	at := func(id string) int { return slices.Index(ran, id) }
	if len(ran) != 5 || at("layer") > at("map") || at("map") > at("story") || at("story") > at("app") {
		t.Errorf("order: %v", ran)
	}
}

func TestWhatAFailedItemIsNeededForIsBlockedByItsRoot(t *testing.T) {
	t.Parallel()
	ran, by := play(t, []Step{item("app", "map"), item("map", "layer"), item("layer"), item("lone"), item("other", "lone")}, "layer")
	if slices.Sort(ran); !slices.Equal(ran, []string{"layer", "lone", "other"}) {
		t.Errorf("ran: %v", ran)
	}
	if len(by) != 2 || by["map"] != "layer" || by["app"] != "layer" {
		t.Errorf("blocked: %v", by)
	}
}

func TestRingsAreOneUnit(t *testing.T) {
	t.Parallel()
	units := arrange([]Step{item("a", "b"), item("b", "c"), item("c", "a", "d"), item("d"), item("e", "a"), item("self", "self")}, nothingMissing)
	var got []string
	for _, u := range units {
		var ids []string
		for _, s := range u.steps {
			ids = append(ids, s.Source)
		}
		got = append(got, fmt.Sprint(strings.Join(ids, "+"), " waits for ", u.waits))
	}
	slices.Sort(got)
	want := []string{"a+b+c waits for 1", "d waits for 0", "e waits for 1", "self waits for 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestANeedOfNothingKnownNamesTheLineOfThePlan(t *testing.T) {
	t.Parallel()
	p := &Plan{Header: Header{Items: map[string]string{"basemap": "x"}}, Steps: []Step{
		{Kind: KindGroup, Source: "crew"}, item("layer"), item("map", "layer", "crew", "basemap"), item("app", "nobody"),
	}}
	if err := checkNeeds(p); err == nil || !strings.Contains(err.Error(), "line 5") || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("got %v, want an error that names line 5", err)
	}
}

// TestTwentyThousandItemsAreScheduledAtOnce goes over one chain of 20,000 items, one ring of as
// many, and as many that need the same one.
func TestTwentyThousandItemsAreScheduledAtOnce(t *testing.T) {
	t.Parallel()
	const n = 20_000
	id := func(i int) string { return fmt.Sprintf("%032x", i) }
	for name, needs := range map[string]func(i int) []string{
		"chain": func(i int) []string { return []string{id(i + 1)} },
		"ring":  func(i int) []string { return []string{id((i + 1) % n)} },
		"star":  func(i int) []string { return []string{id(0)} },
	} {
		var steps []Step
		for i := range n {
			steps = append(steps, item(id(i), needs(i)...))
		}
		began := time.Now()
		ran, _ := play(t, steps)
		if took := time.Since(began); len(ran) != n || took > 5*time.Second {
			t.Errorf("%s: %d ran in %v", name, len(ran), took)
		}
	}
}

func TestACancelledScheduleFinishesWhatItBegan(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	finished := 0
	err := schedule(ctx, arrange([]Step{item("a"), item("b", "a")}, nothingMissing), 4, func(u *unit) (*lack, error) {
		cancel()
		finished++
		return nil, nil
	})
	if !errors.Is(err, context.Canceled) || finished != 1 {
		t.Errorf("%v after %d", err, finished)
	}
}

func TestWorkInFlightOutlivesACancelledRunByTheGraceTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	work, done := inFlight(ctx)
	cancel()
	if work.Err() != nil {
		t.Error("work in flight ended with the run")
	}
	done()
	if work.Err() == nil {
		t.Error("work is not released")
	}
}
