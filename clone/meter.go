package clone

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Meter counts the progress of a run. Workers bump it; a face reads Snapshot as often as it
// likes. The zero Meter is ready for use.
type Meter struct {
	// OnEvent, where set before the run, is called for each finished object and each phase,
	// one call at a time.
	OnEvent func(MeterEvent)
	// Calls, where set before the run, tells how many requests were made so far.
	Calls func() int64

	mu      sync.Mutex
	phase   string
	started time.Time
	calls   int64   // when the phase began
	over    []Phase // phases that ended

	done, total, failed atomic.Int64
	bytes, bytesTotal   atomic.Int64
	moved               atomic.Int64 // over all phases
}

// MeterEvent is one object that a run is through with, or a phase that begins.
type MeterEvent struct {
	Type   string `json:"type"` // phase or object
	Phase  string `json:"phase"`
	Total  int    `json:"total,omitempty"`
	Kind   Kind   `json:"kind,omitempty"`
	Source string `json:"source,omitempty"`
	Target string `json:"target,omitempty"`
	Title  string `json:"title,omitempty"`
	Action string `json:"action,omitempty"` // created, matched, skipped, failed, blocked, compared
	Error  string `json:"error,omitempty"`
}

// Snapshot is the state of a run at one moment.
type Snapshot struct {
	Phase             string
	PhaseStarted      time.Time
	Done, Total       int64
	Failed            int64
	Bytes, BytesTotal int64
}

// Snapshot reads the counters.
func (m *Meter) Snapshot() Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Snapshot{
		Phase: m.phase, PhaseStarted: m.started,
		Done: m.done.Load(), Total: m.total.Load(), Failed: m.failed.Load(),
		Bytes: m.bytes.Load(), BytesTotal: m.bytesTotal.Load(),
	}
}

// begin starts a phase of total objects and bytes; a total of 0 means it is not known yet.
func (m *Meter) begin(phase string, total int, bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.end()
	m.phase, m.started = phase, clock.System{}.Now()
	m.done.Store(0)
	m.total.Store(int64(total))
	m.bytes.Store(0)
	m.bytesTotal.Store(bytes)
	if m.OnEvent != nil {
		m.OnEvent(MeterEvent{Type: "phase", Phase: phase, Total: total})
	}
}

// Phase is one part of a run that is over.
type Phase struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Objects int64   `json:"objects"`
	Bytes   int64   `json:"bytes"`
	Calls   int64   `json:"calls"`
}

// end keeps what the running phase took. The caller holds the lock.
func (m *Meter) end() {
	calls := int64(0)
	if m.Calls != nil {
		calls = m.Calls()
	}
	if m.phase != "" {
		m.over = append(m.over, Phase{m.phase, clock.System{}.Now().Sub(m.started).Seconds(), m.done.Load(), m.bytes.Load(), calls - m.calls})
	}
	m.phase, m.calls = "", calls
}

// Phases ends the running phase and returns all of them in order.
func (m *Meter) Phases() []Phase {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.end()
	return slices.Clone(m.over)
}

// finish counts one object of the phase as done.
func (m *Meter) finish(ev MeterEvent) {
	m.done.Add(1)
	if ev.Error != "" {
		m.failed.Add(1)
	}
	if m.OnEvent == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	ev.Type, ev.Phase = "object", m.phase
	m.OnEvent(ev)
}

// addBytes counts bytes that moved.
func (m *Meter) addBytes(n int64) {
	m.bytes.Add(n)
	m.moved.Add(n)
}
