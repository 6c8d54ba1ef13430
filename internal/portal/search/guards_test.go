package search

import (
	"strings"
	"testing"
)

// Boosts multiply; what is no number any more sorts nothing.
//
// Guards: raise and the check of a single boost.
func TestBoostsStayFinite(t *testing.T) {
	t.Parallel()
	huge := "1" + strings.Repeat("0", 300)
	for _, q := range []string{"a^" + strings.Repeat("9", 400), "(a^" + huge + ")^" + huge, "(NOT (a b^" + huge + " OR c))^" + huge} {
		if n, err := Parse(q); err == nil {
			t.Errorf("%.40s… is read as %.80v", q, n)
		}
	}
	if _, err := Parse("(a^" + huge + ")^2"); err != nil {
		t.Errorf("a large boost: %v", err)
	}
}
