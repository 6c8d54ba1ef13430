package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// module writes a module with the given files and makes it the working folder.
func module(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.26\n"
	for name, text := range files {
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

const header = "package p\n\nimport \"testing\"\n\n"

func TestRun(t *testing.T) { // changes the working folder: not parallel
	pass := "func TestPass(t *testing.T) { t.Log(\"quiet\") }\n"
	tests := []struct {
		name         string
		test         string
		code         int
		want, hidden []string
	}{
		{
			name: "pass", test: pass,
			want:   []string{"ok  \texample.com/m/p", "ok  \t1 packages, 1 tests passed, 0 failed, 0 skipped"},
			hidden: []string{"quiet", "skipped:"},
		},
		{
			name: "skip is listed with its reason", test: pass + "func TestPart(t *testing.T) { t.Skip(\"needs strace: it is not installed\") }\n",
			want: []string{"skipped:\n  example.com/m/p TestPart: needs strace: it is not installed\n", "1 skipped"},
		},
		{
			name: "failure shows its output", test: pass + "func TestFail(t *testing.T) { t.Error(\"got 1, want 2\") }\n", code: 1,
			want:   []string{"--- FAIL: TestFail", "got 1, want 2", "FAIL\texample.com/m/p", "FAIL\t1 packages, 1 tests passed, 1 failed"},
			hidden: []string{"quiet"},
		},
		{
			name: "panic shows where", test: "func TestPanic(t *testing.T) { panic(\"boom\") }\n", code: 1,
			want: []string{"panic: boom", "FAIL\texample.com/m/p"},
		},
		{
			name: "exit in a test is a failure", test: "func TestExit(t *testing.T) { exit() }\n", code: 1,
			want: []string{"FAIL\texample.com/m/p"},
		},
		{
			name: "what does not build", test: "func TestBuild(t *testing.T) { undefined() }\n", code: 1,
			want: []string{"undefined: undefined", "FAIL\texample.com/m/p [build failed]"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			module(t, map[string]string{
				"p/p.go":      "package p\n\nimport \"os\"\n\nfunc exit() { os.Exit(0) }\n",
				"p/p_test.go": header + tt.test,
				"q/q.go":      "package q\n",
			})
			var out bytes.Buffer
			code, err := run(t.Context(), []string{"./..."}, &out, io.Discard)
			if err != nil || code != tt.code {
				t.Fatalf("code %d, %v, want %d; output:\n%s", code, err, tt.code, &out)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("output lacks %q:\n%s", want, &out)
				}
			}
			for _, hidden := range append(tt.hidden, "no test files", "=== RUN") {
				if strings.Contains(out.String(), hidden) {
					t.Errorf("output shows %q:\n%s", hidden, &out)
				}
			}
		})
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		output []string
		want   string
	}{
		{"logged", []string{"=== RUN   TestX\n", "    x_test.go:12: needs node: absent\n", "--- SKIP: TestX (0.00s)\n"}, "needs node: absent"},
		{"silent", []string{"=== RUN   TestX\n", "--- SKIP: TestX (0.00s)\n"}, "no reason given"},
		{"no place", []string{"absent\n"}, "absent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := reason(tt.output); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestForeignLinesPassThrough(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tally := newTally(&out)
	if err := tally.read(strings.NewReader("go: downloading x v1\n{\"Action\":\"start\"}\nno newline at the end")); err != nil {
		t.Fatal(err)
	}
	tally.close(true, time.Second)
	want := "go: downloading x v1\nno newline at the endok  \t0 packages, 0 tests passed, 0 failed, 0 skipped\t1.0s\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
