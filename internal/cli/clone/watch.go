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

// Watcher shows the progress of a run: a live line and the last phases on a terminal, a line a
// phase elsewhere, or events as JSON.
type Watcher struct {
	live  *terminal.Live
	io    *command.Streams
	meter *clone.Meter
	quiet bool

	mu    sync.Mutex
	phase string
	total int
	began time.Time
}

// Watch begins to show what m counts. It must be called before the run.
func Watch(io *command.Streams, m *clone.Meter, asJSON bool, sides ...*gis.Portal) *Watcher {
	w := &Watcher{io: io, meter: m, quiet: asJSON}
	m.OnEvent = w.event
	m.Calls = func() (n int64) {
		for _, p := range sides {
			n += p.Pace().Requests
		}
		return n
	}
	w.live = terminal.StartLive(io.Err, io.ErrTTY && !asJSON, func(width int) string {
		if asJSON {
			return ""
		}
		return Line(m.Snapshot(), width, sides...)
	})
	return w
}

// Pause takes the live line away, so that something else can be shown; Resume brings it back.
func (w *Watcher) Pause() { w.live.Pause() }

// Resume ends a Pause.
func (w *Watcher) Resume() { w.live.Resume() }

// Stop ends the display.
func (w *Watcher) Stop() {
	w.live.Stop()
	w.endPhase()
}

func (w *Watcher) event(ev clone.MeterEvent) {
	if w.quiet {
		if ev.Phase != "" && ev.Type == "phase" || ev.Source != "" {
			if b, err := json.Marshal(ev); err == nil {
				fmt.Fprintf(w.io.Out, "%s\n", b)
			}
		}
		return
	}
	if ev.Type == "phase" {
		w.endPhase()
		w.mu.Lock()
		w.phase, w.total, w.began = ev.Phase, ev.Total, clock.System{}.Now()
		w.mu.Unlock()
	}
}

// endPhase says that the phase is over; on a terminal only of one that took its time.
func (w *Watcher) endPhase() {
	w.mu.Lock()
	defer w.mu.Unlock()
	took := clock.System{}.Now().Sub(w.began)
	if w.phase == "" || w.quiet || (w.io.ErrTTY && took < time.Second) {
		return
	}
	text := w.phase
	if w.total > 0 {
		text += fmt.Sprintf(": %d", w.total)
	}
	if w.io.ErrTTY {
		w.live.Pause()
		text = terminal.Fit(terminal.Width(w.io.Err)-1, terminal.Part{Text: text, Weight: 2}, terminal.Part{Text: terminal.Left(took), Weight: 1})
		defer w.live.Resume()
	}
	fmt.Fprintln(w.io.Err, text)
	w.phase = ""
}

// Line is the state of a run in one line of at most width columns: phase, objects and bytes
// done of total, rate, time left, failures, and why a portal is being spared. What matters
// least is left out first.
func Line(s clone.Snapshot, width int, sides ...*gis.Portal) string {
	took := clock.System{}.Now().Sub(s.PhaseStarted)
	var count, bytes, rate, left, failed, slow string
	switch {
	case s.Total > 0:
		count = fmt.Sprintf("%d/%d", s.Done, s.Total)
	case s.Done > 0:
		count = fmt.Sprint(s.Done)
	}
	if s.Bytes > 0 {
		bytes = terminal.Size(s.Bytes)
		if s.BytesTotal > s.Bytes {
			bytes += " of " + terminal.Size(s.BytesTotal)
		}
		if took > time.Second {
			rate = terminal.Size(int64(float64(s.Bytes)/took.Seconds())) + "/s"
		}
	}
	if rate == "" && s.Done > 0 && took > time.Second {
		rate = fmt.Sprintf("%.0f/s", float64(s.Done)/took.Seconds())
	}
	if d, ok := timeLeft(s, took); ok {
		left = terminal.Left(d) + " left"
	}
	if s.Failed > 0 {
		failed = fmt.Sprintf("%d failed", s.Failed)
	}
	for _, p := range sides {
		if pace := p.Pace(); pace.Reason != "" {
			slow = "(slower: " + terminal.Plain(pace.Reason) + ")"
		}
	}
	return terminal.Fit(width,
		terminal.Part{Text: s.Phase, Weight: 9}, terminal.Part{Text: count, Weight: 8}, terminal.Part{Text: bytes, Weight: 3},
		terminal.Part{Text: rate, Weight: 2}, terminal.Part{Text: left, Weight: 5}, terminal.Part{Text: failed, Weight: 7},
		terminal.Part{Text: slow, Weight: 4})
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
