package terminal

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"ada", "", "a long text that is cut off\x1b[2J", "9"},
		{"grace", "", "Zoë", "10"},
	}
	for _, tt := range []struct {
		width int
		want  string
	}{
		{0, "WHO    TEXT                             N\nada    a long text that is cut off�[2J  9\ngrace  Zoë                              10\n"},
		{30, "WHO    TEXT                 N\nada    a long text that i…  9\ngrace  Zoë                  10\n"},
		{5, "WHO    TEXT      N\nada    a long …  9\ngrace  Zoë       10\n"},
	} {
		var out strings.Builder
		Columns(&out, tt.width, []string{"WHO", "EMPTY", "TEXT", "N"}, rows)
		if out.String() != tt.want {
			t.Errorf("width %d:\n%s\nwant\n%s", tt.width, out.String(), tt.want)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSpace(line)); tt.width == 30 && n > tt.width {
				t.Errorf("%d columns: %q", n, line)
			}
		}
	}
}
