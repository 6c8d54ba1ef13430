package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Group is a group as it was read.
type Group struct {
	ID           esri.GroupID `json:"id"`
	Title        string       `json:"title"`
	Owner        string       `json:"owner"`
	Description  string       `json:"description"`
	Snippet      string       `json:"snippet"`
	Phone        string       `json:"phone"`
	Tags         []string     `json:"tags"`
	TypeKeywords []string     `json:"typeKeywords"`
	Access       Access       `json:"access"`
	SortField    string       `json:"sortField"`
	SortOrder    SortOrder    `json:"sortOrder"`
	Thumbnail    string       `json:"thumbnail"` // file name
	OrgID        esri.OrgID   `json:"orgId"`
	Created      esri.Time    `json:"created"`
	Modified     esri.Time    `json:"modified"`

	IsInvitationOnly     bool `json:"isInvitationOnly"`
	IsViewOnly           bool `json:"isViewOnly"` // only owner and managers contribute items
	IsOpenData           bool `json:"isOpenData"`
	IsFav                bool `json:"isFav"` // the hidden group of an account's favorites
	IsReadOnly           bool `json:"isReadOnly"`
	Protected            bool `json:"protected"` // cannot be deleted
	AutoJoin             bool `json:"autoJoin"`
	NotificationsEnabled bool `json:"notificationsEnabled"`
	LeavingDisallowed    bool `json:"leavingDisallowed"`
	HiddenMembers        bool `json:"hiddenMembers"`
	HasCategorySchema    bool `json:"hasCategorySchema"`

	Capabilities      []string        `json:"capabilities"`
	Provider          string          `json:"provider"`
	ProviderGroupName string          `json:"providerGroupName"`
	MembershipAccess  string          `json:"membershipAccess"`
	FeaturedItemsID   string          `json:"featuredItemsId"`
	DisplaySettings   json.RawMessage `json:"displaySettings"`
	Properties        json.RawMessage `json:"properties"`

	// UserMembership is the caller's part in the group, where the portal tells it: in Get,
	// in Item.Groups and in the groups of an account, where it is the account's.
	UserMembership *Membership `json:"userMembership"`

	raw json.RawMessage
	p   *Portal
}

// Membership is an account's part in a group.
type Membership struct {
	Username     string     `json:"username"`
	MemberType   MemberType `json:"memberType"`
	Applications int        `json:"applications"` // waiting to be let in
}

// UnmarshalJSON reads a group and keeps all of it.
func (g *Group) UnmarshalJSON(b []byte) error { return g.readFrom(whole(b)) }

func (g *Group) readFrom(next func(v any) ([]byte, error)) error {
	type plain Group
	raw, err := next((*plain)(g))
	dropNull(&g.DisplaySettings, &g.Properties)
	g.raw = bytes.Clone(raw)
	return err
}

// MarshalJSON writes what was received.
func (g *Group) MarshalJSON() ([]byte, error) { return rawOr(g.raw) }

// Raw is the JSON as received, with every property.
func (g *Group) Raw() json.RawMessage { return g.raw }

// SharedUpdate reports whether members update each other's items.
func (g *Group) SharedUpdate() bool { return slices.Contains(g.Capabilities, sharedUpdate) }

// HomepageURL is the group's page in the portal's website.
//
// py: arcgis.gis.Group.homepage
func (g *Group) HomepageURL() string {
	return g.p.URL() + "/home/group.html?id=" + url.QueryEscape(string(g.ID))
}

// ThumbnailURL is the address of the group's picture, without a token; empty: none.
//
// py: arcgis.gis.Group.get_thumbnail_link
func (g *Group) ThumbnailURL() string {
	if g.Thumbnail == "" {
		return ""
	}
	return g.p.RESTURL() + "/community/groups/" + url.PathEscape(string(g.ID)) + "/info/" + url.PathEscape(g.Thumbnail)
}

// OpenThumbnail reads the group's picture. [ErrNotFound] means that there is none.
//
// rest: GET community/groups/{id}/info/{name}
// py: arcgis.gis.Group.get_thumbnail
// py: arcgis.gis.Group.download_thumbnail
func (g *Group) OpenThumbnail(ctx context.Context) (*Data, error) {
	const op = "community/groups/{id}/info/{name...}"
	if g.Thumbnail == "" {
		return nil, refuse(ErrNotFound, "GET "+op, "the group has no thumbnail")
	}
	return g.p.openFile(ctx, func() *wire.Request { return wire.Read(op, string(g.ID), g.Thumbnail) })
}

// SetThumbnail replaces the group's picture.
//
// rest: POST community/groups/{id}/update
// py: arcgis.gis.Group.update
func (g *Group) SetThumbnail(ctx context.Context, picture Upload) error {
	return g.Update(ctx, GroupUpdate{Thumbnail: &picture})
}

// DeleteThumbnail removes the group's picture.
//
// rest: POST community/groups/{id}/deleteThumbnail
func (g *Group) DeleteThumbnail(ctx context.Context) error {
	if err := g.p.do(ctx, wire.Write("community/groups/{id}/deleteThumbnail", string(g.ID)), nil); err != nil {
		return err
	}
	g.Thumbnail = ""
	return nil
}

// Refresh reads the group again.
//
// rest: GET community/groups/{id}
func (g *Group) Refresh(ctx context.Context) error {
	fresh, err := g.p.Groups.Get(ctx, g.ID)
	if err != nil {
		return err
	}
	*g = *fresh
	return nil
}

// GroupUpdate is what [Group.Update] changes. A nil pointer keeps a property; a pointer to
// the empty text or list clears it.
type GroupUpdate struct {
	Title             *string
	Tags              *[]string
	Access            *Access
	Description       *string
	Snippet           *string
	Phone             *string
	InvitationOnly    *bool
	ViewOnly          *bool
	AutoJoin          *bool
	LeavingDisallowed *bool
	HiddenMembers     *bool
	OpenData          *bool
	SortField         *string
	SortOrder         *SortOrder
	MembershipAccess  *string
	ItemTypes         *string // what the group's page shows
	TypeKeywords      *[]string
	Properties        json.RawMessage // empty keeps
	Thumbnail         *Upload
	Extra             url.Values // parameters that have no field here
}

// Update changes the group's properties and reads it back. Owner and managers may, others
// need portal:admin:updateGroups. That members update each other's items cannot be changed.
//
// rest: POST community/groups/{id}/update
// py: arcgis.gis.Group.update
func (g *Group) Update(ctx context.Context, change GroupUpdate) error {
	r := wire.Write("community/groups/{id}/update", string(g.ID)).
		TextIf("title", change.Title).ListIf("tags", change.Tags).TextIf("access", (*string)(change.Access)).
		TextIf("description", change.Description).TextIf("snippet", change.Snippet).TextIf("phone", change.Phone).
		BoolIf("isInvitationOnly", change.InvitationOnly).BoolIf("isViewOnly", change.ViewOnly).
		BoolIf("autoJoin", change.AutoJoin).BoolIf("leavingDisallowed", change.LeavingDisallowed).
		BoolIf("hiddenMembers", change.HiddenMembers).BoolIf("isOpenData", change.OpenData).
		TextIf("sortField", change.SortField).TextIf("sortOrder", (*string)(change.SortOrder)).
		TextIf("membershipAccess", change.MembershipAccess).ListIf("typeKeywords", change.TypeKeywords).
		JSON("properties", change.Properties).Bool("clearEmptyFields", true)
	if change.ItemTypes != nil {
		r.JSON("displaySettings", displaySettings{*change.ItemTypes})
	}
	if change.Thumbnail != nil {
		attach(r, "thumbnail", *change.Thumbnail)
	}
	if err := g.p.do(ctx, r.All(change.Extra), nil); err != nil {
		return err
	}
	return g.Refresh(ctx)
}

// Delete removes the group; the items shared with it stay. A protected group refuses.
//
// rest: POST community/groups/{id}/delete
// py: arcgis.gis.Group.delete
func (g *Group) Delete(ctx context.Context) error {
	return g.p.do(ctx, wire.Once("community/groups/{id}/delete", string(g.ID)), nil)
}

// Protect guards the group against being deleted, or lifts the guard.
//
// rest: POST community/groups/{id}/protect
// rest: POST community/groups/{id}/unprotect
// py: arcgis.gis.Group.protected
func (g *Group) Protect(ctx context.Context, on bool) error {
	r := wire.Write("community/groups/{id}/unprotect", string(g.ID))
	if on {
		r = wire.Write("community/groups/{id}/protect", string(g.ID))
	}
	if err := g.p.do(ctx, r, nil); err != nil {
		return err
	}
	g.Protected = on
	return nil
}
