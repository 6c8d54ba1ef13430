package terminal

import (
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	columns := []Column{{"WHO", 2}, {"EMPTY", 9}, {"TEXT", 2}, {"PLACE", 1}, {"N", 2}}
	rows := [][]string{
		{"ada", "", "a long text that is cut off\x1b[2J", "here and there", "9"},
		{"grace", "", "Zoë", "", "10"},
	}
	for _, tt := range []struct {
		width   int
		want    string
		without string
	}{
		{0, "WHO    TEXT                             PLACE           N\nada    a long text that is cut off�[2J  here and there  9\ngrace  Zoë                                              10\n", ""},
		{50, "WHO    TEXT                     PLACE           N\nada    a long text that is cu…  here and there  9\ngrace  Zoë                                      10\n", ""},
		{30, "WHO    TEXT                 N\nada    a long text that i…  9\ngrace  Zoë                  10\n", "PLACE"},
		{5, "WHO    TEXT              N\nada    a long text tha…  9\ngrace  Zoë               10\n", "PLACE"},
	} {
		var out strings.Builder
		without := Columns(&out, tt.width, columns, rows)
		if out.String() != tt.want || strings.Join(without, " ") != tt.without {
			t.Errorf("width %d, without %q:\n%s\nwant\n%s", tt.width, without, out.String(), tt.want)
		}
	}
}
