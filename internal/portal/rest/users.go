package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) usersRoutes() []Route {
	const user = "sharing/rest/community/users/{username}"
	routes := []Route{
		{Pattern: "sharing/rest/community/self", Handle: s.self},
		{Pattern: "sharing/rest/community/users", Refuse: []string{"categories"}, Handle: s.searchUsers},
		{Pattern: "sharing/rest/community/checkUsernames", Handle: s.checkUsernames},
		{Pattern: user, Handle: s.user},
		{Pattern: user + "/info/{file}", Handle: s.userThumbnail},
		{Pattern: user + "/update", Write: true, Files: true, Refuse: []string{"securityQuestionIdx", "securityAnswer"}, Handle: s.updateUser},
		{Pattern: user + "/deleteThumbnail", Write: true, Handle: s.deleteUserThumbnail},
		{Pattern: user + "/delete", Write: true, Handle: s.deleteUser},
		{Pattern: user + "/disable", Write: true, Handle: s.disableUser},
		{Pattern: user + "/enable", Write: true, Handle: s.enableUser},
		{Pattern: user + "/reset", Write: true, Refuse: []string{"newSecurityQuestionIdx"}, Handle: s.resetPassword},
		{Pattern: user + "/expirePassword", Write: true, Handle: s.expirePassword},
		{Pattern: user + "/reassign", Write: true, Handle: s.reassignContent},
		{Pattern: user + "/properties", Handle: s.userProperties},
		{Pattern: user + "/setProperties", Write: true, Handle: s.setUserProperties},
		{Pattern: user + "/tags", Handle: s.userTags},
	}
	routes = append(routes, s.userAffairsRoutes(user)...)
	return append(routes, unsupportedWrites(user, "linkUser", "unlinkUser", "report", "unlock")...)
}

// self answers the calling member (Esri's page "Self"); an anonymous caller gets COM_0019.
func (s *Server) self(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.Self(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	return userWithGroups(v), nil
}

// user answers a member (Esri's page "User"): everything to the member and to who may view all
// members, the profile and the basic role to fellow members, a public profile to anybody. A
// private profile does not exist for others.
//
// guess: which fields fellow members see is not documented.
func (s *Server) user(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.User(ctx, r.Caller, r.Var("username"))
	if err != nil {
		return nil, err
	}
	return userWithGroups(v), nil
}

// searchUsers answers {query, total, start, num, nextStart, results} (Esri's page "User
// Search") to signed-in callers.
//
// deviates: an empty query finds every member that the caller sees.
func (s *Server) searchUsers(ctx context.Context, r *Request) (any, error) {
	q, err := r.userSearch()
	if err != nil {
		return nil, err
	}
	page, err := s.portal.Users(ctx, r.Caller, q)
	return foundUsers(page, err, q, "results")
}

// userSearch reads the parameters that all lists of members share.
func (r *Request) userSearch() (portal.UserSearch, error) {
	q := portal.UserSearch{Query: r.Str("q"), Filter: r.Str("filter")}
	var err error
	if q.Page, err = r.sortedWindow(); err != nil {
		return q, err
	}
	if q.WithoutSystem, err = r.Bool("excludeSystemUsers", false); err != nil {
		return q, err
	}
	return q, r.userFilters(&q)
}

func foundUsers(page *portal.UserPage, err error, q portal.UserSearch, key string) (any, error) {
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, u := range page.Users {
		o := userJSON(u)
		delete(o, "privileges") // rows hold a member's single values; a list of them all would be most of the answer
		if key == "results" {
			o["groups"] = []Object{}
		}
		rows = append(rows, o)
	}
	out := listing(key, rows, q.Page, page.Total)
	if key == "results" {
		out["query"] = q.Query
	}
	return out, nil
}

// checkUsernames answers {usernames: [{requested, suggested}]}: equal names are free.
func (s *Server) checkUsernames(ctx context.Context, r *Request) (any, error) {
	names, _ := r.List("usernames")
	if len(names) == 0 {
		return nil, portal.ErrMissingParam("usernames")
	}
	free, err := s.portal.CheckUsernames(ctx, r.Caller, names)
	if err != nil {
		return nil, err
	}
	rows := make([]Object, len(names))
	for i, name := range names {
		rows[i] = Object{"requested": name, "suggested": free[i]}
	}
	return Object{"usernames": rows}, nil
}

// userThumbnail serves a member's picture.
func (s *Server) userThumbnail(ctx context.Context, r *Request) (any, error) {
	f, public, err := s.portal.UserThumbnail(ctx, r.Caller, r.Var("username"), r.Var("file"))
	if err != nil {
		return nil, withStatus(404, err)
	}
	return s.picture(ctx, f, public)
}

// picture serves a stored picture as it was uploaded.
func (s *Server) picture(ctx context.Context, f *portal.File, public bool) (any, error) {
	rd, err := s.blobs.Open(ctx, f.Blob)
	if err != nil {
		return nil, err
	}
	return &Bytes{Reader: rd, ContentType: f.ContentType, Name: f.Name, ETag: f.Blob.Hash, Public: public}, nil
}

// userProperties answers {properties}: the settings of apps kept with a member.
func (s *Server) userProperties(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.UserProperties(ctx, r.Caller, r.Var("username"))
	if err != nil {
		return nil, err
	}
	return Object{"properties": rawOr(v, Object{})}, nil
}

// userTags answers {tags: [{tag, count}]} over the member's items that the caller sees (Esri's
// page "User Tags").
func (s *Server) userTags(ctx context.Context, r *Request) (any, error) {
	tags, err := s.portal.UserTags(ctx, r.Caller, r.Var("username"))
	if err != nil {
		return nil, err
	}
	rows := make([]Object, 0, len(tags))
	for _, t := range tags {
		rows = append(rows, Object{"tag": t.Key, "count": t.Count})
	}
	return Object{"tags": rows}, nil
}

// access reads an access level, with the old name of the organization's.
func access(s *string) *portal.Access {
	if s == nil {
		return nil
	}
	v := strings.ToLower(strings.TrimSpace(*s))
	if v == "account" {
		v = string(portal.InOrg)
	}
	return new(portal.Access(v))
}
