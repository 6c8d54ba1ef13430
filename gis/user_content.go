package gis

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Folders are the account's folders, without the root folder. See [Content.Folders].
//
// rest: GET content/users/{username}
// py: arcgis.gis.User.folders
func (u *User) Folders(ctx context.Context) ([]*Folder, error) {
	return u.p.Content.Folders(ctx, u.Username)
}

// Items yields the account's items in one folder; the empty id is the root folder. The
// Python original takes the folder's title and stops at 100. See [Content.UserItems].
//
// rest: GET content/users/{username}
// rest: GET content/users/{username}/{folder}
// py: arcgis.gis.User.items
func (u *User) Items(ctx context.Context, folder esri.FolderID, opts *ItemList) iter.Seq2[*Item, error] {
	return u.p.Content.UserItems(ctx, u.Username, folder, opts)
}

// AllItems yields all items of the account, folder by folder.
//
// rest: GET content/users/{username}
// rest: GET content/users/{username}/{folder}
func (u *User) AllItems(ctx context.Context) iter.Seq2[*Item, error] {
	return u.p.Content.AllUserItems(ctx, u.Username)
}

// TagCount is how many of an account's items bear a tag.
type TagCount struct {
	Tag   string `json:"tag"`
	Count int    `json:"count"`
}

// TagCounts answers the tags that the account gave to its items.
//
// rest: GET community/users/{username}/tags
func (u *User) TagCounts(ctx context.Context) ([]TagCount, error) {
	var answer struct {
		Tags []TagCount `json:"tags"`
	}
	err := u.p.do(ctx, wire.Read("community/users/{username}/tags", u.Username), &answer)
	return answer.Tags, err
}

// Properties answers the account's settings of the portal's website, such as its landing
// page, as a JSON object.
//
// rest: GET community/users/{username}/properties
func (u *User) Properties(ctx context.Context) (json.RawMessage, error) {
	var answer struct {
		Properties json.RawMessage `json:"properties"`
	}
	if err := u.p.do(ctx, wire.Read("community/users/{username}/properties", u.Username), &answer); err != nil {
		return nil, err
	}
	if len(answer.Properties) == 0 || string(answer.Properties) == "null" {
		return json.RawMessage("{}"), nil
	}
	return answer.Properties, nil
}

// SetProperties replaces the account's settings of the portal's website by v, written as JSON.
//
// rest: POST community/users/{username}/setProperties
func (u *User) SetProperties(ctx context.Context, v any) error {
	return u.p.do(ctx, wire.Write("community/users/{username}/setProperties", u.Username).JSON("properties", v), nil)
}
