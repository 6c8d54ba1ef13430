package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxEmbedded is how much of the program the content may take.
const maxEmbedded = 5_000_000

func TestManifestHangsTogether(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	owners, groups := map[string]bool{admin: true}, map[string]bool{}
	for _, e := range m.Members {
		owners[e.Username] = true
	}
	for _, g := range m.Groups {
		groups[g.Title] = true
		for _, name := range slices.Concat(g.Managers, g.Members) {
			if !owners[name] {
				t.Errorf("group %s names %s, who is no member", g.Title, name)
			}
		}
	}
	items, ids := map[string]*itemEntry{}, map[string]string{}
	for i := range m.Items {
		e := &m.Items[i]
		if items[e.Key] != nil || ids[e.ID] != "" {
			t.Errorf("item %s: key or id twice (%s)", e.Key, ids[e.ID])
		}
		items[e.Key], ids[e.ID] = e, e.Key
		if !esri.IsID(e.ID) || !owners[e.Owner] {
			t.Errorf("item %s: id %q, owner %q", e.Key, e.ID, e.Owner)
		}
		for _, g := range e.Groups {
			if !groups[g] {
				t.Errorf("item %s names the group %q", e.Key, g)
			}
		}
		for _, f := range e.filesNamed() {
			if _, err := read(f); err != nil {
				t.Errorf("item %s: %v", e.Key, err)
			}
		}
	}
	for _, r := range m.Relationships {
		from, to := items[r.From], items[r.To]
		if from == nil || to == nil {
			t.Errorf("relationship %v: an end is no item", r)
		} else if slices.Contains([]string{"Item2Attachment", "Map2AppConfig"}, r.Type) &&
			(from.Access != to.Access || !slices.Equal(from.Groups, to.Groups)) {
			t.Errorf("relationship %v: the destination is shared as the origin is, but the manifest says otherwise", r)
		}
	}
}

func (e *itemEntry) filesNamed() []string {
	out := []string{e.Text, e.File, e.Thumbnail, e.Metadata}
	for _, r := range slices.Concat(e.Resources, e.Archive) {
		out = append(out, r.File)
	}
	return slices.DeleteFunc(out, func(f string) bool { return f == "" })
}

// The organization of the notebook that shows how to clone a portal by hand.
func TestManifestHoldsTheOrganizationOfTheNotebook(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	var members, groups []string
	for _, e := range m.Members {
		members = append(members, e.Username)
	}
	for _, g := range m.Groups {
		if g.Owner == "" {
			groups = append(groups, g.Title)
		}
	}
	slices.Sort(groups)
	if want := []string{"demo_account", "imagery", "journalist", "social", "urban_planning", "weather"}; !slices.Equal(members, want) {
		t.Errorf("members %v, want %v", members, want)
	}
	if !slices.Equal(groups, notebookGroups()) {
		t.Errorf("groups of the administrator %q, want %q", groups, notebookGroups())
	}
	have := map[string]bool{}
	for _, it := range m.Items {
		have[it.Title] = true
	}
	for _, title := range []string{"hurricane_tracks_agg_result_fullds5", "Austin_Map_WFL", "Parcel_data", "PrintingTools", "Chennai_precipitation",
		"SampleWorldCities", "bigDataFileShares_fixtry4", "Geometry", "Buildings", "Community_inteaction_map_WFL"} {
		if !have[title] {
			t.Errorf("no item %q", title)
		}
	}
}

func notebookGroups() []string {
	return []string{
		"Central Services", "Compliance", "Customer Service, Finance, Billing and Accounting", "Demographic Content", "Design and Engineering",
		"Disaster Response", "Executive Reports", "External Contractors", "Featured Apps", "Featured Maps and Apps",
		"Field and Facility Maintenance", "Fire Service", "Gallery", "Industrial Monitoring", "Lab Services", "Land Use Content",
		"Network Operations", "Public Maps and Apps", "Tools and Add-Ins", "Wastewater Treatment", "Water Treatment", "Web App Templates",
	}
}

func TestSnapshotsAreComplete(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	count := map[string]int{}
	var app *itemEntry
	for i, it := range m.Items {
		snapshot, _, _ := strings.Cut(it.Key, "-")
		count[snapshot]++
		if it.ID == "2d2d176f5f3e43a985a31649e213aaf4" {
			app = &m.Items[i]
		}
	}
	if count["adopt_a_stop"] != 11 || count["election_outreach"] != 12 {
		t.Errorf("items by snapshot: %v", count)
	}
	if app == nil || app.Picture != "thumbnail1552921222779.png" || len(app.Resources) != 2 || app.Resources[0].Name != "inConfig/6905882673757555.png" {
		t.Errorf("pictures of Election Polling Places: %+v", app)
	}
	i := slices.IndexFunc(m.Groups, func(g groupEntry) bool { return g.Title == "Adopt-A-Stop Manager" })
	if g := m.Groups[i]; !g.InvitationOnly || !g.ViewOnly || !g.Protected || g.Owner != "urban_planning" {
		t.Errorf("group of the snapshot: %+v", g)
	}
}

func TestDataAreSmallAndOfKnownOrigin(t *testing.T) {
	t.Parallel()
	provenance, err := os.ReadFile("data/PROVENANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	var size int
	err = fs.WalkDir(data, "data", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := data.ReadFile(name)
		if err != nil {
			return err
		}
		size += len(b)
		short := strings.TrimPrefix(name, "data/")
		switch top, _, _ := strings.Cut(short, "/"); top {
		case "files", "snapshots":
			sum := sha256.Sum256(b)
			row := hex.EncodeToString(sum[:6])
			if !strings.Contains(string(provenance), "| "+short+" | ") || !strings.Contains(string(provenance), " | "+row+" | ") {
				t.Errorf("PROVENANCE.md does not list %s with the SHA-256 %s", short, row)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if size > maxEmbedded {
		t.Errorf("%d bytes are embedded, at most %d may be", size, maxEmbedded)
	}
}

func loaded(t *testing.T) *manifest {
	t.Helper()
	m, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
