package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// module is a small tree with guards, and is the working folder from here on.
func module(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"p/p.go": `package p

const limit = 3

// Bounded is true for what is not too long.
func Bounded(s string) bool {
	if len(s) > limit {
		return false
	}
	return true
}

func Plain(s *string) {
	if *s == "bad" {
		*s = ""
	}
}

func Labeled(n int) (rounds int) {
loop:
	for {
		if n--; n < 0 {
			break loop
		}
		rounds++
	}
	return rounds
}
`,
		"p/p_test.go": `package p

import "testing"

func TestBounded(t *testing.T) {
	if Bounded("long") {
		t.Error("too long")
	}
}

func TestPlain(t *testing.T) {
	s := "bad"
	if Plain(&s); s != "" {
		panic("bad")
	}
}

func TestBlind(t *testing.T) {}

func TestSkips(t *testing.T) { t.Skip("no reason") }

func TestFails(t *testing.T) { t.Error("always") }

func TestLabeled(t *testing.T) {
	if Labeled(2) != 2 {
		t.Error("rounds")
	}
}
`,
		"q/p/p_test.go": `package p

import (
	"testing"

	"example.com/m/p"
)

func TestBounded(t *testing.T) {
	if p.Bounded("long") {
		t.Error("too long")
	}
}

func TestElsewhere(t *testing.T) { p.Labeled(0) }
`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("GOFLAGS", "-buildvcs=false")
}

func TestRun(t *testing.T) { // changes the working folder: not parallel
	module(t)
	table := []struct{ row, want string }{
		{"in a function|p|TestBounded|p/p.go|if len(s) > limit {|if false {", "held "},
		{"in two functions|p|TestPlain|p/p.go|if *s == \"bad\" {|if false {|p/p.go|if len(s) > limit {|if false {", "held "},
		{"several lines|p|TestBounded|p/p.go|limit {⏎⇥⇥return false|limit {⏎⇥⇥return true", "held "},
		{"outside of functions|p|TestBounded|p/p.go|const limit = 3|const limit = 30", "held "},
		{"in a function with a label|p|TestLabeled|p/p.go|if n--; n < 0 {|if n -= 2; n < 0 {", "held "},
		{"by a package of the same name|q/p|TestBounded|p/p.go|if len(s) > limit {|if false {", "held "},
		{"not seen by that|q/p|TestElsewhere|p/p.go|if len(s) > limit {|if false {", "SURVIVED"},
		{"not seen|p|TestBlind|p/p.go|if len(s) > limit {|if false {", "SURVIVED"},
		{"not seen outside|p|TestBlind|p/p.go|const limit = 3|const limit = 30", "SURVIVED"},
		{"hangs|p|TestLabeled|p/p.go|if n--; n < 0 {|if false {", "ERROR.*hangs without"},
		{"not in the file|p|TestBounded|p/p.go|if len(s) > 99 {|if false {", "ERROR.*out of date: p/p.go holds 0 times"},
		{"twice in the file|p|TestBounded|p/p.go|return|", "ERROR.*out of date"},
		{"no file|p|TestBounded|p/q.go|x|y", "ERROR.*q.go"},
		{"does not build|p|TestBounded|p/p.go|if len(s) > limit {|if nowhere {", "ERROR.*does not build.*undefined: nowhere"},
		{"does not build outside|p|TestBounded|p/p.go|const limit = 3|const limit = nowhere", "ERROR.*does not build.*undefined: nowhere"},
		{"no such test|p|TestNothing|p/p.go|if len(s) > limit {|if false {", "ERROR.*no such test"},
		{"skips|p|TestSkips|p/p.go|if len(s) > limit {|if false {", "ERROR.*skips"},
		{"fails as it is|p|TestFails|p/p.go|if len(s) > limit {|if false {", "ERROR.*fails as it is"},
	}
	var text strings.Builder
	text.WriteString("# a comment\n\n")
	for _, c := range table {
		text.WriteString(strings.ReplaceAll(c.row, "|", "\t") + "\n")
	}
	if err := os.WriteFile("guards.tsv", []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := run(t.Context(), []string{"-table", "guards.tsv", "-timeout", "3s"}, &out)
	if err == nil || err.Error() != "12 of 18 guards are not held by their tests" {
		t.Errorf("got %v", err)
	}
	said := strings.ReplaceAll(out.String(), "\n         ", " ")
	for _, c := range table {
		attack, _, _ := strings.Cut(c.row, "|")
		var line string
		for l := range strings.Lines(said) {
			if strings.Contains(l, "  "+attack+": ") {
				line = l
			}
		}
		if !regexp.MustCompile("^" + c.want).MatchString(line) {
			t.Errorf("%s: %q, want %s", attack, line, c.want)
		}
	}
	if !strings.Contains(said, "FAIL\t18 guards against 18 attacks, 6 held, 12 not\t") {
		t.Error(said)
	}
	out.Reset()
	if err := run(t.Context(), []string{"-table", "guards.tsv", "in a function", "several"}, &out); err != nil || !strings.Contains(out.String(), "ok  \t3 guards against 3 attacks, 3 held, 0 not\t") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestReadTableRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guards.tsv")
	for row, want := range map[string]string{
		"a\tp\tTestX": "3 cells", "a\tp\tTestX\tf\tg\tw\tf": "7 cells", "a\tp\tTestX\tf\t\tw": "empty", "a\tp\tTestX\tf\tg\tg": "stands for itself",
	} {
		if err := os.WriteFile(file, []byte("\n"+row+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readTable(file); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ":2:") {
			t.Errorf("%q: %v", row, err)
		}
	}
}

// attackRow is a line of the tables of attacks: what, by which guard, and the test or "open".
var attackRow = regexp.MustCompile(`(?m)^\| (.+?) \| (.+?) \| (.+?) \|$`)

// The table of guards and the review speak of the same attacks, and every row is up to date:
// each text stands in its file, each test in its package.
func TestTable(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	rows, err := readTable(filepath.Join(root, "test", "guards.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "SECURITY-REVIEW.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ = bytes.Cut(page, []byte("\n## Attacks\n"))
	page, _, _ = bytes.Cut(page, []byte("\n## "))
	proved, known := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		proved[r.attack] = true
	}
	for _, m := range attackRow.FindAllStringSubmatch(string(page), -1) {
		attack, test := m[1], m[3]
		if attack == "attack" {
			continue
		}
		known[attack] = true
		if !proved[attack] && test != "open" {
			t.Errorf("test/guards.tsv has no guard against %q", attack)
		}
	}
	if len(known) < 30 {
		t.Errorf("only %d attacks were found in the review", len(known))
	}
	for _, r := range rows {
		if !known[r.attack] {
			t.Errorf("line %d: docs/SECURITY-REVIEW.md has no attack %q", r.line, r.attack)
			known[r.attack] = true
		}
		if _, err := r.read(root); err != nil {
			t.Errorf("line %d: %v", r.line, err)
		}
		if !hasTest(t, filepath.Join(root, r.pkg), r.test) {
			t.Errorf("line %d: %s has no %s", r.line, r.pkg, r.test)
		}
	}
}

func hasTest(t *testing.T, dir, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(test, "/")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "func "+name+"(") {
			return true
		}
	}
	return false
}
