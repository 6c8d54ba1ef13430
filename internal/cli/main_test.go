package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

func run(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), args, &command.Streams{In: &bytes.Buffer{}, Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func TestMainCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		args   []string
		code   int
		out    string
		errOut string
	}{
		{"help", nil, 0, "rhumb [command]", ""},
		{"version", []string{"--version"}, 0, "rhumb ", ""},
		{"unknown command", []string{"sreve"}, 6, "", `rhumb has no command "sreve". Did you mean "serve"?`},
		{"unknown flag", []string{"serve", "--x"}, 6, "", "rhumb serve: unknown flag: --x. See rhumb serve --help"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, out, errOut := run(t, tt.args...)
			if code != tt.code || !strings.Contains(out, tt.out) || !strings.Contains(errOut, tt.errOut) || (tt.errOut == "") != (errOut == "") {
				t.Errorf("got %d\n%s\n%s", code, out, errOut)
			}
		})
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("the disk is full"), "rhumb: the disk is full\n"},
		{errors.New("the portal says: \x1b]0;owned\a\u202eno\r\nsecond\tline"), "rhumb: the portal says: \ufffd]0;owned\ufffd\ufffdno\ufffd\nsecond\ufffdline\n"},
		{&command.ExitError{Code: 3}, ""},
		{&command.ExitError{Code: 3, Err: errors.New("two objects differ")}, "rhumb: two objects differ\n"},
		{&command.ExitError{Code: 130, Err: errors.New("x")}, "cancelled\n"},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		report(&command.Streams{Err: &b}, &cobra.Command{Use: "rhumb"}, tt.err)
		if b.String() != tt.want {
			t.Errorf("%v: got %q, want %q", tt.err, b.String(), tt.want)
		}
	}
}

// Every command says what it does, in the imperative and without a full stop.
func TestCommandsIntroduceThemselves(t *testing.T) {
	t.Parallel()
	root := newRoot(&command.Factory{IO: &command.Streams{}, Getenv: func(string) string { return "" }})
	for _, c := range root.Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: %q", c.Name(), c.Short)
		}
	}
}
