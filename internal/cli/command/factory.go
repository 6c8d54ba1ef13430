package command

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/rhumb-gis/rhumb/internal/serve"
)

// Streams are what a command talks through. Out carries what was asked for and nothing else;
// everything else goes to Err.
type Streams struct {
	In                    io.Reader
	Out, Err              io.Writer
	InTTY, OutTTY, ErrTTY bool
}

// System are the streams of the process.
func System() *Streams {
	tty := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	return &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY: tty(os.Stdin), OutTTY: tty(os.Stdout), ErrTTY: tty(os.Stderr),
	}
}

// Factory makes what commands need, when they need it.
type Factory struct {
	IO     *Streams
	Getenv func(string) string
	Seed   serve.SeedFunc // fills a portal with the demo organization; nil: rhumb serve offers no --seed
}
