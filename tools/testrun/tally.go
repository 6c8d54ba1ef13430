package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// event is a line of go test -json, as go doc cmd/test2json describes it.
type event struct {
	Action, Package, Test, Output, ImportPath string
}

// unit names a test, or a package where test is empty.
type unit struct{ pkg, test string }

// tally turns the events of a run into lines and counts.
type tally struct {
	out      io.Writer
	output   map[unit][]string // of what has not ended
	skipped  []string
	packages int
	passed   int
	failed   int
}

func newTally(out io.Writer) *tally { return &tally{out: out, output: map[unit][]string{}} }

// read consumes events to the end of r. Lines that are no events are printed as they are.
func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			t.line(line)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func (t *tally) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
		fmt.Fprint(t.out, line)
		return
	}
	u := unit{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(t.out, e.Output)
	case "output":
		t.output[u] = append(t.output[u], e.Output)
	case "pass", "fail", "skip":
		t.ended(u, e.Action)
		delete(t.output, u)
	}
}

func (t *tally) ended(u unit, action string) {
	if u.test == "" {
		t.packageEnded(u, action)
		return
	}
	switch action {
	case "pass":
		t.passed++
	case "skip":
		t.skipped = append(t.skipped, u.pkg+" "+u.test+": "+reason(t.output[u]))
	case "fail":
		t.failed++
		for _, text := range t.output[u] {
			if !strings.HasPrefix(text, "=== ") {
				fmt.Fprint(t.out, text)
			}
		}
	}
}

// packageEnded prints the closing line of a package; of one that failed also what it printed
// outside its tests and the output of tests that never ended, as after a panic.
func (t *tally) packageEnded(u unit, action string) {
	if action == "skip" { // no test files
		return
	}
	t.packages++
	if action == "fail" {
		for open, texts := range t.output {
			if open.pkg == u.pkg && open.test != "" {
				fmt.Fprint(t.out, strings.Join(texts, ""))
				delete(t.output, open)
			}
		}
	}
	for _, text := range t.output[u] {
		if action == "fail" || strings.HasPrefix(text, "ok ") || strings.HasPrefix(text, "coverage:") {
			fmt.Fprint(t.out, text)
		}
	}
}

// reason answers what a skipped test said, without the place where it said it.
func reason(output []string) string {
	said := slices.DeleteFunc(slices.Clone(output), func(s string) bool {
		return strings.HasPrefix(s, "=== ") || strings.HasPrefix(strings.TrimSpace(s), "--- SKIP")
	})
	text := strings.TrimSpace(strings.Join(said, ""))
	if _, after, ok := strings.Cut(text, ".go:"); ok {
		if _, message, ok := strings.Cut(after, ": "); ok {
			return message
		}
	}
	if text == "" {
		return "no reason given"
	}
	return text
}

// close prints the skipped tests and the closing line.
func (t *tally) close(ok bool, took time.Duration) {
	if len(t.skipped) > 0 {
		slices.Sort(t.skipped)
		fmt.Fprintf(t.out, "\nskipped:\n  %s\n\n", strings.Join(t.skipped, "\n  "))
	}
	word := "ok  "
	if !ok {
		word = "FAIL"
	}
	fmt.Fprintf(t.out, "%s\t%d packages, %d tests passed, %d failed, %d skipped\t%.1fs\n",
		word, t.packages, t.passed, t.failed, len(t.skipped), took.Seconds())
}
