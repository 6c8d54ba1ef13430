package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/clone/report"
	"github.com/rhumb-gis/rhumb/gis"
)

// sample has a value of every sort, with texts that are out to break pages and tables.
func sample(objects int) *report.Document {
	rep := &clone.Report{
		Header: clone.Header{
			Format: clone.PlanFormat, Options: clone.Options{OnConflict: clone.ConflictMatch},
			Source: clone.Side{Address: "https://staging.example.org/portal", Org: "A", User: "ann"},
			Target: clone.Side{Address: "https://gis.example.org/portal", Org: "B", User: "bob"},
		},
		Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		Failures: []clone.Failure{
			{Kind: clone.KindItem, Source: strings.Repeat("1", 32), Title: "<script>alert(1)</script>", Cause: string(gis.ErrDenied), Error: `item "A" lacks portal:user:createItem`},
			{Kind: clone.KindItem, Source: strings.Repeat("2", 32), Title: "Second", Cause: string(gis.ErrDenied), Error: `item "B" lacks portal:user:createItem`},
		},
		Differences: []clone.Difference{{Kind: clone.KindItem, Source: "s", Target: "t", Title: "=HYPERLINK(\"x\")", Field: "title", Want: "+1", Got: "two\nlines </td>"}},
		Unresolved:  []clone.Reference{{Item: strings.Repeat("3", 32), Title: "Map", Part: "data", Path: "$.operationalLayers[0].itemId", Kind: "item", Value: strings.Repeat("4", 32)}},
		Notes:       []string{"a note & more"},
	}
	rep.Result.Seconds, rep.Result.Differences, rep.Result.Unresolved, rep.Result.Items = 61.5, 1, 1, clone.Counts{Planned: objects, Created: objects - 2, Failed: 2}
	d := report.New("run", rep, []clone.Phase{{Name: "items", Seconds: 61, Objects: int64(objects), Bytes: 5 << 20, Calls: 12345}})
	d.Journal = "journal.jsonl"
	for i := range objects {
		d.Objects = append(d.Objects, clone.Object{Kind: clone.KindItem, Source: fmt.Sprintf("%032x", i), Target: fmt.Sprintf("%032x", i+1<<20), Title: fmt.Sprint("Map ", i), Type: "Web Map", Owner: "ada", Action: clone.Create, State: "done", Bytes: 1234})
	}
	return d
}

func TestPageHoldsEverythingAndRunsNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.HTML(&b, sample(3)); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		"https://staging.example.org/portal", "read by ann", "written by bob", "4 March 2026, 05:06:07 UTC", "4 March 2026, 05:07:08 UTC",
		"onConflict: match", "journal.jsonl", "&lt;script&gt;alert(1)&lt;/script&gt;", "two\nlines &lt;/td&gt;", "$.operationalLayers[0].itemId",
		strings.Repeat("4", 32), "a note &amp; more", "2: item … lacks portal:user:createItem", "give the connecting account the privilege",
		fmt.Sprintf("%032x", 1<<20), "Map 2", "12\u202f345", "1 min 01 s", "2 objects could not be copied, and 1 value differs",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	for _, never := range []string{"<script", "javascript:", "src=", "@import", "url(", "http-equiv=\"refresh\""} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
}

func TestPageOfManyObjectsIsCutIntoTables(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.HTML(&b, sample(20_000)); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), `<section class="part"`); n < 80 {
		t.Errorf("20,000 objects stand in %d tables", n)
	}
	if b.Len() > 20<<20 {
		t.Errorf("the page has %d bytes", b.Len())
	}
}

func TestTableHasNoFormulas(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.CSV(&b, sample(3)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]int{}
	for _, row := range rows[1:] {
		sections[row[0]]++
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a cell begins as a formula: %q", cell)
			}
		}
	}
	if sections["object"] != 3 || sections["failure"] != 2 || sections["difference"] != 1 || sections["unresolved"] != 1 || sections["note"] != 1 || sections["portal"] != 2 {
		t.Errorf("sections: %v", sections)
	}
}

func TestFileIsPrivateAndItsNameTellsTheFormat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"r.html", "r.json", "R.CSV"} {
		path := filepath.Join(dir, name)
		if err := report.WriteFile(path, sample(1)); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 || info.Size() == 0 {
			t.Errorf("%s: mode %v, %d bytes", name, info.Mode(), info.Size())
		}
	}
	raw, err := os.ReadFile(filepath.Join(dir, "r.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d report.Document
	if err := json.Unmarshal(raw, &d); err != nil || d.Format != report.Format || len(d.Objects) != 1 || d.Causes[0].Failures[1].Title != "Second" {
		t.Errorf("JSON: %v, %+v", err, d)
	}
	if err := report.WriteFile(filepath.Join(dir, "r.pdf"), sample(1)); err == nil || !strings.Contains(err.Error(), ".html, .json or .csv") {
		t.Errorf("another ending: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".report-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
