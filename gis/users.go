package gis

import (
	"context"
	"errors"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Users are the members of the organization.
//
// py: arcgis.gis.UserManager
type Users struct{ p *Portal }

// Get reads one account. Administrators and the account itself see all of it, others its
// public profile.
//
// [ErrNotFound] means that there is no such account or that it is hidden, where the Python
// original answers None.
//
// rest: GET community/users/{username}
// py: arcgis.gis.UserManager.get
// py: arcgis.gis.User
func (u *Users) Get(ctx context.Context, username string) (*User, error) {
	var user User
	if err := u.p.do(ctx, wire.Read("community/users/{username}", username), &user); err != nil {
		// The only thing that can be wrong with this request is the name.
		return nil, as(err, ErrNotFound, func(e *Error) bool { return e.Code == 400 && e.MessageCode == "" })
	}
	user.bind(u.p)
	return &user, nil
}

// Me reads the account that is signed in. [ErrToken] means that nobody is.
//
// rest: GET community/self
// py: arcgis.gis.UserManager.me
func (u *Users) Me(ctx context.Context) (*User, error) {
	var user User
	if err := u.p.do(ctx, wire.Read("community/self"), &user); err != nil {
		return nil, err
	}
	if user.Username == "" {
		return nil, refuse(ErrToken, "GET community/self", "the session belongs to no account")
	}
	user.bind(u.p)
	return &user, nil
}

// UserList chooses and orders members, in [Users.List].
type UserList struct {
	SortField     string // fullName, username, created, lastLogin, level or role; default: the portal's order
	SortOrder     SortOrder
	Start         int // first entry, counted from 1
	PageSize      int // 1 to 100, default 100
	Max           int // 0: no limit
	Role          esri.RoleID
	UserType      string // id of a user type
	Provider      string // arcgis or enterprise
	ExcludeSystem bool   // leave out esri_* and the like
}

// List yields every member of the organization. Those with the privilege
// portal:admin:viewUsers see the accounts in full, other members their profiles.
//
// The embedded groups are missing here: [Users.Get] has them.
//
// rest: GET portals/self/users
// py: arcgis.gis.UserManager.search
func (u *Users) List(ctx context.Context, opts *UserList) iter.Seq2[*User, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*User], error) {
		o := o
		o.Start = start
		return u.ListPage(ctx, &o)
	})
}

// ListPage answers one page of [Users.List].
//
// rest: GET portals/self/users
func (u *Users) ListPage(ctx context.Context, opts *UserList) (*Page[*User], error) {
	o := deref(opts)
	r := wire.Read("portals/self/users").Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder)).
		Text("role", string(o.Role)).Text("userLicenseType", o.UserType).Text("provider", o.Provider)
	if o.ExcludeSystem {
		r.Bool("excludeSystemUsers", true)
	}
	return u.page(ctx, r, "users", o.Start, pageSize(o.PageSize, o.Max))
}

func (u *Users) page(ctx context.Context, r *wire.Request, key string, start, size int) (*Page[*User], error) {
	found, err := readPage[*User](ctx, u.p, r, key, start, size)
	if err != nil {
		return nil, err
	}
	for _, user := range found.Items {
		user.bind(u.p)
	}
	return found, nil
}

// UserSearch chooses and orders accounts, in [Users.Search].
type UserSearch struct {
	SortField     string // username, created, fullname or modified; default: by relevance
	SortOrder     SortOrder
	Start         int
	PageSize      int // 1 to 100, default 100
	Max           int // 0: no limit, where the Python original stops at 100
	OutsideOrg    bool
	ExcludeSystem bool
	Filter        string // field:"exact term"
}

// Search yields the accounts whose profile matches query, in the portal's search language
// (`role:org_admin AND fullname:"Ada*"`), which is passed on unread. Unless OutsideOrg is
// set, only members of the organization are found. An empty query matches all of them.
//
// Results carry the public profile; [Users.List] reads accounts in full. Pages are fetched as
// the loop reaches them. Portals find at most 10,000 accounts and index changes with a delay.
//
// rest: GET community/users
// py: arcgis.gis.UserManager.search
// py: arcgis.gis.UserManager.advanced_search
func (u *Users) Search(ctx context.Context, query string, opts *UserSearch) iter.Seq2[*User, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*User], error) {
		o := o
		o.Start = start
		return u.SearchPage(ctx, query, &o)
	})
}

// SearchPage answers one page of [Users.Search], with the number of all results.
//
// rest: GET community/users
// py: arcgis.gis.UserManager.advanced_search
func (u *Users) SearchPage(ctx context.Context, query string, opts *UserSearch) (*Page[*User], error) {
	o := deref(opts)
	q, err := u.p.orgQuery(ctx, query, o.OutsideOrg)
	if err != nil {
		return nil, err
	}
	r := wire.Read("community/users").Set("q", q).Text("filter", o.Filter).
		Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder))
	if o.ExcludeSystem {
		r.Bool("excludeSystemUsers", true)
	}
	return u.page(ctx, r, "results", o.Start, pageSize(o.PageSize, o.Max))
}

// orgQuery keeps a search inside the organization unless outside is wanted.
func (p *Portal) orgQuery(ctx context.Context, query string, outside bool) (string, error) {
	if outside {
		return query, nil
	}
	self, err := p.Self(ctx)
	if err != nil || self.ID == "" {
		return query, err
	}
	within := "orgid:" + string(self.ID)
	if query == "" {
		return within, nil
	}
	return "(" + query + ") AND " + within, nil
}

// deref answers a copy of *v, or the zero value for nil.
func deref[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

// UsernameCheck says whether a user name is free.
type UsernameCheck struct {
	Requested string `json:"requested"`
	Suggested string `json:"suggested"` // the same name if it is free
}

// Free reports whether the requested name can be used.
func (c UsernameCheck) Free() bool { return c.Requested == c.Suggested }

// CheckUsernames asks which names are free, and for free ones near those that are taken.
//
// rest: GET community/checkUsernames
func (u *Users) CheckUsernames(ctx context.Context, usernames ...string) ([]UsernameCheck, error) {
	var answer struct {
		Usernames []UsernameCheck `json:"usernames"`
	}
	err := u.p.do(ctx, wire.Read("community/checkUsernames").List("usernames", usernames), &answer)
	return answer.Usernames, err
}

// exists reports whether an account is there, as far as the caller can see.
func (u *Users) exists(ctx context.Context, username string) (bool, error) {
	_, err := u.Get(ctx, username)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
