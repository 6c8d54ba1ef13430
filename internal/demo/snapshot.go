package demo

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// snapshotEntry says where the content of a snapshot goes.
type snapshotEntry struct {
	Name       string   `json:"name"`
	Owner      string   `json:"owner"`
	Folder     string   `json:"folder"`
	Access     string   `json:"access"`
	Public     []string `json:"public"` // ids of the items that everybody sees
	Groups     []string `json:"groups"` // titles of the groups that get all of it
	GroupOwner string   `json:"groupOwner"`
}

// snapshotIndex is the manifest.json of a snapshot.
type snapshotIndex struct {
	Items []struct {
		ID        string
		Groups    []string
		Resources []string // files, in the naming of Solutions: <id>_<folder>/<name>
		HasData   bool     `json:"has_data"`
	}
	Groups []struct{ ID, Title string }
}

// snapshotItem is an item as a portal answers it.
type snapshotItem struct {
	ID                string          `json:"id"`
	Type              string          `json:"type"`
	Title             string          `json:"title"`
	TypeKeywords      []string        `json:"typeKeywords"`
	Tags              []string        `json:"tags"`
	Snippet           string          `json:"snippet"`
	Description       string          `json:"description"`
	Extent            [][]float64     `json:"extent"`
	AccessInformation string          `json:"accessInformation"`
	LicenseInfo       string          `json:"licenseInfo"`
	Culture           string          `json:"culture"`
	URL               string          `json:"url"`
	Properties        json.RawMessage `json:"properties"`
}

// Pictures that stand for those that a snapshot names and nobody published.
const (
	fillerPNG  = "files/docs/tpkx_diagram.png"
	fillerJPEG = "files/docs/sierpinski.jpg"
)

// addSnapshot turns a snapshot into entries of the manifest.
func (m *manifest) addSnapshot(s snapshotEntry) error {
	dir := path.Join("snapshots", s.Name)
	var index snapshotIndex
	if err := lenient(path.Join(dir, "manifest.json"), &index); err != nil {
		return err
	}
	titles := map[string]string{}
	for _, g := range index.Groups {
		e := groupEntry{Owner: s.GroupOwner}
		if err := lenient(path.Join(dir, "groups", g.ID+".group.json"), &e); err != nil {
			return err
		}
		var flags struct{ IsInvitationOnly, IsViewOnly bool }
		if err := lenient(path.Join(dir, "groups", g.ID+".group.json"), &flags); err != nil {
			return err
		}
		e.Owner, e.InvitationOnly, e.ViewOnly = s.GroupOwner, flags.IsInvitationOnly, flags.IsViewOnly
		titles[e.ID] = e.Title
		m.Groups = append(m.Groups, e)
	}
	for _, i := range index.Items {
		var it snapshotItem
		if err := lenient(path.Join(dir, "items", i.ID+".item.json"), &it); err != nil {
			return err
		}
		e := it.entry(s)
		for _, g := range i.Groups {
			e.Groups = append(e.Groups, titles[g])
		}
		if i.HasData {
			e.Text = path.Join(dir, "items", i.ID+".data.json")
		}
		e.fill(i.Resources)
		m.Items = append(m.Items, e)
	}
	return nil
}

// entry places the item where the snapshot goes.
func (it *snapshotItem) entry(s snapshotEntry) itemEntry {
	e := itemEntry{
		Key: s.Name + "-" + it.ID[:8], ID: it.ID, Owner: s.Owner, Folder: s.Folder, Type: it.Type, Title: it.Title,
		TypeKeywords: it.TypeKeywords, Tags: it.Tags, Snippet: it.Snippet, Description: it.Description,
		AccessInformation: it.AccessInformation, LicenseInfo: it.LicenseInfo, Culture: it.Culture, URL: it.URL,
		Access: s.Access, Groups: slices.Clone(s.Groups),
	}
	if string(it.Properties) != "null" {
		e.Properties = it.Properties
	}
	if len(it.Extent) == 2 {
		e.Extent = slices.Concat(it.Extent[0], it.Extent[1])
	}
	if slices.Contains(s.Public, it.ID) {
		e.Access = "public"
	}
	return e
}

// fill gives the item a picture under each name that the snapshot mentions.
func (e *itemEntry) fill(names []string) {
	for _, name := range names {
		folder, file, _ := strings.Cut(name, "/")
		if len(folder) < len(e.ID) {
			continue
		}
		filler := fillerPNG
		switch path.Ext(file) {
		case ".png":
		case ".jpg", ".jpeg":
			filler = fillerJPEG
		default:
			continue // packages and job records, which no picture can stand for
		}
		switch folder = strings.TrimPrefix(folder[len(e.ID):], "_"); folder {
		case "info_thumbnail":
			e.Thumbnail, e.Picture = filler, file
		default:
			e.Resources = append(e.Resources, resourceEntry{Name: path.Join(folder, file), File: filler})
		}
	}
}

// lenient reads a JSON file of a portal, whose keys are many.
func lenient(name string, v any) error {
	b, err := read(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}
