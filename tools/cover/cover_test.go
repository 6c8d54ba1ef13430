package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func profile(t *testing.T, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cover.txt")
	text := "mode: set\n"
	for _, line := range lines {
		text += module + line + "\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		lines   []string
		want    []string
		wantErr string
	}{
		{
			name:  "a block counts once, reached by any binary",
			lines: []string{"gis/a.go:1.1,2.2 8 1", "gis/a.go:3.1,4.2 2 0", "gis/a.go:1.1,2.2 8 0"},
			want:  []string{"  80.0 %  (floor 80)  gis\n", "  80.0 %              all\n"},
		},
		{
			name:    "below the common floor",
			lines:   []string{"gis/a.go:1.1,2.2 79 1", "gis/a.go:3.1,4.2 21 0"},
			want:    []string{"79.0 %  (floor 80)  gis  below its floor"},
			wantErr: "gis: 79.0 %, floor 80 %",
		},
		{
			name:    "the stricter floor of a subtree",
			lines:   []string{"esri/pbf/a.go:1.1,2.2 94 1", "esri/pbf/a.go:3.1,4.2 6 0"},
			wantErr: "esri/pbf: 94.0 %, floor 95 %",
		},
		{
			name:  "a prefix ends at a slash",
			lines: []string{"esrix/a.go:1.1,2.2 85 1", "esrix/a.go:3.1,4.2 15 0"},
			want:  []string{"85.0 %  (floor 80)  esrix\n"},
		},
		{
			name:  "commands have no floor",
			lines: []string{"cmd/rhumb/main.go:1.1,2.2 1 0"},
			want:  []string{"0.0 %  (floor  0)  cmd/rhumb\n"},
		},
		{
			name:  "generated files do not count",
			lines: []string{"gis/a.go:1.1,2.2 1 1", "gis/a_gen.go:1.1,2.2 100 0"},
			want:  []string{"100.0 %  (floor 80)  gis\n"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := run([]string{profile(t, tt.lines...)}, &out)
			if tt.wantErr == "" && err != nil || tt.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tt.wantErr)) {
				t.Errorf("error %v, want %q", err, tt.wantErr)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("output lacks %q:\n%s", want, &out)
				}
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"no profile":     nil,
		"missing file":   {filepath.Join(t.TempDir(), "none")},
		"broken profile": {profile(t, "gis/a.go:1.1,2.2 x 1")},
	} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
