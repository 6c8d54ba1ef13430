package clone

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Watcher shows the progress of a run: a live line on a terminal, a line a phase elsewhere,
// or events as JSON.
type Watcher struct {
	live  *terminal.Live
	io    *command.Streams
	meter *clone.Meter

	mu    sync.Mutex
	phase string
	total int
	quiet bool
}

// Watch begins to show what m counts. It must be called before the run.
func Watch(io *command.Streams, m *clone.Meter, asJSON bool, sides ...*gis.Portal) *Watcher {
	w := &Watcher{io: io, meter: m, quiet: asJSON}
	m.OnEvent = w.event
	w.live = terminal.StartLive(io.Err, io.ErrTTY && !asJSON, func() string { return Line(m.Snapshot(), sides...) })
	return w
}

// Stop ends the display.
func (w *Watcher) Stop() {
	w.live.Stop()
	w.endPhase()
}

func (w *Watcher) event(ev clone.MeterEvent) {
	if w.quiet {
		if ev.Type == "phase" || ev.Source != "" {
			b, err := json.Marshal(ev)
			if err == nil {
				fmt.Fprintf(w.io.Out, "%s\n", b)
			}
		}
		return
	}
	if ev.Type == "phase" {
		w.endPhase()
		w.mu.Lock()
		w.phase, w.total = ev.Phase, ev.Total
		w.mu.Unlock()
	}
}

// endPhase says that the phase is over where there is no live line.
func (w *Watcher) endPhase() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.phase == "" || w.quiet || w.io.ErrTTY {
		return
	}
	if w.total > 0 {
		fmt.Fprintf(w.io.Err, "%s: %d\n", w.phase, w.total)
	} else {
		fmt.Fprintln(w.io.Err, w.phase)
	}
	w.phase = ""
}

// Line is the state of a run in one line: phase, objects and bytes done of total, rate, time
// left, failures, and why a portal is being spared.
func Line(s clone.Snapshot, sides ...*gis.Portal) string {
	line := s.Phase
	if s.Total > 0 {
		line += fmt.Sprintf("  %d/%d", s.Done, s.Total)
	} else if s.Done > 0 {
		line += fmt.Sprintf("  %d", s.Done)
	}
	spent := clock.System{}.Now().Sub(s.PhaseStarted)
	if s.Bytes > 0 && spent > time.Second {
		line += fmt.Sprintf("  %s  %s/s", terminal.Size(s.Bytes), terminal.Size(int64(float64(s.Bytes)/spent.Seconds())))
	}
	if left, ok := timeLeft(s, spent); ok {
		line += "  " + terminal.Left(left) + " left"
	}
	if s.Failed > 0 {
		line += fmt.Sprintf("  %d failed", s.Failed)
	}
	for _, p := range sides {
		if pace := p.Pace(); pace.Reason != "" {
			line += "  (slower: " + terminal.Plain(pace.Reason) + ")"
		}
	}
	return line
}

// timeLeft goes by bytes where they are the larger part of the work, else by objects.
func timeLeft(s clone.Snapshot, spent time.Duration) (time.Duration, bool) {
	done, total := s.Done, s.Total
	if s.BytesTotal > 64<<20 && s.Bytes > 0 {
		done, total = s.Bytes, s.BytesTotal
	}
	if spent < 2*time.Second || done == 0 || total <= done {
		return 0, false
	}
	return time.Duration(float64(spent) / float64(done) * float64(total-done)), true
}
