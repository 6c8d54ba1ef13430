package demo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

var update = flag.Bool("update", false, "write testdata/unresolved.tsv anew")

// rewritten is in how many places the clone of the organization rewrites references. It changes with the
// content, and with what package remap finds in it.
const rewritten = 740

// checkClone clones the organization of src into a new portal.
func checkClone(t *testing.T, src *gis.Portal, address string, m *manifest, whole []string) {
	t.Helper()
	dst := connect(t, portaltest.Start(t))
	journal := filepath.Join(t.TempDir(), "journal")
	rep, err := clone.Run(t.Context(), src, dst, clone.RunOptions{Journal: journal, Options: clone.Options{OrgSettings: true}}, nil)
	ok(t, err)
	r := rep.Result
	for _, d := range rep.Differences {
		t.Errorf("difference: %+v", d)
	}
	for _, f := range rep.Failures {
		t.Errorf("failure: %+v", f)
	}
	if r.Differences != 0 || r.Failed() != 0 {
		t.Errorf("%d differences, %d failed", r.Differences, r.Failed())
	}
	if r.Items.Created < 150 || r.Groups.Created != 23 || r.Groups.Skipped != 6 || r.Users.Created != 6 || r.Roles.Created != 2 || r.Relationships.Created != 60 {
		t.Errorf("result %+v", r)
	}
	if r.ByReference == 0 {
		t.Error("no service is kept by reference")
	}
	if n := changes(t, journal); n != rewritten {
		t.Errorf("%d places were rewritten, want %d", n, rewritten)
	}
	checkUnresolved(t, address, rep)
	compare(t, "the copy", withoutAdmin(held(t, dst, m)), withoutAdmin(carried(t, whole)))
	checkNothingLeft(t, src, dst, address)
}

// withoutAdmin leaves out the accounts that were there before the clone.
func withoutAdmin(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		return strings.HasPrefix(l, "member admin ") || strings.Contains(l, `group "Basemaps"`)
	})
}

// otherwise are the items that are not in the copy as they are on the source, with the reason.
var otherwise = []struct{ key, was, is string }{
	{"adopt_a_stop-01f104f4", " Registered App ", " "},                               // says so, and no app of it is registered
	{"adopt_a_stop-5dd0f890", "data=2053 characters", "data=2023 characters"},        // a folder that nobody has: "92…82" is null
	{"election_outreach-a009c140", "data=27217 characters", "data=22210 characters"}, // adminLayerInfo: how the view was made
}

// carried is what the copy of the organization must hold.
func carried(t *testing.T, lines []string) []string {
	t.Helper()
	out := slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		return strings.HasPrefix(l, "item bdfs-") // each server has its own big data file shares
	})
	for _, o := range otherwise {
		i := slices.IndexFunc(out, func(l string) bool { return strings.HasPrefix(l, "item "+o.key+" ") })
		if i < 0 || strings.Count(out[i], o.was) != 1 {
			t.Fatalf("the source does not hold %q of %s", o.was, o.key)
		}
		out[i] = strings.Replace(out[i], o.was, o.is, 1)
	}
	slices.Sort(out)
	return out
}

// changes counts the references that the journal says were rewritten, each place once.
func changes(t *testing.T, journal string) int {
	t.Helper()
	f, err := os.Open(journal)
	ok(t, err)
	defer f.Close()
	places := map[string]bool{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		_, doc, found := bytes.Cut(lines.Bytes(), []byte(" "))
		var e clone.Entry
		if !found || json.Unmarshal(doc, &e) != nil {
			t.Fatalf("journal line %q", lines.Text())
		}
		for _, c := range e.Changes {
			places[e.Source+" "+c.Path+" "+c.Before] = true
		}
	}
	ok(t, lines.Err())
	return len(places)
}

// checkUnresolved compares with the committed list; objects are named by title there, and what
// differs from portal to portal is a hole.
func checkUnresolved(t *testing.T, address string, rep *clone.Report) {
	t.Helper()
	const file = "testdata/unresolved.tsv"
	var got []string
	for _, u := range rep.Unresolved {
		value := u.Value
		if strings.HasPrefix(value, "http") {
			value = strings.ReplaceAll(value, address, "«portal»")
		} else if u.Part == "data" && strings.HasPrefix(u.Path, "@") {
			value = "«id»"
		}
		got = append(got, strings.Join([]string{u.Title, u.Part, holes(u.Path), u.Kind, value}, "\t"))
	}
	slices.Sort(got)
	text := strings.Join(got, "\n") + "\n"
	if *update {
		ok(t, os.WriteFile(file, []byte(text), 0o644))
	}
	want, err := os.ReadFile(file)
	ok(t, err)
	if text != string(want) {
		t.Errorf("unresolved references:\n%s\nwant:\n%s", text, want)
	}
	if rep.Result.Unresolved != len(got) {
		t.Errorf("the result counts %d, the report lists %d", rep.Result.Unresolved, len(got))
	}
}

// holes cuts offsets out of a path: they move with the length of the portal's address.
func holes(path string) string {
	if strings.HasPrefix(path, "@") {
		return "@«offset»"
	}
	return path
}

// checkNothingLeft looks for the source in the copy without asking the clone: no item of the target
// names an item of the source, or the source's address, but in services and in users' own files.
func checkNothingLeft(t *testing.T, src, dst *gis.Portal, address string) {
	t.Helper()
	old := map[string]bool{}
	for _, it := range everyItem(t, src) {
		old[string(it.ID)] = true
	}
	u, err := url.Parse(address)
	ok(t, err)
	read := 0
	for _, it := range everyItem(t, dst) {
		if it.Name != "" {
			continue
		}
		texts := []string{it.URL, it.Description, it.Snippet}
		text, err := it.Text(t.Context())
		if err == nil {
			texts = append(texts, text)
		} else if !errors.Is(err, gis.ErrNotFound) {
			t.Fatal(err)
		}
		for _, s := range texts {
			read++
			for _, id := range anyID.FindAllString(s, -1) {
				if old[id] {
					t.Errorf("%q names the item %s of the source", it.Title, id)
				}
			}
			if strings.Contains(s, u.Host+"/portal") || strings.Contains(s, url.QueryEscape(u.Host+"/portal")) {
				t.Errorf("%q holds the address of the source", it.Title)
			}
		}
	}
	if read < 500 {
		t.Errorf("only %d texts were read", read)
	}
}

func everyItem(t *testing.T, p *gis.Portal) []*gis.Item {
	t.Helper()
	var out []*gis.Item
	for u, err := range p.Users.List(t.Context(), nil) {
		ok(t, err)
		for it, err := range p.Content.AllUserItems(t.Context(), u.Username) {
			ok(t, err)
			out = append(out, it)
		}
	}
	if len(out) < 150 {
		t.Fatalf("%d items at %s", len(out), p.URL())
	}
	return out
}
