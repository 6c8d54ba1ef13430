package gis

import (
	"time"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Pacer bounds the requests in flight to one host. The bound grows slowly while answers come
// quickly, and is cut when the host throttles (429, 503, 504, or an answer that says so) or
// answers much more slowly than usual; Retry-After is honored. A Portal makes its own unless
// [WithPacer] gives it one.
type Pacer struct{ inner *wire.Pacer }

// NewPacer makes a pacer that allows at most maxInFlight requests; 0 means 8.
func NewPacer(maxInFlight int) *Pacer { return &Pacer{wire.NewPacer(maxInFlight)} }

// Pace is how fast a host is being asked, at one moment.
type Pace struct {
	Limit     int       // requests that may be in flight now
	Max       int       // what Limit may grow to
	InFlight  int       // requests under way
	Waiting   int       // requests that wait for their turn
	Reason    string    // why Limit was lowered, until it is back at Max; empty: full speed
	Until     time.Time // end of a pause that the host asked for; zero: none
	Requests  int64     // attempts so far
	Retries   int64     // of these, repetitions
	Throttled int64     // answers that refused for load
}

// Pace answers the state of this moment.
func (p *Pacer) Pace() Pace { return Pace(p.inner.Pace()) }

func (p *Pacer) notify(f func(Pace)) {
	p.inner.Notify(func(s wire.Pace) { f(Pace(s)) })
}
