package wire

import "time"

// An operation counts as slowed down when its recent answers take slowFactor times as long
// as they used to, and slowLeast at the least.
const (
	slowFactor  = 4
	slowLeast   = 500 * time.Millisecond
	slowSamples = 8
)

// latency follows one operation's time to the first byte: usual moves slowly, so that it
// stands for the undisturbed host, and recent follows quickly.
type latency struct {
	usual, recent float64
	samples       int
}

func (l *latency) add(d time.Duration) {
	v := float64(d)
	l.samples++
	if l.samples == 1 {
		l.usual, l.recent = v, v
		return
	}
	l.recent += (v - l.recent) * 0.3
	if v < l.usual {
		l.usual += (v - l.usual) * 0.3
	} else {
		l.usual += (v - l.usual) * 0.02
	}
}

// slowness takes o's latency in and answers how many times slower than usual the operation
// has become; 0 means that it has not. p.mu is held.
func (p *Pacer) slowness(o outcome) float64 {
	if o.latency <= 0 || !o.answered || o.overloaded {
		return 0
	}
	l := p.latency[o.op]
	if l == nil {
		l = &latency{}
		p.latency[o.op] = l
	}
	l.add(o.latency)
	if l.samples < slowSamples || l.recent < float64(slowLeast) || l.recent < slowFactor*l.usual {
		return 0
	}
	return l.recent / l.usual
}
