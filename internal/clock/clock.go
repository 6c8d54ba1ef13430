package clock

import (
	"sync"
	"time"
)

// Clock tells the current time. Implementations are safe for concurrent use.
type Clock interface {
	Now() time.Time
}

// System is the wall clock of the machine, in UTC. The zero value is ready.
type System struct{}

// Now answers the current time in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// Manual is a clock for tests: it stands still until it is moved.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual makes a clock that stands at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t} }

// Now answers the time the clock stands at.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock by d; a negative d moves it back, as a corrected machine clock does.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// Set moves the clock to t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t
}

var (
	_ Clock = System{}
	_ Clock = (*Manual)(nil)
)
