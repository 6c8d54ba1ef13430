package clone

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// finding is something of the source that stands in a copy.
type finding struct{ label, path, kind, value string }

// shownFindings is how many findings in one part are differences of their own.
const shownFindings = 20

// lookThrough searches a text of the target for what is left of the source, in two ways that
// know nothing of each other, and notes what the text refers to.
func (x *itemCheck) lookThrough(label string, part remap.Part, text []byte) []finding {
	if len(text) == 0 {
		return nil
	}
	x.scans.refer(x, label, part, text)
	left, _ := x.rw.Leftovers(text)
	var out []finding
	for _, r := range left {
		out = append(out, finding{label, r.Path, string(r.Kind), r.Value})
	}
	for _, f := range x.scans.plain.search(text) {
		if !slices.ContainsFunc(out, func(o finding) bool { return strings.Contains(strings.ToLower(o.value), f.value) }) {
			f.label = label
			out = append(out, f)
		}
	}
	return out
}

// leftovers reports findings as differences, but for those that the copy is known to keep: they
// stand where nothing is rewritten and are listed as unresolved.
func (c *comparison) leftovers(s Step, list []finding, known remap.Report) {
	n := 0
	for _, f := range list {
		kept := func(r remap.Ref) bool { return r.Kept && strings.EqualFold(r.Value, f.value) }
		if slices.ContainsFunc(known.Unresolved, kept) {
			continue
		}
		if n++; n > shownFindings {
			continue
		}
		c.compare(s, "leftover", "nothing of the source", strings.TrimSpace(f.label+" "+f.path)+": "+f.kind+" "+f.value)
	}
	if n > shownFindings {
		c.compare(s, "leftover", "nothing of the source", fmt.Sprintf("%s: %d places more", list[0].label, n-shownFindings))
	}
}

// lookThroughGroup searches the texts of a group.
func (c *comparison) lookThroughGroup(s Step, g *gis.Group) {
	x := &itemCheck{comparison: c, step: s}
	for _, t := range []itemText{
		{"title", remap.PartDescription, g.Title}, {"description", remap.PartDescription, g.Description},
		{"snippet", remap.PartDescription, g.Snippet}, {"properties", remap.PartProperties, string(withoutMarker(g.Properties))},
	} {
		c.leftovers(s, x.lookThrough(t.label, t.part, []byte(t.value)), remap.Report{})
	}
}

// Bounds for archives: how many members are looked at, and how many bytes of all together.
const (
	maxMembers     = 20_000
	maxMemberBytes = 1 << 30
)

// readArchive looks through the texts in a zip file of the target. What is no zip file after
// all holds no texts.
func (x *itemCheck) readArchive(label string, r io.Reader) ([]finding, error) {
	f, err := os.CreateTemp(x.scratchFolder(), ".verify-*") // made with mode 0600
	if err != nil {
		return nil, fmt.Errorf("a file beside the journal: %w", err)
	}
	defer func() { f.Close(); os.Remove(f.Name()) }()
	n, err := io.Copy(f, r)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, n)
	if err != nil {
		return nil, nil
	}
	var out []finding
	room := int64(maxMemberBytes)
	for i, m := range z.File {
		if i == maxMembers || room <= 0 {
			x.rep.note(fmt.Sprintf("%s: the archive is too large to be looked through to its end", describe(x.step.Title, x.step.Source)))
			break
		}
		text, err := readMember(m, min(room, textLimit))
		if err != nil || !utf8.Valid(text) {
			continue // pictures, and what another program wrote wrongly: the bytes are compared
		}
		room -= int64(len(text))
		out = append(out, x.lookThrough(label+"/"+m.Name, remap.Part("data/"+m.Name), text)...)
	}
	return out, nil
}

func readMember(m *zip.File, limit int64) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := readLimited(r, limit)
	return b, cmp.Or(err, nil)
}
