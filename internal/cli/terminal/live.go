package terminal

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// How often progress is shown: on a terminal in place, elsewhere as a line of its own.
const (
	redrawEvery = 200 * time.Millisecond
	printEvery  = 30 * time.Second
)

// Live shows what line returns while long work goes on: on a terminal it redraws one line a few
// times a second, elsewhere it prints a line now and then, so that a log shows signs of life.
type Live struct {
	w    io.Writer
	tty  bool
	line func(width int) string
	stop chan struct{}

	mu     sync.Mutex // held while drawing
	paused bool
	ended  sync.WaitGroup
}

// StartLive begins to show; tty says whether w is a terminal. line is asked for a text of at
// most width columns; what is longer is cut off.
func StartLive(w io.Writer, tty bool, line func(width int) string) *Live {
	l := &Live{w: w, tty: tty, line: line, stop: make(chan struct{})}
	every := printEvery
	if tty {
		every = redrawEvery
	}
	l.ended.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-l.stop:
				return
			case <-tick.C:
				l.draw()
			}
		}
	})
	return l
}

// draw asks for the line before it takes the lock: who pauses may hold locks that line needs.
func (l *Live) draw() {
	width := 200
	if l.tty {
		width = Width(l.w) - 1 // a full last column would wrap
	}
	text := Cut(l.line(width), width)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.paused:
	case l.tty:
		fmt.Fprintf(l.w, "\r\x1b[K%s", text)
	case text != "":
		fmt.Fprintln(l.w, text)
	}
}

// Pause clears the line and shows nothing until Resume, so that something else can be printed.
func (l *Live) Pause() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = true
	if l.tty {
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}

// Resume ends a Pause.
func (l *Live) Resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = false
}

// Stop clears the line. It may be called once.
func (l *Live) Stop() {
	close(l.stop)
	l.ended.Wait()
	l.Pause()
}

// Width is the number of columns of w, 80 where it is no terminal.
func Width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}
