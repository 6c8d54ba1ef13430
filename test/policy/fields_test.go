package policy

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// shownKind is a kind of object in answers.
type shownKind struct {
	name  string
	marks []string
	who   map[string]string // by field
}

// fieldTable is fields.tsv.
type fieldTable []*shownKind

func loadFields(t *testing.T) fieldTable {
	t.Helper()
	f, err := os.Open("fields.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out fieldTable
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		switch {
		case cells[0] == "" || strings.HasPrefix(cells[0], "#") || cells[0] == "kind":
			continue
		case len(cells) != 5 || !sourceForm.MatchString(cells[4]):
			t.Fatalf("fields.tsv: %q is no row", lines.Text())
		}
		out = out.put(t, cells)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (ft fieldTable) put(t *testing.T, cells []string) fieldTable {
	t.Helper()
	i := slices.IndexFunc(ft, func(k *shownKind) bool { return k.name == cells[0] })
	if i < 0 {
		i, ft = len(ft), append(ft, &shownKind{cells[0], strings.Split(cells[1], ", "), map[string]string{}})
	}
	for field := range strings.SplitSeq(cells[2], ", ") {
		if ft[i].who[field] != "" {
			t.Fatalf("fields.tsv names %s of %s twice", field, cells[0])
		}
		ft[i].who[field] = cells[3]
	}
	return ft
}

// shown lists the fields of the objects in an answer that its caller may not see.
func (ft fieldTable) shown(w *world, as who, doc any) []string {
	switch doc := doc.(type) {
	case []any:
		var out []string
		for _, v := range doc {
			out = append(out, ft.shown(w, as, v)...)
		}
		return out
	case map[string]any:
		var out []string
		i := slices.IndexFunc(ft, func(k *shownKind) bool { return k.fits(doc) })
		for _, field := range slices.Sorted(maps.Keys(doc)) {
			if i >= 0 && !ft[i].may(w, as, doc, field) {
				out = append(out, fmt.Sprintf("%s of a %s (%v)", field, ft[i].name, doc["username"]))
			}
			out = append(out, ft.shown(w, as, doc[field])...)
		}
		return out
	}
	return nil
}

// named lists the names of fields that are not for all and stand in an answer, but not in the
// same answer as JSON.
func (ft fieldTable) named(asJSON, shown []byte) []string {
	var out []string
	for _, k := range ft {
		for field, who := range k.who {
			// Other names are words of addresses and texts, too.
			if who != "all" && strings.ToLower(field) != field && bytes.Contains(shown, []byte(field)) && !bytes.Contains(asJSON, []byte(field)) {
				out = append(out, field)
			}
		}
	}
	return out
}

func (k *shownKind) fits(doc map[string]any) bool {
	for _, m := range k.marks {
		if _, there := doc[m]; !there {
			return false
		}
	}
	return true
}

// may reports whether an account may see a field of an object.
func (k *shownKind) may(w *world, as who, doc map[string]any, field string) bool {
	name, _ := doc["username"].(string)
	self := as.name != "" && as.name == name
	switch k.who[field] {
	case "all":
		return true
	case "fellows":
		return self || w.holds(as, "portal:user:viewOrgUsers") || w.holds(as, "portal:admin:viewUsers")
	case "self":
		return self || w.holds(as, "portal:admin:viewUsers") || k.name == "folder" && w.overContent(as)
	case "control":
		return as.name != "" && as.name == doc["owner"] || w.holds(as, "portal:admin:updateItems")
	case "licenses":
		return self || w.holds(as, "portal:admin:manageLicenses")
	case "managers":
		if doc[field] == 0.0 {
			return true
		}
		return as.name == w.cast["group_owner"].name || as.name == w.cast["group_manager"].name || w.owns(as) || w.holds(as, "portal:admin:assignToGroups")
	}
	return false
}

// overContent reports whether an account acts on the content of others.
func (w *world) overContent(as who) bool {
	return slices.ContainsFunc([]string{"viewItems", "updateItems", "deleteItems"}, func(p string) bool { return w.holds(as, "portal:admin:"+p) })
}

// owns reports whether an account is one that a state was made for, which owns what it is about.
func (w *world) owns(as who) bool {
	_, ok := w.ownerOf.Load(as.name)
	return ok
}
