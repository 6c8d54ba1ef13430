package portal

import (
	"encoding/json"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// Folder holds items of one member. Titles are unique per member, without regard to case.
type Folder struct {
	ID      esri.FolderID
	Owner   string
	Title   string
	Created time.Time
}

// Item is one entry of the organization's content.
type Item struct {
	ID                esri.ItemID
	Owner             string
	Folder            esri.FolderID // empty: the root folder
	Type              string
	Title             string
	Name              string // file name of uploaded data, service name of services
	TypeKeywords      []string
	Description       string
	Snippet           string
	Tags              []string
	Extent            *esri.Extent
	SpatialReference  string
	AccessInformation string
	LicenseInfo       string
	Culture           string
	URL               string
	Documentation     string
	Categories        []string
	AppCategories     []string
	Industries        []string
	Languages         []string
	Screenshots       []string
	Properties        json.RawMessage // nil: none
	AdvancedSettings  json.RawMessage
	ProxyFilter       json.RawMessage
	Classification    json.RawMessage
	Thumbnail         string // info path, for example thumbnail/x.png; empty: none
	LargeThumbnail    string
	Banner            string
	Access            Access
	Protected         bool
	CommentsEnabled   bool
	Listed            bool
	ContentStatus     string
	MetadataEditable  bool
	MetadataFormats   []string
	NumViews          int64
	Created           time.Time
	Modified          time.Time
	LastViewed        time.Time
	Status            ItemStatus
	StatusMessage     string
	UploadName        string // file name of the upload in parts that is under way
	Data              *Data  // nil: none
}

// ItemStatus is the state of an item's data.
type ItemStatus string

// Item states. Partial exists between the opening call of an upload in parts and its commit.
const (
	StatusCompleted  ItemStatus = "completed"
	StatusPartial    ItemStatus = "partial"
	StatusProcessing ItemStatus = "processing"
	StatusFailed     ItemStatus = "failed"
)

// Data is what an item's /data holds: one or more blobs, read as one after the other. An
// upload in parts becomes an item's data without being copied.
type Data struct {
	Text        bool   // given as text (JSON and the like), not as a file
	ContentType string // as served
	Size        int64  // sum of the blobs' sizes
	Blobs       []Blob
}

// File is a named small file: a thumbnail, an info file, a resource.
type File struct {
	Name        string
	ContentType string
	Blob        Blob
}

// InfoFile is a file under an item's info folder: thumbnail, metadata, app-private files.
type InfoFile struct {
	Item esri.ItemID
	Path string // thumbnail/x.png, metadata/metadata.xml, form.json
	File
}

// Resource is a file resource of an item.
type Resource struct {
	Item    esri.ItemID
	Path    string // prefix/name, without a leading slash
	Access  string // inherit or private
	Created time.Time
	File
}

// Relation is a typed, directed link between two items.
type Relation struct {
	Origin      esri.ItemID
	Destination esri.ItemID
	Type        string
	Creator     string
	Created     time.Time
}

// Part is one part of an upload that is not committed yet.
type Part struct {
	Item   esri.ItemID
	Number int // 1 to 10000
	Blob   Blob
}
