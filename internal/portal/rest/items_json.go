package rest

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// itemJSON is an item in the shape of Esri's page "Item". Its folder and its protection are
// for owner and administrators.
func itemJSON(v portal.ItemView) Object {
	o := Object{
		"id": v.ID, "owner": v.Owner, "orgId": v.OrgID, "isOrgItem": v.Member, "created": esri.TimeOf(v.Created), "modified": esri.TimeOf(v.Modified),
		"lastViewed": esri.TimeOf(v.LastViewed), "guid": nil, "name": orNull(v.Name), "title": v.Title, "type": v.Type,
		"typeKeywords": orEmpty(v.TypeKeywords), "description": orNull(v.Description), "tags": orEmpty(v.Tags), "snippet": orNull(v.Snippet),
		"thumbnail": orNull(v.Thumbnail), "largeThumbnail": orNull(v.LargeThumbnail), "banner": orNull(v.Banner),
		"screenshots": orEmpty(v.Screenshots), "documentation": orNull(v.Documentation), "extent": extentJSON(v.Extent),
		"spatialReference": orNull(v.SpatialReference), "categories": orEmpty(v.Categories), "accessInformation": orNull(v.AccessInformation),
		"licenseInfo": orNull(v.LicenseInfo), "culture": orNull(v.Culture), "properties": rawOr(v.Properties, nil),
		"advancedSettings": rawOr(v.AdvancedSettings, nil), "url": orNull(v.URL), "proxyFilter": rawOr(v.ProxyFilter, nil),
		"classification": rawOr(v.Classification, nil), "access": v.Access, "size": v.Size, "subInfo": 0,
		"appCategories": orEmpty(v.AppCategories), "industries": orEmpty(v.Industries), "languages": orEmpty(v.Languages),
		"listed": v.Listed, "commentsEnabled": v.CommentsEnabled, "metadataEditable": v.MetadataEditable,
		"metadataFormats": orEmpty(v.MetadataFormats), "numComments": 0, "numRatings": 0, "avgRating": 0, "numViews": v.NumViews,
		"itemControl": v.Control, "scoreCompleteness": completeness(v.Item), "groupDesignations": nil, "contentStatus": v.ContentStatus,
		"apiToken1ExpirationDate": -1, "apiToken2ExpirationDate": -1,
	}
	if v.Control == portal.ControlAdmin {
		o["ownerFolder"] = orNull(string(v.Folder))
		o["protected"] = v.Protected
	}
	return o
}

// foundJSON is itemJSON in the results of a search, which never tell of protection.
func foundJSON(v portal.ItemView) Object {
	o := itemJSON(v)
	delete(o, "protected")
	return o
}

func itemsJSON(views []portal.ItemView, row func(portal.ItemView) Object) []Object {
	out := make([]Object, len(views))
	for i, v := range views {
		out[i] = row(v)
	}
	return out
}

func extentJSON(e *esri.Extent) any {
	if e == nil {
		return []any{}
	}
	return e
}

// completeness is the share of the descriptive properties that are filled in, in percent.
//
// guess: how real portals weigh them is not documented.
func completeness(it *portal.Item) int {
	filled, all := 0, 0
	for _, ok := range []bool{
		it.Title != "", it.Snippet != "", it.Description != "", len(it.Tags) > 0, it.Thumbnail != "", it.AccessInformation != "", it.LicenseInfo != "",
	} {
		all++
		if ok {
			filled++
		}
	}
	return filled * 100 / all
}

// folderJSON is a folder in the shape of Esri's page "Folder".
func folderJSON(f *portal.Folder) any {
	if f == nil {
		return nil
	}
	return Object{"username": f.Owner, "id": f.ID, "title": f.Title, "created": esri.TimeOf(f.Created)}
}

// batchJSON is the answer of a call that names several items: {results: [{itemId, success}]}.
// left names the list of groups that sharing left out, where there is one.
func batchJSON(results []portal.BatchResult, left string) Object {
	rows := make([]Object, len(results))
	for i, r := range results {
		row := Object{"itemId": r.ID, "success": r.Err == nil}
		switch {
		case r.Err != nil:
			row["error"] = errorBody{r.Err.Code, r.Err.MessageCode, r.Err.Message, orEmpty(r.Err.Details)}
		case left != "":
			row[left] = groupIDs(r.Groups)
		}
		rows[i] = row
	}
	return Object{"results": rows}
}

func groupIDs(ids []esri.GroupID) []esri.GroupID {
	if ids == nil {
		return []esri.GroupID{}
	}
	return ids
}
