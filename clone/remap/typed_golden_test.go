package remap

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// typedCase is one golden pair of a typed rule: testdata/golden/RULE/NAME.in and .want. What is
// expected was written by derive.py; see testdata/PROVENANCE.md.
type typedCase struct {
	ItemInfo
	Keywords []string
	Part     string // "archive" for data that is an archive

	Unresolved, External, ByReference []string // "*" for any
	Warnings                          int
}

func typedCases(tb testing.TB, dir string) (*Rewriter, map[string]typedCase) {
	tb.Helper()
	var file struct {
		Map   Map
		Cases map[string]typedCase
	}
	if err := json.Unmarshal(read(tb, filepath.Join(dir, "map.json")), &file); err != nil {
		tb.Fatal(err)
	}
	for name, c := range file.Cases {
		c.TypeKeywords = c.Keywords
		file.Cases[name] = c
	}
	return rewriter(tb, file.Map), file.Cases
}

// Every rule makes of its documents what was written down by hand, and reports what stays.
func TestTypedGolden(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("testdata/golden/*/map.json")
	if err != nil || len(dirs) < 20 {
		t.Fatalf("%d rules, %v", len(dirs), err)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		r, cases := typedCases(t, dir)
		if _, ok := cases["nasty"]; !ok {
			t.Errorf("%s has no nasty case", dir)
		}
		for name, c := range cases {
			t.Run(filepath.Base(dir)+"/"+name, func(t *testing.T) {
				t.Parallel()
				in, want := read(t, filepath.Join(dir, name+".in")), read(t, filepath.Join(dir, name+".want"))
				if c.Part == "archive" {
					checkGoldenArchive(t, r, c, in, want)
				} else {
					checkGoldenItem(t, r, c, in, want)
				}
			})
		}
	}
}

func checkGoldenItem(t *testing.T, r *Rewriter, c typedCase, in, want []byte) {
	t.Helper()
	out, rep, err := r.Item(c.ItemInfo, Part(c.Part), in)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out, want) {
		t.Errorf("differs: %s", firstDifference(out, want))
	}
	if same := &out[0] == &in[0]; same != (len(rep.Changes) == 0) || same != bytes.Equal(in, want) {
		t.Errorf("%d changes, the same slice: %v", len(rep.Changes), same)
	}
	c.check(t, rep)
	again, rep, err := r.Item(c.ItemInfo, Part(c.Part), out)
	if err != nil || &again[0] != &out[0] || len(rep.Changes) > 0 {
		t.Errorf("rewriting twice differs from once: %v %+v", err, rep.Changes)
	}
	left, _ := r.Leftovers(out)
	if len(left) > 0 {
		t.Errorf("left over: %s", refs(left))
	}
}

// check compares a report with what is expected, in any order.
func (c typedCase) check(t *testing.T, rep Report) {
	t.Helper()
	for _, list := range []struct {
		name string
		got  []Ref
		want []string
	}{{"unresolved", rep.Unresolved, c.Unresolved}, {"external", rep.External, c.External}, {"by reference", rep.ByReference, c.ByReference}} {
		if slices.Contains(list.want, "*") {
			continue
		}
		var got []string
		for _, ref := range list.got {
			ref.Layer, ref.Types = "", ""
			got = append(got, refs([]Ref{ref}))
		}
		slices.Sort(got)
		want := slices.Sorted(slices.Values(list.want))
		if !slices.Equal(got, want) {
			t.Errorf("%s\n %s\nwant\n %s", list.name, strings.Join(got, "\n "), strings.Join(want, "\n "))
		}
	}
	if len(rep.Warnings) != c.Warnings {
		t.Errorf("warnings %+v, want %d", rep.Warnings, c.Warnings)
	}
}

func checkGoldenArchive(t *testing.T, r *Rewriter, c typedCase, in, want []byte) {
	t.Helper()
	var out bytes.Buffer
	rep, err := r.Archive(c.ItemInfo, bytes.NewReader(in), int64(len(in)), &out)
	if err != nil {
		t.Fatal(err)
	}
	c.check(t, rep)
	compareArchives(t, out.Bytes(), want)
	keepsRaw(t, in, out.Bytes())
	var again bytes.Buffer
	if rep, err = r.Archive(c.ItemInfo, bytes.NewReader(out.Bytes()), int64(out.Len()), &again); err != nil || !bytes.Equal(again.Bytes(), out.Bytes()) || len(rep.Changes) > 0 {
		t.Errorf("rewriting twice differs from once: %v %+v", err, rep.Changes)
	}
}

func zipOf(t *testing.T, data []byte) *zip.Reader {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return zr
}

// compareArchives compares the contents of archives, and of archives in them.
func compareArchives(t *testing.T, got, want []byte) {
	t.Helper()
	g, w := zipOf(t, got), zipOf(t, want)
	if len(g.File) != len(w.File) {
		t.Fatalf("%d members, want %d", len(g.File), len(w.File))
	}
	for i, f := range g.File {
		a, b := unzip(t, f), unzip(t, w.File[i])
		switch {
		case f.Name != w.File[i].Name:
			t.Fatalf("member %s, want %s", f.Name, w.File[i].Name)
		case bytes.Equal(a, b):
		case bytes.HasPrefix(b, []byte("PK")):
			compareArchives(t, a, b)
		default:
			t.Errorf("%s differs: %s", f.Name, firstDifference(a, b))
		}
		if f.Method != w.File[i].Method || !f.Modified.Equal(w.File[i].Modified) {
			t.Errorf("%s: method %d, time %s; want %d, %s", f.Name, f.Method, f.Modified, w.File[i].Method, w.File[i].Modified)
		}
	}
}

func unzip(t *testing.T, f *zip.File) []byte {
	t.Helper()
	rc, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	data, err := io.ReadAll(rc)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return data
}

// keepsRaw checks that members which do not change keep their compressed bytes.
func keepsRaw(t *testing.T, in, out []byte) {
	t.Helper()
	raw := func(f *zip.File) []byte {
		rd, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rd)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	a, b := zipOf(t, in), zipOf(t, out)
	kept := 0
	for i, f := range a.File {
		if bytes.Equal(unzip(t, f), unzip(t, b.File[i])) {
			kept++
			if !bytes.Equal(raw(f), raw(b.File[i])) {
				t.Errorf("%s is compressed anew", f.Name)
			}
		}
	}
	if kept == 0 {
		t.Error("every member changed")
	}
}

// A document without a hit comes back as it is from every rule.
func TestTypedNoHit(t *testing.T) {
	t.Parallel()
	dirs, _ := filepath.Glob("testdata/golden/*/map.json")
	empty := rewriter(t, Map{})
	for _, file := range dirs {
		_, cases := typedCases(t, filepath.Dir(file))
		for name, c := range cases {
			in := read(t, filepath.Join(filepath.Dir(file), name+".want"))
			if c.Part == "archive" {
				var out bytes.Buffer
				_, err := empty.Archive(c.ItemInfo, bytes.NewReader(in), int64(len(in)), &out)
				if err != nil || !bytes.Equal(out.Bytes(), in) {
					t.Errorf("%s %s changed without a map: %v", file, name, err)
				}
				continue
			}
			out, rep, err := empty.Item(c.ItemInfo, Part(c.Part), in)
			if err != nil || &out[0] != &in[0] {
				t.Errorf("%s %s changed without a map: %v %+v", file, name, err, rep.Changes)
			}
		}
	}
}
