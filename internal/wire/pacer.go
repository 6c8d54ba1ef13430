package wire

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Bounds of a pacer.
const (
	DefaultMax = 8
	startLimit = 4
	cutHalf    = 0.5
	cutLatency = 0.75
)

// Pacer bounds the requests in flight to one host. The bound grows by one per round of good
// answers and is cut when the host throttles or slows down (additive increase,
// multiplicative decrease). A pause that the host asks for holds back every request.
//
// All methods are safe for concurrent use.
type Pacer struct {
	clock clock.Clock

	mu       sync.Mutex
	max      int
	limit    float64
	inFlight int
	waiting  []*waiter
	until    time.Time // no request starts before
	wake     *time.Timer
	lastCut  time.Time
	reason   string
	latency  map[string]*latency

	requests, retries, throttled int64

	notifyMu sync.Mutex
	notify   []func(Pace)
}

type waiter struct {
	ready   chan struct{}
	urgent  bool
	granted bool
}

// Pace is a pacer's state at one moment.
type Pace struct {
	Limit, Max, InFlight, Waiting int
	Reason                        string    // why the bound is below Max; empty at full speed
	Until                         time.Time // end of a pause asked for by the host; zero: none
	Requests, Retries, Throttled  int64
}

// NewPacer makes a pacer that allows at most limit requests in flight; 0 means [DefaultMax].
func NewPacer(limit int) *Pacer {
	if limit <= 0 {
		limit = DefaultMax
	}
	return &Pacer{clock: clock.System{}, max: limit, limit: float64(min(startLimit, limit)), latency: map[string]*latency{}}
}

// Notify calls f after each change of the bound's reason. f must not block.
func (p *Pacer) Notify(f func(Pace)) {
	p.notifyMu.Lock()
	defer p.notifyMu.Unlock()
	p.notify = append(p.notify, f)
}

// Pace answers the state of this moment.
func (p *Pacer) Pace() Pace {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Pace{
		Limit: int(p.limit), Max: p.max, InFlight: p.inFlight, Waiting: len(p.waiting), Reason: p.reason,
		Requests: p.requests, Retries: p.retries, Throttled: p.throttled,
	}
	if p.until.After(p.clock.Now()) {
		s.Until = p.until
	}
	return s
}

// slot is the permission to have one request in flight.
type slot struct {
	pacer *Pacer
	start time.Time
}

// acquire waits for a slot. An urgent request does not wait for the bound, only for the end
// of a pause. It returns without a slot when ctx ends.
func (p *Pacer) acquire(ctx context.Context, urgent bool) (*slot, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	w := &waiter{ready: make(chan struct{}), urgent: urgent}
	p.mu.Lock()
	p.waiting = append(p.waiting, w)
	p.dispatch()
	p.mu.Unlock()
	select {
	case <-w.ready:
		return &slot{pacer: p, start: p.clock.Now()}, nil
	case <-ctx.Done():
		p.abandon(w)
		return nil, context.Cause(ctx)
	}
}

func (p *Pacer) abandon(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.granted { // the grant and the end of ctx crossed
		p.inFlight--
		p.requests--
	}
	for i, other := range p.waiting {
		if other == w {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			break
		}
	}
	p.dispatch()
}

// dispatch grants slots in order of arrival; p.mu is held.
func (p *Pacer) dispatch() {
	if pause := p.until.Sub(p.clock.Now()); pause > 0 {
		if p.wake == nil {
			p.wake = time.AfterFunc(pause, p.resume)
		}
		return
	}
	rest := p.waiting[:0]
	for _, w := range p.waiting {
		if !w.urgent && p.inFlight >= int(p.limit) {
			rest = append(rest, w)
			continue
		}
		p.inFlight++
		p.requests++
		w.granted = true
		close(w.ready)
	}
	clear(p.waiting[len(rest):])
	p.waiting = rest
}

func (p *Pacer) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wake = nil
	p.dispatch()
}

// outcome is what a request tells about its host.
type outcome struct {
	op         string
	answered   bool          // the host carried the request out, well or not
	overloaded bool          // it said that it is at its limit
	retryAfter time.Duration // it asked for a pause
	reason     string
	latency    time.Duration // to the first byte of the answer; 0: says nothing
}

// done gives the slot back.
func (s *slot) done(o outcome) {
	p := s.pacer
	p.mu.Lock()
	before := p.reason
	used := 2*p.inFlight >= int(p.limit) // an idle client learns nothing about the bound
	p.inFlight--
	switch slow := p.slowness(o); {
	case o.overloaded:
		p.throttled++
		p.cut(s.start, cutHalf, o.reason)
		if until := p.clock.Now().Add(o.retryAfter); o.retryAfter > 0 && until.After(p.until) {
			p.until = until
		}
	case slow > 0:
		p.cut(s.start, cutLatency, fmt.Sprintf("answers take %.0f times as long as usual", slow))
	case o.answered:
		if used {
			p.limit = min(p.limit+1/p.limit, float64(p.max))
		}
		if p.limit >= float64(p.max) {
			p.reason = ""
		}
	}
	changed := p.reason != before
	p.dispatch()
	p.mu.Unlock()
	if changed {
		p.tell()
	}
}

// cut lowers the bound, once for all the requests that were in flight together.
func (p *Pacer) cut(start time.Time, factor float64, reason string) {
	p.reason = reason
	if !start.After(p.lastCut) && !p.lastCut.IsZero() {
		return
	}
	p.lastCut = p.clock.Now()
	p.limit = max(1, p.limit*factor)
}

func (p *Pacer) tell() {
	p.notifyMu.Lock()
	defer p.notifyMu.Unlock()
	pace := p.Pace()
	for _, f := range p.notify {
		f(pace)
	}
}

func (p *Pacer) countRetry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retries++
}
