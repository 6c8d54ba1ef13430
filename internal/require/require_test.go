package require

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// recorder notes how a test would end instead of ending it for good.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// run calls f as a test of its own and answers how it ended and whether it returned.
func run(f func(testing.TB)) (r *recorder, returned bool) {
	r = &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
		returned = true
	}()
	<-done
	return r, returned
}

func TestPart(t *testing.T) { // t.Setenv forbids t.Parallel
	const absent = "rhumb-no-such-program"
	tests := []struct {
		name, require, part  string
		skips, fails, passes bool
	}{
		{name: "present", part: "go", passes: true},
		{name: "present and required", require: "all", part: "go", passes: true},
		{name: "absent", part: absent, skips: true},
		{name: "absent and named", require: "strace, " + absent, part: absent, fails: true},
		{name: "absent and all", require: "all", part: absent, fails: true},
		{name: "absent, another named", require: "strace", part: absent, skips: true},
		{name: "part of a name is no name", require: absent + "s", part: absent, skips: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv(Variable, tt.require)
			var path string
			r, returned := run(func(tb testing.TB) { path = Part(tb, tt.part) })
			if returned != tt.passes || (r.skipped != "") != tt.skips || (r.failed != "") != tt.fails {
				t.Fatalf("returned=%v skipped=%q failed=%q", returned, r.skipped, r.failed)
			}
			if tt.passes {
				if _, err := os.Stat(path); err != nil {
					t.Errorf("path: %v", err)
				}
				return
			}
			if said := r.skipped + r.failed; !strings.Contains(said, absent) || !strings.Contains(said, "not installed") {
				t.Errorf("the reason names neither the part nor the cause: %s", said)
			}
		})
	}
}

func TestMissingSaysHowToRequire(t *testing.T) {
	t.Setenv(Variable, "")
	r, _ := run(func(tb testing.TB) { Missing(tb, "arcgis", "the package is absent") })
	for _, want := range []string{"arcgis", "the package is absent", "RHUMB_REQUIRE=arcgis"} {
		if !strings.Contains(r.skipped, want) {
			t.Errorf("skip reason %q lacks %q", r.skipped, want)
		}
	}
}
