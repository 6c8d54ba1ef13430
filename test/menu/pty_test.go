package menu

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// openPTY makes a pseudo terminal of 80 columns: what is written to person is typed, and what is
// read there is shown. program is the side that a command has.
func openPTY(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := person.SyscallConn() // Fd would take the file out of the poller
	if err != nil {
		t.Fatal(err)
	}
	var number int
	var failed error
	err = raw.Control(func(p uintptr) {
		fd := int(p)
		if number, failed = unix.IoctlGetInt(fd, unix.TIOCGPTN); failed != nil {
			return
		}
		if failed = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); failed == nil {
			failed = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 80})
		}
	})
	if err := errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	if program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	return person, program
}

// echoes reports whether a terminal shows what is typed.
func echoes(t *testing.T, person *os.File) bool {
	t.Helper()
	raw, err := person.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var state *unix.Termios
	var failed error
	err = raw.Control(func(fd uintptr) { state, failed = unix.IoctlGetTermios(int(fd), unix.TCGETS) })
	if err := errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}
