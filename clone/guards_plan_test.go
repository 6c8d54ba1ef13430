package clone

import (
	"io"
	"strings"
	"testing"
)

// A line without an end is not read into memory for ever.
//
// Guard: maxPlanLine.
func TestPlanLinesAreBounded(t *testing.T) {
	t.Parallel()
	endless := &letters{most: maxPlanLine + 1<<20}
	_, err := ReadPlan(io.MultiReader(strings.NewReader(planHead), endless))
	if err == nil || !strings.Contains(err.Error(), "line 2: it is longer than") {
		t.Errorf("got %v", err)
	}
}

// letters is a long text without a line end.
type letters struct{ most int }

func (l *letters) Read(p []byte) (int, error) {
	if l.most -= len(p); l.most < 0 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
