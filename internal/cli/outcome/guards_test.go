package outcome

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What a command writes for its user is for no other user of the machine, replaces nothing, and
// is not left half written.
//
// Guards: the mode and O_EXCL in Create.
func TestCreateIsPrivateAndReplacesNothing(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "report.csv")
	write := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, _ = io.WriteString(w, text)
			return err
		}
	}
	broken := errors.New("broken")
	if err := Create(name, write("half", broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := Create(name, write("first", nil)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := Create(name, write("second", nil)); err == nil {
		t.Error("a file that is there was replaced")
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != "first" {
		t.Errorf("%s, %v", b, err)
	}
}
