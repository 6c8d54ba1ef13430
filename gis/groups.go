package gis

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Groups are the groups that the account may see.
//
// py: arcgis.gis.GroupManager
type Groups struct{ p *Portal }

// Get reads one group, with the caller's membership.
//
// [ErrNotFound] means that there is no such group or that it is hidden, where the Python
// original answers None.
//
// rest: GET community/groups/{id}
// py: arcgis.gis.GroupManager.get
// py: arcgis.gis.Group
func (g *Groups) Get(ctx context.Context, id esri.GroupID) (*Group, error) {
	var group Group
	if err := g.p.do(ctx, wire.Read("community/groups/{id}", string(id)), &group); err != nil {
		return nil, err
	}
	group.p = g.p
	return &group, nil
}

// Handle answers a group to call methods on, of which only the id is known. It sends nothing.
func (g *Groups) Handle(id esri.GroupID) *Group { return &Group{ID: id, p: g.p} }

// GroupSearch chooses and orders groups, in [Groups.Search].
type GroupSearch struct {
	SortField  string // title, owner, created or modified; default: by relevance
	SortOrder  SortOrder
	Start      int
	PageSize   int // 1 to 100, default 100
	Max        int // 0: no limit, where the Python original stops at 1000
	OutsideOrg bool
	Filter     string // field:"exact term"
	MemberOnly bool   // only groups that the account belongs to
}

// Search yields the groups that match query, in the portal's search language
// (`title:"Fire" AND tags:gis`), which is passed on unread. Unless OutsideOrg is set, only
// groups of the organization are found. An empty query matches all of them.
//
// Pages are fetched as the loop reaches them. Portals find at most 10,000 groups this way,
// see [Groups.SearchAll], and index changes with a delay.
//
// rest: GET community/groups
// py: arcgis.gis.GroupManager.search
func (g *Groups) Search(ctx context.Context, query string, opts *GroupSearch) iter.Seq2[*Group, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*Group], error) {
		o := o
		o.Start = start
		return g.SearchPage(ctx, query, &o)
	})
}

// SearchPage answers one page of [Groups.Search], with the number of all results.
//
// rest: GET community/groups
func (g *Groups) SearchPage(ctx context.Context, query string, opts *GroupSearch) (*Page[*Group], error) {
	o := deref(opts)
	q, err := g.p.orgQuery(ctx, query, o.OutsideOrg)
	if err != nil {
		return nil, err
	}
	r := wire.Read("community/groups").Set("q", q).Text("filter", o.Filter).
		Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder))
	if o.MemberOnly {
		me, err := g.p.owner(ctx, r.Op(), "")
		if err != nil {
			return nil, err
		}
		r.Set("searchUserAccess", "groupMember").Set("searchUserName", me)
	}
	found, err := readPage[*Group](ctx, g.p, r, "results", o.Start, pageSize(o.PageSize, o.Max))
	if err != nil {
		return nil, err
	}
	for _, group := range found.Items {
		group.p = g.p
	}
	return found, nil
}

// GroupSpec is a group to create. Its owner is the caller: see [Group.ReassignTo].
type GroupSpec struct {
	Title             string // required; portals refuse one that is taken
	Tags              []string
	Access            Access // default: private
	Description       string
	Snippet           string // at most 250 characters
	Phone             string
	InvitationOnly    bool // nobody can apply
	ViewOnly          bool // only owner and managers contribute items
	AutoJoin          bool // who joins is a member at once
	LeavingDisallowed bool
	HiddenMembers     bool
	OpenData          bool
	SharedUpdate      bool // members update each other's items; only now, never later
	SortField         string
	SortOrder         SortOrder
	MembershipAccess  string // org, collaboration or none
	ItemTypes         string // what the group's page shows: Web Map, Layer, …
	TypeKeywords      []string
	Properties        json.RawMessage
	Provider          string // enterprise: members come from a group of the directory
	ProviderGroupName string
	Thumbnail         *Upload
	Extra             url.Values // parameters that have no field here
}

// Create makes a group, of which the caller is owner and manager, and answers it as the
// portal does. It needs portal:user:createGroup, and further privileges for access beyond
// the members and for shared update.
//
// [ErrConflict] means that the title is taken, where the portal says so.
//
// rest: POST community/createGroup
// py: arcgis.gis.GroupManager.create
// py: arcgis.gis.GroupManager.create_from_dict
func (g *Groups) Create(ctx context.Context, spec GroupSpec) (*Group, error) {
	const op = "community/createGroup"
	if spec.Title == "" {
		return nil, refuse(ErrInvalid, "POST "+op, "the group's title is empty")
	}
	if spec.Access == "" {
		spec.Access = AccessPrivate
	}
	r := wire.Once(op).Set("title", spec.Title).List("tags", spec.Tags).Set("access", string(spec.Access)).
		Text("description", spec.Description).Text("snippet", spec.Snippet).Text("phone", spec.Phone).
		Bool("isInvitationOnly", spec.InvitationOnly).Bool("isViewOnly", spec.ViewOnly).Bool("autoJoin", spec.AutoJoin).
		Text("sortField", spec.SortField).Text("sortOrder", string(spec.SortOrder)).
		Text("membershipAccess", spec.MembershipAccess).List("typeKeywords", spec.TypeKeywords).
		JSON("properties", spec.Properties).Text("provider", spec.Provider).Text("providerGroupName", spec.ProviderGroupName)
	for name, on := range map[string]bool{
		"leavingDisallowed": spec.LeavingDisallowed, "hiddenMembers": spec.HiddenMembers, "isOpenData": spec.OpenData,
	} {
		if on {
			r.Bool(name, true)
		}
	}
	if spec.SharedUpdate {
		r.Set("capabilities", sharedUpdate)
	}
	if spec.ItemTypes != "" {
		r.JSON("displaySettings", displaySettings{spec.ItemTypes})
	}
	if spec.Thumbnail != nil {
		attach(r, "thumbnail", *spec.Thumbnail)
	}
	var answer struct {
		Group *Group `json:"group"`
	}
	if err := g.p.do(ctx, r.All(spec.Extra), &answer); err != nil {
		return nil, err
	}
	if answer.Group == nil || answer.Group.ID == "" {
		return nil, &Error{Op: "POST " + op, Message: "the portal answered no group", kind: ErrProtocol, ambiguous: true}
	}
	answer.Group.p = g.p
	return answer.Group, nil
}

// sharedUpdate is the capability of groups whose members update each other's items.
const sharedUpdate = "updateitemcontrol"

type displaySettings struct {
	ItemTypes string `json:"itemTypes"`
}
