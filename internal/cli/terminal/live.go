package terminal

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// Live redraws one line of a terminal with what line returns, a few times a second, until
// Stop. On anything but a terminal it prints nothing.
type Live struct {
	w     io.Writer
	line  func() string
	stop  chan struct{}
	ended sync.WaitGroup
}

// StartLive begins to draw; tty says whether w is a terminal.
func StartLive(w io.Writer, tty bool, line func() string) *Live {
	l := &Live{w: w, line: line, stop: make(chan struct{})}
	if !tty {
		return l
	}
	l.ended.Add(1)
	go func() {
		defer l.ended.Done()
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-l.stop:
				fmt.Fprint(w, "\r\x1b[K")
				return
			case <-tick.C:
				fmt.Fprintf(w, "\r\x1b[K%s", Cut(line(), Width(w)-1))
			}
		}
	}()
	return l
}

// Stop clears the line. It may be called once.
func (l *Live) Stop() {
	close(l.stop)
	l.ended.Wait()
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
