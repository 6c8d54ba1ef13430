package rest

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// refusedItemFields are the parameters of addItem and update that this portal does not have:
// fetching content from elsewhere, stored credentials of services, and the marketplace.
var refusedItemFields = []string{
	"dataUrl", "thumbnailUrl", "serviceUsername", "servicePassword", "serviceProxyParams", "serviceProxyFilter", "createAsServiceProxy",
	"listingProperties",
}

// itemRef is the item that a path under content/users names.
func itemRef(r *Request) portal.ItemRef {
	return portal.ItemRef{Owner: r.Var("username"), Folder: esri.FolderID(r.Var("folder")), ID: itemID(r)}
}

func itemID(r *Request) esri.ItemID { return esri.ItemID(strings.ToLower(r.Var("id"))) }

// itemIDs reads a list of items.
func (r *Request) itemIDs(name string) []esri.ItemID {
	list, _ := r.List(name)
	var out []esri.ItemID
	for _, s := range list {
		out = append(out, esri.ItemID(s))
	}
	return out
}

// itemFields reads the properties of an item that a call sets. A blank parameter leaves a
// property as it is, unless clear is set. Properties that nobody sets, such as id, owner,
// access and numViews, are not looked at: clients send items as they have read them.
func (r *Request) itemFields(clear bool) (portal.ItemFields, error) {
	f := portal.ItemFields{
		Type: r.field("type", false), Description: r.field("description", clear), Snippet: r.field("snippet", clear),
		AccessInformation: r.field("accessInformation", clear), LicenseInfo: r.field("licenseInfo", clear), Culture: r.field("culture", clear),
		URL: r.field("url", clear), Documentation: r.field("documentation", clear), SpatialReference: r.field("spatialReference", clear),
		ContentStatus: r.field("contentStatus", clear), Tags: r.fieldList("tags", clear), TypeKeywords: r.fieldList("typeKeywords", clear),
		Categories: r.fieldPaths("categories", clear), AppCategories: r.fieldList("appCategories", clear),
		Industries: r.fieldList("industries", clear), Languages: r.fieldList("languages", clear),
		MetadataFormats: r.fieldList("metadataFormats", clear),
	}
	if t := r.Ptr("title"); t != nil && (clear || strings.TrimSpace(*t) != "") {
		f.Title = t
	}
	for name, at := range map[string]*json.RawMessage{"properties": &f.Properties, "advancedSettings": &f.AdvancedSettings,
		"proxyFilter": &f.ProxyFilter, "classification": &f.Classification} {
		var err error
		if *at, err = r.jsonObject(name, clear); err != nil {
			return f, err
		}
	}
	for name, at := range map[string]**bool{"commentsEnabled": &f.CommentsEnabled, "metadataEditable": &f.MetadataEditable} {
		var err error
		if *at, err = r.BoolPtr(name); err != nil {
			return f, err
		}
	}
	var err error
	f.Extent, err = r.extent(clear)
	return f, err
}

// extent reads an item's extent, "xmin,ymin,xmax,ymax" or nested arrays; nil leaves it as it
// is, a pointer to nil clears it.
func (r *Request) extent(clear bool) (**esri.Extent, error) {
	s := r.field("extent", clear)
	if s == nil {
		return nil, nil
	}
	e, ok, err := esri.ParseExtent(*s)
	switch {
	case err != nil:
		return nil, portal.ErrBadParam("extent", "must be xmin,ymin,xmax,ymax: "+err.Error())
	case ok:
		return new(&e), nil
	case clear:
		return new((*esri.Extent)(nil)), nil
	}
	return nil, nil
}

// jsonObject reads a JSON object as it was written; nil leaves the property as it is, null
// clears it.
func (r *Request) jsonObject(name string, clear bool) (json.RawMessage, error) {
	s := r.field(name, clear)
	if s == nil {
		return nil, nil
	}
	if strings.TrimSpace(*s) == "" {
		return json.RawMessage("null"), nil
	}
	var doc json.RawMessage
	if err := lenientJSON(*s, &doc); err != nil {
		return nil, portal.ErrBadParam(name, "must be a JSON object: "+err.Error())
	}
	for range 3 { // JSON in a JSON string
		var inner string
		if json.Unmarshal(doc, &inner) != nil || lenientJSON(inner, &doc) != nil {
			break
		}
	}
	return doc, nil
}

// itemContent reads what a call brings for an item's data.
func (r *Request) itemContent() (portal.ItemContent, error) {
	var c portal.ItemContent
	if s := r.Str("text"); s != "" {
		c.Text = &s
	}
	if f, ok := r.File("text"); ok {
		c.TextFile = &f
	}
	if f, ok := r.File("file"); ok {
		c.File = &f
	} else if strings.TrimSpace(r.Str("file")) != "" {
		return c, portal.ErrBadParam("file", "must be a file part of multipart/form-data, with a file name")
	}
	return c, nil
}

// itemFiles reads the pictures and the metadata that come with an item. The thumbnail as a
// text is the path that was read from an item, which says nothing new.
func (s *Server) itemFiles(ctx context.Context, r *Request) (portal.ItemFiles, error) {
	one := func(name string) *portal.File {
		f, ok := r.File(name)
		if !ok || f.Blob.Size == 0 {
			return nil // browsers send an empty part for a file that was not chosen
		}
		return &f
	}
	f := portal.ItemFiles{
		Thumbnail: one("thumbnail"), LargeThumbnail: one("largeThumbnail"), Banner: one("banner"), Metadata: one("metadata"),
		Screenshots: append(r.FileParts("screenshot"), r.FileParts("screenshots")...),
	}
	// deviates: the metadata part may have any file name, and come as a text.
	if text := r.Str("metadata"); f.Metadata == nil && strings.TrimSpace(text) != "" {
		b, err := s.blobs.Put(ctx, strings.NewReader(text))
		if err != nil {
			return f, err
		}
		f.Metadata = &portal.File{Name: "metadata.xml", Blob: b}
	}
	return f, nil
}

// upload reads whether a call opens an upload in parts, and the name of its file.
func (r *Request) upload() (parts bool, name string, err error) {
	if parts, err = r.Bool("multipart", false); err != nil || !parts {
		return false, "", err
	}
	name = fileName(strings.TrimSpace(r.Str("filename")))
	if name == "" {
		return false, "", portal.ErrMissingParam("filename")
	}
	return true, name, nil
}

// itemUpdate reads the parameters that update and commit share.
func (s *Server) itemUpdate(ctx context.Context, r *Request) (u portal.ItemUpdate, err error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return u, err
	}
	if u.Fields, err = r.itemFields(clear); err != nil {
		return u, err
	}
	u.Files, err = s.itemFiles(ctx, r)
	return u, err
}
