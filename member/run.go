package member

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/journal"
)

// ErrUnfinished is the error for a journal that holds a run which was cut off: go on with it by
// [Resume], or give it up by [Discard].
var ErrUnfinished = errors.New("the journal holds a run that was cut off")

// events of a journal's lines.
const (
	eventBegin    = "begin"    // a run of Kind on Portal
	eventStep     = "step"     // one step of its plan, in order
	eventReady    = "ready"    // the plan is whole
	eventDid      = "did"      // what a step did, as it goes
	eventOutcome  = "outcome"  // what became of step N
	eventFinished = "finished" // the run reached its end
	eventClosed   = "closed"   // a move was finished or taken back: its record is over
)

// line is one line of a journal.
type line struct {
	Event   string          `json:"event"`
	Kind    string          `json:"kind,omitempty"`
	Portal  string          `json:"portal,omitempty"`
	N       int             `json:"n"`
	Body    json.RawMessage `json:"body,omitempty"` // of a step, or of what it did
	Outcome Outcome         `json:"outcome,omitempty"`
	Reason  string          `json:"reason,omitempty"`
}

// run is a plan that is being carried out, with its journal if it has one.
type run struct {
	log    *journal.Log // nil: none
	kind   string
	portal string

	mu       sync.Mutex
	steps    []json.RawMessage
	outcomes map[int]line
	did      []line
	ready    bool
	finished bool
}

func (r *run) replay(b []byte) error {
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return err
	}
	switch l.Event {
	case eventBegin:
		r.restart(l.Kind, l.Portal)
	case eventStep:
		r.steps = append(r.steps, l.Body)
	case eventReady:
		r.ready = true
	case eventDid:
		r.did = append(r.did, l)
	case eventOutcome:
		r.outcomes[l.N] = l
	case eventFinished:
		r.finished = true
	case eventClosed:
		r.restart("", "")
	default:
		return fmt.Errorf("this is no journal of members: event %q", l.Event)
	}
	return nil
}

// restart begins another run in the same journal. A move that follows one keeps what that did:
// both are finished or taken back together.
func (r *run) restart(kind, portal string) {
	if kind != kindMove || r.kind != kindMove || r.portal != portal {
		r.did = nil
	}
	r.kind, r.portal, r.steps, r.outcomes = kind, portal, nil, map[int]line{}
	r.ready, r.finished = false, false
}

// unfinished reports whether the journal holds a run to go on with. A plan that was not written
// whole has done nothing.
func (r *run) unfinished() bool { return r.ready && !r.finished }

func openRun(path string) (*run, error) {
	r := &run{}
	log, err := journal.Open(path, r.replay)
	if err != nil {
		return nil, err
	}
	r.log = log
	return r, nil
}

// beginRun starts a run with the steps of a plan, after the journal's earlier ones. An empty path
// keeps none.
func beginRun[T any](ctx context.Context, p *gis.Portal, path, kind string, steps []T) (*run, error) {
	portal, err := portalKey(ctx, p)
	if err != nil {
		return nil, err
	}
	r := &run{}
	if path != "" {
		if r, err = openRun(path); err != nil {
			return nil, err
		}
		if r.unfinished() {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, ErrUnfinished), r.close())
		}
	}
	r.restart(kind, portal)
	r.ready = true
	lines := []any{line{Event: eventBegin, Kind: kind, Portal: portal}}
	for i, s := range steps {
		b, err := json.Marshal(s)
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		r.steps = append(r.steps, b)
		lines = append(lines, line{Event: eventStep, N: i, Body: b})
	}
	if err := r.append(append(lines, line{Event: eventReady})...); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *run) append(lines ...any) error {
	if r.log == nil {
		return nil
	}
	return r.log.Append(lines...)
}

func (r *run) close() error {
	if r.log == nil {
		return nil
	}
	return r.log.Close()
}

// over reports whether step n has its outcome.
func (r *run) over(n int) (line, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.outcomes[n]
	return l, ok
}

// outcome records what became of steps.
func (r *run) outcome(o Outcome, reason string, steps ...int) error {
	var lines []any
	r.mu.Lock()
	for _, n := range steps {
		l := line{Event: eventOutcome, N: n, Outcome: o, Reason: reason}
		r.outcomes[n] = l
		lines = append(lines, l)
	}
	r.mu.Unlock()
	return r.append(lines...)
}

// record keeps what step n is about to do, for going on and for taking it back.
func (r *run) record(n int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l := line{Event: eventDid, N: n, Body: b}
	r.mu.Lock()
	r.did = append(r.did, l)
	r.mu.Unlock()
	return r.append(l)
}

// finish ends a run that reached its end.
func (r *run) finish() error {
	r.finished = true
	return r.append(line{Event: eventFinished})
}

// stepsOf reads the steps of a run.
func stepsOf[T any](r *run) ([]T, error) {
	out := make([]T, len(r.steps))
	for i, b := range r.steps {
		if err := json.Unmarshal(b, &out[i]); err != nil {
			return nil, fmt.Errorf("journal: step %d: %w", i, err)
		}
	}
	return out, nil
}

func portalKey(ctx context.Context, p *gis.Portal) (string, error) {
	self, err := p.Self(ctx)
	if err != nil {
		return "", err
	}
	return p.URL() + " " + string(self.ID), nil
}

// Unfinished answers the kind of the run that was cut off and is to go on by [Resume]: assign,
// which reclaims are too, offboard or move; empty: none. Imports go on by being run again.
func Unfinished(path string) (kind string, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	r, err := openRun(path)
	if err != nil {
		return "", err
	}
	defer r.close()
	if !r.unfinished() {
		return "", nil
	}
	return r.kind, nil
}

// Discard gives up the run in a journal: what it did stays, what it did not do is forgotten. The
// file is renamed, and the new name answered.
func Discard(path string) (string, error) { return journal.Archive(path) }

// Resume goes on with the run in the journal of opts, whichever it is. The portal must be the
// one it was begun on.
func Resume(ctx context.Context, p *gis.Portal, opts Options) (*Results, error) {
	r, err := openRun(opts.Journal)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if !r.unfinished() {
		return nil, fmt.Errorf("%s holds no run that was cut off", opts.Journal)
	}
	key, err := portalKey(ctx, p)
	if err != nil {
		return nil, err
	}
	if key != r.portal {
		return nil, fmt.Errorf("the run was begun on %s, not on %s", r.portal, key)
	}
	switch r.kind {
	case kindAssign:
		return resumeAssign(ctx, p, r, opts)
	case kindOffboard:
		return resumeOffboard(ctx, p, r, opts)
	case kindMove:
		return resumeMove(ctx, p, r, opts)
	}
	return nil, fmt.Errorf("the journal holds a run of kind %q, which this version does not know", r.kind)
}

// Kinds of runs.
const (
	kindAssign   = "assign" // reclaims are assignments of nothing
	kindOffboard = "offboard"
	kindMove     = "move"
)
