package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

//go:embed data/manifest data/documents data/files data/pictures data/snapshots
var data embed.FS

// admin is the name under which the manifest knows the administrator of the portal.
const admin = "admin"

// manifest describes the organization.
type manifest struct {
	organization
	Items         []itemEntry
	Relationships []relationEntry
}

// organization is data/manifest/organization.json.
type organization struct {
	Portal    string            `json:"portal"`   // address that the documents use
	Services  map[string]string `json:"services"` // service roots that they use, to folders below the portal's own
	Roles     []roleEntry       `json:"roles"`
	Members   []memberEntry     `json:"members"`
	Groups    []groupEntry      `json:"groups"`
	Folders   []folderEntry     `json:"folders"` // those that documents refer to; others follow from the items
	Snapshots []snapshotEntry   `json:"snapshots"`
	Licenses  []licenseEntry    `json:"licenses"` // of products of the pool
	// Categories are the trees of categories that items can have.
	Categories []gis.Category `json:"categories"`
}

type licenseEntry struct {
	Username     string   `json:"username"`
	Product      string   `json:"product"` // title
	Entitlements []string `json:"entitlements"`
}

type roleEntry struct {
	Key         string   `json:"key"` // by which members name it
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Privileges  []string `json:"privileges"`
}

type memberEntry struct {
	Username      string   `json:"username"`
	FirstName     string   `json:"firstName"`
	LastName      string   `json:"lastName"`
	Email         string   `json:"email"`
	Role          string   `json:"role"` // key of a custom role, or the id of another
	UserType      string   `json:"userType"`
	Description   string   `json:"description"`
	Tags          []string `json:"tags"`
	Access        string   `json:"access"`
	Culture       string   `json:"culture"`
	Region        string   `json:"region"`
	Units         string   `json:"units"`
	PreferredView string   `json:"preferredView"`
	Thumbnail     string   `json:"thumbnail"`
	Disabled      bool     `json:"disabled"`
}

type groupEntry struct {
	ID                string          `json:"id"` // in the documents
	Title             string          `json:"title"`
	Owner             string          `json:"owner"` // default: the administrator
	Access            string          `json:"access"`
	Tags              []string        `json:"tags"`
	TypeKeywords      []string        `json:"typeKeywords"`
	Snippet           string          `json:"snippet"`
	Description       string          `json:"description"`
	Phone             string          `json:"phone"`
	SortField         string          `json:"sortField"`
	SortOrder         string          `json:"sortOrder"`
	MembershipAccess  string          `json:"membershipAccess"`
	ItemTypes         string          `json:"itemTypes"`
	Properties        json.RawMessage `json:"properties"`
	Thumbnail         string          `json:"thumbnail"`
	InvitationOnly    bool            `json:"invitationOnly"`
	ViewOnly          bool            `json:"viewOnly"`
	AutoJoin          bool            `json:"autoJoin"`
	LeavingDisallowed bool            `json:"leavingDisallowed"`
	HiddenMembers     bool            `json:"hiddenMembers"`
	SharedUpdate      bool            `json:"sharedUpdate"`
	Protected         bool            `json:"protected"`
	Managers          []string        `json:"managers"`
	Members           []string        `json:"members"`
	Categories        []gis.Category  `json:"categories"` // that items can have within the group
}

type folderEntry struct {
	Owner string `json:"owner"`
	Title string `json:"title"`
	ID    string `json:"id"` // in the documents; empty: they do not refer to it
}

type itemEntry struct {
	Key               string          `json:"key"` // by which the item is recognized
	ID                string          `json:"id"`  // in the documents
	Owner             string          `json:"owner"`
	Folder            string          `json:"folder"` // title; empty: the root folder
	Type              string          `json:"type"`
	Title             string          `json:"title"`
	TypeKeywords      []string        `json:"typeKeywords"`
	Tags              []string        `json:"tags"`
	Snippet           string          `json:"snippet"`
	Description       string          `json:"description"`
	Extent            []float64       `json:"extent"` // west, south, east, north
	SpatialReference  string          `json:"spatialReference"`
	AccessInformation string          `json:"accessInformation"`
	LicenseInfo       string          `json:"licenseInfo"`
	Culture           string          `json:"culture"`
	Documentation     string          `json:"documentation"`
	URL               string          `json:"url"`
	Properties        json.RawMessage `json:"properties"`
	Access            string          `json:"access"` // private when empty
	Groups            []string        `json:"groups"` // titles
	Protected         bool            `json:"protected"`
	Categories        []string        `json:"categories"`
	ContentStatus     string          `json:"contentStatus"`
	App               *appEntry       `json:"app"` // its registration
	// GroupCategories are those that it has within groups, by title.
	GroupCategories map[string][]string `json:"groupCategories"`

	Text      string          `json:"text"`    // document whose references are mapped
	File      string          `json:"file"`    // file that is uploaded as it is
	Name      string          `json:"name"`    // of the uploaded file; default: its own
	Rows      *rowFilter      `json:"rows"`    // of a CSV file: the part that is uploaded
	Mapped    bool            `json:"mapped"`  // references in the file are mapped
	Archive   []resourceEntry `json:"archive"` // members of a zip file that is uploaded
	Thumbnail string          `json:"thumbnail"`
	Picture   string          `json:"picture"` // name of the thumbnail; default: its own
	Metadata  string          `json:"metadata"`
	Resources []resourceEntry `json:"resources"`
}

// appEntry is the registration of an item as an app.
type appEntry struct {
	Type         string   `json:"type"`
	RedirectURIs []string `json:"redirectURIs"`
}

type resourceEntry struct {
	Name    string `json:"name"` // with its folder
	File    string `json:"file"`
	Mapped  bool   `json:"mapped"` // references in it are mapped
	Private bool   `json:"private"`
}

type relationEntry struct {
	From string `json:"from"` // key of the origin
	To   string `json:"to"`
	Type string `json:"type"`
}

// load reads the manifest and the snapshots.
func load() (*manifest, error) {
	m := &manifest{}
	if err := decode("manifest/organization.json", &m.organization); err != nil {
		return nil, err
	}
	if err := decode("manifest/relationships.json", &m.Relationships); err != nil {
		return nil, err
	}
	lists, err := fs.Glob(data, "data/manifest/items_*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range lists {
		var items []itemEntry
		if err := decode(strings.TrimPrefix(name, "data/"), &items); err != nil {
			return nil, err
		}
		m.Items = append(m.Items, items...)
	}
	for _, s := range m.Snapshots {
		if err := m.addSnapshot(s); err != nil {
			return nil, fmt.Errorf("snapshot %s: %w", s.Name, err)
		}
	}
	m.addFolders()
	return m, nil
}

// addFolders lists the folders that items are in.
func (m *manifest) addFolders() {
	have := map[[2]string]bool{}
	for _, f := range m.Folders {
		have[[2]string{f.Owner, f.Title}] = true
	}
	for _, it := range m.Items {
		at := [2]string{it.Owner, it.Folder}
		if it.Folder != "" && !have[at] {
			have[at] = true
			m.Folders = append(m.Folders, folderEntry{Owner: it.Owner, Title: it.Folder})
		}
	}
}

// read returns a file below data.
func read(name string) ([]byte, error) {
	b, err := data.ReadFile(path.Join("data", name))
	if err != nil {
		return nil, fmt.Errorf("demo data: %w", err)
	}
	return b, nil
}

// decode reads a JSON file whose every key is known.
func decode(name string, v any) error {
	b, err := read(name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("demo data: %s: %w", name, err)
	}
	return nil
}
