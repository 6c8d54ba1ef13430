package terminal

import (
	"bufio"
	"context"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"golang.org/x/term"
)

// Lines reads what a person types, or what a pipe holds, line by line. Cancelling ends the wait
// for a line; the read itself goes on behind it, so that nothing is read after that.
type Lines struct {
	in  io.Reader
	tty bool
	buf *bufio.Reader
}

// NewLines reads from in; tty says whether it is a terminal.
func NewLines(in io.Reader, tty bool) *Lines {
	return &Lines{in: in, tty: tty, buf: bufio.NewReader(in)}
}

// Next answers a line without its end. A last line without one counts; after it comes io.EOF.
func (l *Lines) Next(ctx context.Context) (string, error) {
	return wait(ctx, func() (string, error) {
		line, err := l.buf.ReadString('\n')
		if err != nil && line == "" {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	})
}

// echoOff bounds the wait for a terminal to stop showing what is typed.
const echoOff = time.Second

// Hidden is Next with nothing shown of what is typed. ask puts the question, and is called when the
// terminal shows nothing any more, so that nobody's quick hand is seen. A terminal is left as it
// was, also where ctx is cancelled.
func (l *Lines) Hidden(ctx context.Context, ask func()) (string, error) {
	f, ok := l.in.(*os.File)
	if !ok || !l.tty || l.buf.Buffered() > 0 {
		ask()
		return l.Next(ctx)
	}
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	line, err := wait(ctx, func() (string, error) {
		asked := make(chan struct{})
		go func() {
			defer close(asked)
			awaitChange(fd, before)
			ask()
		}()
		b, err := term.ReadPassword(fd)
		<-asked
		return string(b), err
	})
	if ctx.Err() != nil {
		_ = term.Restore(fd, before) // the cancellation is what there is to tell
	}
	return line, err
}

// awaitChange returns when the state of a terminal is another than before, or when that takes too
// long.
func awaitChange(fd int, before *term.State) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.After(echoOff); ; {
		if now, err := term.GetState(fd); err != nil || !reflect.DeepEqual(now, before) {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			return
		}
	}
}

// wait reads beside ctx.
func wait(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		line string
		err  error
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	got := make(chan answer, 1)
	go func() {
		line, err := read()
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
