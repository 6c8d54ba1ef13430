package clone

import (
	"context"
	"errors"
)

// settled accounts for a step that needs no work and reports whether it is one.
func (a *applier) settled(s Step) bool {
	a.rep.mu.Lock()
	defer a.rep.mu.Unlock()
	c := a.rep.Result.Of(s.Kind)
	switch e, ok := a.j.last(s.Kind, s.Source); {
	case s.Action == Skip:
		c.Skipped++
	case s.Action == Match:
		c.Planned++
		c.Matched++
	case ok && e.Event == EventDone:
		c.Planned++
		*c.after(s.Kind, e.Action)++
	default:
		c.Planned++
		return false
	}
	return true
}

// after returns the count of the objects with which a run did what action says. An item that
// replaces another one keeps its id: it was updated.
func (c *Counts) after(k Kind, action Action) *int {
	switch {
	case action == Match:
		return &c.Matched
	case action == Update || (action == Replace && k == KindItem):
		return &c.Updated
	}
	return &c.Created
}

// past is how events name what was done.
var past = map[Action]string{Create: "created", Match: "matched", Update: "updated", Replace: "replaced"}

// outcome counts a finished step. A failure of one object is recorded and ends nothing; only a
// cancelled run and a journal that cannot be written do.
func (a *applier) outcome(ctx context.Context, s Step, err error) error {
	ev := MeterEvent{Kind: s.Kind, Source: s.Source, Title: s.Title, Action: past[s.Action]}
	c := a.rep.Result.Of(s.Kind)
	count := c.after(s.Kind, s.Action)
	var b blocked
	switch {
	case err == nil:
	case errors.Is(err, errThere):
		count, ev.Action, err = &c.Matched, "matched", nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &b):
		count, ev.Action = &c.Blocked, "blocked"
	default:
		count, ev.Action = &c.Failed, "failed"
	}
	a.rep.mu.Lock()
	*count++
	a.rep.mu.Unlock()
	if err != nil {
		a.first(s.Kind, s.Source)
		ev.Error = err.Error()
		a.rep.fail(Failure{Kind: s.Kind, Source: s.Source, Title: s.Title, Blocked: ev.Action == "blocked", Cause: causeOf(err), Error: ev.Error})
		if jerr := a.j.Append(Entry{Event: EventFailed, Kind: s.Kind, Source: s.Source, Action: s.Action, Error: ev.Error}); jerr != nil {
			return jerr
		}
	}
	a.m.finish(ev)
	return nil
}

// failLate moves an object that an earlier phase had counted as there to the failed ones. The
// journal says so too: the next run completes it.
func (a *applier) failLate(f Failure, was Action) error {
	if !a.first(f.Kind, f.Source) {
		return nil // counted and reported
	}
	a.rep.fail(f)
	a.rep.mu.Lock()
	c := a.rep.Result.Of(f.Kind)
	if n := c.after(f.Kind, was); was != "" && *n > 0 {
		*n--
	} else {
		c.Planned++ // an item that is not shared has no step of its own
	}
	c.Failed++
	a.rep.mu.Unlock()
	a.m.failed.Add(1)
	return a.j.Append(Entry{Event: EventFailed, Kind: f.Kind, Source: f.Source, Action: was, Error: f.Error})
}

// first notes that an object failed and reports whether this run did not say so before.
func (a *applier) first(k Kind, source string) bool {
	a.rep.mu.Lock()
	defer a.rep.mu.Unlock()
	key := objectKey{k, source}
	if a.failed[key] {
		return false
	}
	a.failed[key] = true
	return true
}

// done records an object that is complete on the target.
func (a *applier) done(e Entry) error {
	e.Event = EventDone
	return a.j.Append(e)
}

// errThere is the outcome of an object that needed no work, being there already.
var errThere = errors.New("it is there already")

// blocked is the error of an object that was not tried because something it needs is missing.
type blocked string

func (b blocked) Error() string { return string(b) }
