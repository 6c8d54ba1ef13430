package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var namedTest = regexp.MustCompile("`([a-z/]+) (Test\\w+)`")

// TestInvariants holds docs/INVARIANTS.md against the tree: every test that it names exists,
// and every rule names one.
func TestInvariants(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root, "docs", "INVARIANTS.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range strings.Split(string(page), "\n- ")[1:] {
		rule, _, _ = strings.Cut(rule, "\n\n")
		named := namedTest.FindAllStringSubmatch(rule, -1)
		if len(named) == 0 {
			t.Errorf("INVARIANTS.md: no test enforces %q", rule)
		}
		for _, m := range named {
			if !hasTest(t, filepath.Join(root, m[1]), m[2]) {
				t.Errorf("INVARIANTS.md: %s has no %s", m[1], m[2])
			}
		}
	}
}

func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "func "+name+"(t *testing.T)") {
			return true
		}
	}
	return false
}
