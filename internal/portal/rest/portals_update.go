package rest

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// orgUpdateRoutes change the organization, its settings, what new members get, and its files.
func (s *Server) orgUpdateRoutes(org string) []Route {
	refused := []string{"urlKey", "bingKey", "creditAssignments", "defaultUserCreditAssignment"}
	return []Route{
		{Pattern: org + "/update", Write: true, Files: true, Refuse: refused, Handle: s.updateOrganization},
		{Pattern: org + "/settings", Handle: s.orgSettings},
		{Pattern: org + "/settings/update", Write: true, Handle: s.updateSettings},
		{Pattern: org + "/userDefaultSettings", Handle: s.memberDefaults},
		{Pattern: org + "/setUserDefaultSettings", Write: true, Files: true, Handle: s.setMemberDefaults},
		{Pattern: org + "/userDefaultSettings/delete", Write: true, Handle: s.clearMemberDefaults},
		{Pattern: org + "/resources", Handle: s.orgResources},
		{Pattern: org + "/resources/{path...}", Handle: s.orgResource},
		{Pattern: org + "/addResource", Write: true, Files: true, Handle: s.addOrgResource},
		{Pattern: org + "/removeResource", Write: true, Handle: s.removeOrgResource},
	}
}

// updateOrganization answers {success} (Esri's page "Update" of portals).
//
// deviates: allSSL follows from the portal's address; what it is already may be sent.
func (s *Server) updateOrganization(ctx context.Context, r *Request) (any, error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return nil, err
	}
	if err := s.keepsSSL(r); err != nil {
		return nil, err
	}
	u := portal.OrgUpdate{Values: map[string]json.RawMessage{}, Thumbnail: r.thumbnail()}
	known := map[string]bool{}
	for _, p := range portal.OrgProperties() {
		known[strings.ToLower(p.Name)] = true
		value, err := r.orgValue(p, clear)
		if err != nil {
			return nil, err
		}
		if value != nil {
			u.Values[p.Name] = value
		}
	}
	for name := range r.params {
		if strings.HasSuffix(name, "groupquery") && !known[name] {
			return nil, portal.ErrNotSupported("The parameter '" + name + "'")
		}
	}
	// As a text the picture is the name that was read, which says nothing new.
	u.ClearThumbnail = clear && u.Thumbnail == nil && r.Has("thumbnail") && strings.TrimSpace(r.Str("thumbnail")) == ""
	return done(s.portal.UpdateOrganization(ctx, r.Caller, r.Var("id"), u))
}

func (s *Server) keepsSSL(r *Request) error {
	ssl, err := r.BoolPtr("allSSL")
	if err == nil && ssl != nil && *ssl != strings.HasPrefix(s.base, "https:") {
		err = portal.ErrBadParam("allSSL", "follows from the address of the portal; start the portal with another one")
	}
	return err
}

// orgValue reads a property as JSON: nil where it was not sent, null where it is to be cleared.
func (r *Request) orgValue(p portal.OrgProperty, clear bool) (json.RawMessage, error) {
	text := r.field(p.Name, clear || p.Service != "")
	if text == nil {
		return nil, nil
	}
	if strings.TrimSpace(*text) == "" {
		return json.RawMessage("null"), nil
	}
	var value any
	var err error
	switch p.Kind {
	case portal.BoolProperty:
		value, err = r.Bool(p.Name, false)
	case portal.NumberProperty:
		value, err = r.Int(p.Name, 0)
	case portal.ListProperty:
		value, _ = r.List(p.Name)
	case portal.ObjectProperty, portal.ObjectsProperty:
		if word := strings.TrimSpace(*text); p.Service != "" && strings.HasPrefix(word, "http") {
			value = Object{"url": word}
			if p.Kind == portal.ObjectsProperty {
				value = []any{value}
			}
			break
		}
		return r.jsonObject(p.Name, clear)
	default:
		value = *text
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// orgSettings answers the settings of the organization (Esri's page "Organization Settings").
// Anybody reads them.
func (s *Server) orgSettings(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.Organization(ctx, r.Caller, r.Var("id"))
	if err != nil {
		return nil, err
	}
	o := Object{}
	shown := s.orgJSON(v)
	for _, name := range []string{"allowedRedirectUris", "authorizedCrossOriginDomains", "featuredGroups", "helperServices",
		"homePageFeaturedContentCount", "showHomePageDescription", "canShareBingPublic"} {
		o[name] = shown[name]
	}
	o["defaultExtent"] = rawOr(v.Settings["defaultExtent"], Object{})
	for _, name := range portal.OrgSettings() {
		o[name] = v.Setting(name)
	}
	return o, nil
}

// updateSettings answers {success} (Esri's page "Update Organization Settings").
func (s *Server) updateSettings(ctx context.Context, r *Request) (any, error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return nil, err
	}
	u := portal.SettingsUpdate{}
	for _, name := range portal.OrgSettings() {
		value, err := r.jsonObject(name, clear)
		if err != nil {
			return nil, err
		}
		if value != nil {
			u[name] = value
		}
	}
	return done(s.portal.UpdateSettings(ctx, r.Caller, r.Var("id"), u))
}

// memberDefaults answers {role, userLicenseType, groups, userType, apps, appBundles, categories},
// and an empty object where nothing was ever set, which clients look for.
func (s *Server) memberDefaults(ctx context.Context, r *Request) (any, error) {
	d, err := s.portal.MemberDefaults(ctx, r.Caller, r.Var("id"))
	if err != nil {
		return nil, err
	}
	o := Object{}
	if d.Role != "" {
		o["role"] = d.Role
	}
	if d.UserType != "" {
		o["userLicenseType"] = d.UserType
	}
	if len(d.Groups) > 0 {
		o["groups"] = d.Groups
	}
	if len(d.Categories) > 0 {
		o["categories"] = d.Categories
	}
	if len(o)+len(d.Apps)+len(d.AppBundles) > 0 {
		apps, bundles := []Object{}, []Object{}
		for _, a := range d.Apps {
			apps = append(apps, Object{"itemId": a.ItemID, "entitlements": orEmpty(a.Entitlements)})
		}
		for _, b := range d.AppBundles {
			bundles = append(bundles, Object{"itemId": b.ItemID})
		}
		o["userType"], o["apps"], o["appBundles"] = "arcgisonly", apps, bundles
		o["groups"], o["categories"] = groupIDs(d.Groups), orEmpty(d.Categories)
	}
	return o, nil
}

// setMemberDefaults answers {success} (Esri's page "Set User Default Settings").
//
// deviates: access to Esri's own sites (userType=both) is refused.
func (s *Server) setMemberDefaults(ctx context.Context, r *Request) (any, error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return nil, err
	}
	if kind := r.field("userType", false); kind != nil && !strings.EqualFold(*kind, "arcgisonly") {
		return nil, portal.ErrNotSupported("The value '" + *kind + "' of the parameter 'userType'")
	}
	u := portal.DefaultsUpdate{UserType: r.field("userLicenseType", clear), Categories: r.fieldPaths("categories", clear)}
	for name, at := range map[string]**[]portal.DefaultApp{"apps": &u.Apps, "appBundles": &u.AppBundles} {
		if *at, err = r.defaultApps(name, clear); err != nil {
			return nil, err
		}
	}
	if role := r.field("role", clear); role != nil {
		u.Role = new(portal.ParseRole(*role))
	}
	if groups := r.fieldList("groups", clear); groups != nil {
		ids := []esri.GroupID{}
		for _, id := range *groups {
			ids = append(ids, esri.GroupID(strings.ToLower(id)))
		}
		u.Groups = &ids
	}
	return done(s.portal.SetMemberDefaults(ctx, r.Caller, r.Var("id"), u))
}

// defaultApps reads [{"itemId": "...", "entitlements": [...]}]; an empty list without
// clearEmptyFields changes nothing.
func (r *Request) defaultApps(name string, clear bool) (*[]portal.DefaultApp, error) {
	var rows []struct {
		ItemID       string
		Entitlements any
	}
	sent, err := r.JSON(name, &rows)
	if err != nil || !r.Has(name) || (len(rows) == 0 && !clear) || (!sent && !clear) {
		return nil, err
	}
	out := []portal.DefaultApp{}
	for _, row := range rows {
		keys, ok := texts(row.Entitlements)
		if !ok && row.Entitlements != nil {
			return nil, portal.ErrBadParam(name, "must list the entitlements of each app as texts")
		}
		out = append(out, portal.DefaultApp{ItemID: esri.ItemID(strings.ToLower(row.ItemID)), Entitlements: keys})
	}
	return &out, nil
}

// clearMemberDefaults answers {success}.
func (s *Server) clearMemberDefaults(ctx context.Context, r *Request) (any, error) {
	return done(s.portal.ClearMemberDefaults(ctx, r.Caller, r.Var("id")))
}
