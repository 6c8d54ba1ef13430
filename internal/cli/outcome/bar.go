package outcome

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/member"
)

// Bar shows how far a run is.
type Bar struct {
	live  *terminal.Live
	begun time.Time

	mu   sync.Mutex
	last member.Progress
	end  sync.Once
}

// NewBar begins to show progress on the error stream.
func NewBar(io *command.Streams) *Bar {
	b := &Bar{begun: clock.System{}.Now()}
	b.live = terminal.StartLive(io.Err, io.ErrTTY, b.text)
	return b
}

// Note takes the progress of a run.
func (b *Bar) Note(p member.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.Phase != b.last.Phase {
		b.begun = clock.System{}.Now()
	}
	b.last = p
}

func (b *Bar) text(width int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.last
	if p.Phase == "" {
		return ""
	}
	parts := []terminal.Part{{Text: p.Phase, Weight: 9}}
	if p.Total > 0 {
		parts = append(parts, terminal.Part{Text: fmt.Sprintf("%d/%d", p.Done, p.Total), Weight: 8})
	} else if p.Done > 0 {
		parts = append(parts, terminal.Part{Text: strconv.Itoa(p.Done), Weight: 8})
	}
	took := clock.System{}.Now().Sub(b.begun)
	if p.Done > 0 && took > time.Second {
		rate := float64(p.Done) / took.Seconds()
		parts = append(parts, terminal.Part{Text: fmt.Sprintf("%.0f/s", rate), Weight: 3})
		if p.Total > p.Done {
			parts = append(parts, terminal.Part{Text: terminal.Left(time.Duration(float64(p.Total-p.Done)/rate*float64(time.Second))) + " left", Weight: 5})
		}
	}
	return terminal.Fit(width, append(parts, terminal.Part{Text: terminal.Plain(p.Username), Weight: 1})...)
}

// Stop clears the line. Stopping again does nothing.
func (b *Bar) Stop() { b.end.Do(b.live.Stop) }
