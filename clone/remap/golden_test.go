package remap

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the .refs files in testdata/golden")

func goldenRewriter(tb testing.TB) *Rewriter {
	tb.Helper()
	text, err := os.ReadFile("testdata/golden/map.json")
	if err != nil {
		tb.Fatal(err)
	}
	var m Map
	if err := json.Unmarshal(text, &m); err != nil {
		tb.Fatal(err)
	}
	return rewriter(tb, m)
}

// Real documents become what literal replacement made of them, and name the references that stay.
func TestGolden(t *testing.T) {
	t.Parallel()
	r := goldenRewriter(t)
	wants, err := filepath.Glob("testdata/golden/*.want.json")
	if err != nil || len(wants) < 10 {
		t.Fatalf("%d golden documents, %v", len(wants), err)
	}
	for _, wantFile := range wants {
		base := strings.TrimSuffix(wantFile, ".want.json")
		t.Run(filepath.Base(base), func(t *testing.T) {
			t.Parallel()
			want := read(t, wantFile)
			out, rep, err := r.JSON(read(t, base+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out, want) {
				t.Errorf("differs from %s: %s", wantFile, firstDifference(out, want))
			}
			left := "unresolved\n" + refs(rep.Unresolved) + "\n\nby reference\n" + refs(rep.ByReference) + "\n\nexternal\n" + refs(rep.External) + "\n"
			if *update {
				if err := os.WriteFile(base+".refs", []byte(left), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if golden := string(read(t, base+".refs")); left != golden {
				t.Errorf("references\n%s\nwant\n%s", left, golden)
			}
			if again, _, err := r.JSON(out); err != nil || &again[0] != &out[0] {
				t.Errorf("rewriting twice differs from once: %v", err)
			}
			if left, _ := r.Leftovers(out); len(left) > 0 {
				t.Errorf("left over: %+v", left)
			}
		})
	}
}

func read(tb testing.TB, name string) []byte {
	tb.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func firstDifference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	around := func(s []byte) string { return string(s[max(0, min(len(s), i)-40):min(len(s), i+80)]) }
	return around(a) + "\nwant " + around(b)
}
