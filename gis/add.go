package gis

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// ItemSpec is an item to add.
type ItemSpec struct {
	Owner  string        // default: the caller
	Folder esri.FolderID // default: the root folder
	// ID is the id that the item shall have: 32 lower-case hexadecimal characters. Only portals
	// whose [Features] say so honor it, others are not asked ([ErrUnsupported]). A taken id
	// fails, also one of an item that the caller cannot see.
	ID esri.ItemID

	Title             string
	Type              string // required but for some files, whose type follows from their name
	TypeKeywords      []string
	Tags              []string
	Description       string
	Snippet           string
	URL               string // of services and apps
	DataURL           string // the portal fetches the file itself, in the background
	Extent            *esri.Extent
	SpatialReference  string
	AccessInformation string
	LicenseInfo       string
	Culture           string
	Documentation     string
	Properties        json.RawMessage
	Categories        []string
	AppCategories     []string
	Industries        []string
	Languages         []string
	CommentsEnabled   *bool

	// A relationship made together with the item, to either an origin or a destination.
	RelationshipType RelationshipType
	OriginItem       esri.ItemID
	DestinationItem  esri.ItemID

	Extra url.Values // parameters that have no field here
}

func (s *ItemSpec) fill(r *wire.Request) {
	r.Text("title", s.Title).Text("type", s.Type).List("typeKeywords", s.TypeKeywords).List("tags", s.Tags).
		Text("description", s.Description).Text("snippet", s.Snippet).Text("url", s.URL).Text("dataUrl", s.DataURL).
		Text("spatialReference", s.SpatialReference).Text("accessInformation", s.AccessInformation).
		Text("licenseInfo", s.LicenseInfo).Text("culture", s.Culture).Text("documentation", s.Documentation).
		JSON("properties", s.Properties).List("categories", s.Categories).List("appCategories", s.AppCategories).
		List("industries", s.Industries).List("languages", s.Languages).BoolIf("commentsEnabled", s.CommentsEnabled).
		Text("relationshipType", string(s.RelationshipType)).
		Text("originItemId", string(s.OriginItem)).Text("destinationItemId", string(s.DestinationItem))
	if s.Extent != nil {
		r.Set("extent", s.Extent.String())
	}
	r.All(s.Extra)
}

const opAdd = "POST content/users/{username}/addItem"

// Add makes an item, private and unshared, and answers it as read back. It needs
// portal:user:createItem, and an administrator for another owner. Sharing, protection and
// file resources are calls of their own.
//
// Data is streamed. Above a size, or where the size is unknown, it goes in parts that are
// repeated one by one when they fail (see [WithParts]); the call returns when the portal has
// put them together. Without parts, an upload is repeated only if nothing of it can have
// arrived.
//
// A failure that is [Ambiguous] may have made the item: look for it, by ID if one was asked
// for, before adding again. An error in the reading back comes with the item, of which only
// the id, owner and folder are certain then.
//
// [ErrConflict] means that a file of that name lies in the same folder already, or that the
// id is taken.
//
// rest: POST content/users/{username}/addItem
// rest: POST content/users/{username}/{folder}/addItem
// rest: POST content/users/{username}/items/{id}/addPart
// rest: POST content/users/{username}/items/{id}/commit
// py: arcgis.gis.ContentManager.add
func (c *Content) Add(ctx context.Context, spec ItemSpec, opts ...WriteOption) (*Item, error) {
	owner, err := c.p.owner(ctx, opAdd, spec.Owner)
	if err != nil {
		return nil, err
	}
	if err := c.checkID(ctx, spec.ID); err != nil {
		return nil, err
	}
	w := newWrite(opts)
	r := wire.Once("content/users/{username}/{folder?}/addItem", owner, string(spec.Folder)).Text("itemIdToCreate", string(spec.ID))
	spec.fill(r)
	if w.inParts() {
		if err := w.data.check("file"); err != nil {
			r.Fail(err)
		}
		r.Bool("multipart", true).Set("filename", w.data.Name)
		r.TextIf("text", w.text)
	} else {
		w.attach(r)
	}
	var answer struct {
		ID esri.ItemID `json:"id"`
	}
	if err := c.p.do(ctx, r, &answer); err != nil {
		return nil, err
	}
	if answer.ID == "" {
		return nil, &Error{Op: r.Op(), Message: "the portal answered no item id", kind: ErrProtocol, ambiguous: true}
	}
	it := &Item{ID: answer.ID, Owner: owner, OwnerFolder: spec.Folder, Title: spec.Title, Type: spec.Type, URL: spec.URL, p: c.p}
	if w.inParts() {
		if err := it.finishAdd(ctx, w, spec.fill); err != nil {
			return nil, err
		}
	}
	if w.norefresh {
		return it, nil
	}
	return it, it.Refresh(ctx)
}

// finishAdd sends the data of an item that was opened for it. An item that cannot be
// completed is removed again, unless it may be complete.
func (it *Item) finishAdd(ctx context.Context, w *write, fill func(*wire.Request)) error {
	err := it.sendParts(ctx, w, fill)
	if err == nil {
		return it.sendBesides(ctx, w)
	}
	if Ambiguous(err) {
		return err
	}
	cleanup, cancel := detached(ctx)
	defer cancel()
	return withAmbiguity(err, it.Delete(cleanup) != nil)
}

// sendBesides sends what an upload in parts cannot carry.
func (it *Item) sendBesides(ctx context.Context, w *write) error {
	if w.thumbnail == nil && w.metadata == nil && len(w.pictures) == 0 {
		return nil
	}
	r := wire.Write(opUpdate, it.Owner, string(it.OwnerFolder), string(it.ID))
	besides := *w
	besides.data, besides.text = nil, nil
	besides.attach(r)
	return it.p.do(ctx, r, nil)
}

func (c *Content) checkID(ctx context.Context, id esri.ItemID) error {
	if id == "" {
		return nil
	}
	if !esri.IsID(string(id)) {
		return refuse(ErrInvalid, opAdd, "the item id %q is not 32 lower-case hexadecimal characters", id)
	}
	f, err := c.p.Features(ctx)
	if err != nil {
		return err
	}
	if !f.HonorsItemIDToCreate {
		return refuse(ErrUnsupported, opAdd, "this portal (%s %s) chooses item ids itself", f.Kind, f.Version)
	}
	return nil
}

// String names the item in messages.
func (it *Item) String() string { return fmt.Sprintf("%s %q (%s)", it.Type, it.Title, it.ID) }
