package gis

import (
	"context"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

const opOrgSearch = "portals/self/users/search"

// OrgSearch yields the members of the organization that match query, in the portal's search
// language, with their accounts in full for those who may view all members. Portals find at
// most 10,000 this way: see [Users.OrgSearchAll].
//
// rest: GET portals/self/users/search
// py: arcgis.gis.UserManager.org_search
func (u *Users) OrgSearch(ctx context.Context, query string, opts *UserSearch) iter.Seq2[*User, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*User], error) {
		r := wire.Read(opOrgSearch).Set("q", query).Text("filter", o.Filter).
			Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder))
		return u.page(ctx, r, "results", start, pageSize(o.PageSize, o.Max))
	})
}

// OrgSearchAll yields every member that matches query, however many there are: see
// [Content.SearchAll].
//
// rest: GET portals/self/users/search
// py: arcgis.gis.UserManager.org_search
func (u *Users) OrgSearchAll(ctx context.Context, query string, opts *SearchAll) iter.Seq2[*User, error] {
	o := deref(opts)
	o.OutsideOrg = true // the operation itself stays inside
	w := walker[*User]{p: u.p, pattern: opOrgSearch, query: query, opts: o, keys: func(u *User) (string, esri.Time) {
		return u.Username, u.Created
	}}
	w.read = func(ctx context.Context, r *wire.Request, start, size int) (*Page[*User], error) {
		return u.page(ctx, r, "results", start, size)
	}
	return w.all(ctx)
}

// StoreUser is a person of the directory that ArcGIS Enterprise signs members in against.
type StoreUser struct {
	Username  string `json:"username"` // DOMAIN\user, or as the directory has it
	FirstName string `json:"firstname"`
	LastName  string `json:"lastname"`
	FullName  string `json:"fullname"`
	Email     string `json:"email"`
}

// SearchStore finds people in the directory of ArcGIS Enterprise; most 0 means 100. Portals take
// the question as POST only.
//
// rest: POST portaladmin/security/users/searchEnterpriseUsers reads
func (u *Users) SearchStore(ctx context.Context, filter string, most int) ([]StoreUser, error) {
	return u.store(ctx, wire.Read("portaladmin/security/users/searchEnterpriseUsers").TokenInBody().Set("filter", filter), most)
}

// StoreGroupMembers lists the people in a group of the directory; most 0 means 100.
//
// rest: GET portaladmin/security/groups/getUsersWithinEnterpriseGroup
func (u *Users) StoreGroupMembers(ctx context.Context, group, filter string, most int) ([]StoreUser, error) {
	r := wire.Read("portaladmin/security/groups/getUsersWithinEnterpriseGroup").Set("groupName", group).Set("filter", filter)
	return u.store(ctx, r, most)
}

func (u *Users) store(ctx context.Context, r *wire.Request, most int) ([]StoreUser, error) {
	if most <= 0 {
		most = maxPage
	}
	var answer struct {
		Users []StoreUser `json:"users"`
	}
	err := u.p.do(ctx, r.Int("maxCount", most), &answer)
	return answer.Users, err
}

// StoreUser reads one person of the directory. [ErrNotFound] means that there is none.
//
// rest: GET portaladmin/security/users/getEnterpriseUser
func (u *Users) StoreUser(ctx context.Context, username string) (*StoreUser, error) {
	const op = "portaladmin/security/users/getEnterpriseUser"
	var found StoreUser
	if err := u.p.do(ctx, wire.Read(op).Set("username", username), &found); err != nil {
		return nil, err
	}
	if found.Username == "" {
		return nil, refuse(ErrNotFound, "GET "+op, "the directory has no %q", username)
	}
	return &found, nil
}
