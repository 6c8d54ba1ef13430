package clone

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// fact is one compared property of an object: how to read it, and how the source's value is
// turned into what the target must hold. Its name is that of testdata/compared.tsv.
type fact[T any] struct {
	name string
	read func(T) string
	want func(*comparison, string) string // nil: the value itself
}

// memberFacts are the properties of a member that stand in its JSON.
var memberFacts = []fact[*gis.User]{
	{"username", func(u *gis.User) string { return fold(u.Username) }, func(c *comparison, s string) string { return fold(c.v.users[s]) }},
	{"email", func(u *gis.User) string { return u.Email }, nil},
	{"firstName", func(u *gis.User) string { return u.FirstName }, nil},
	{"lastName", func(u *gis.User) string { return u.LastName }, nil},
	{"fullName", func(u *gis.User) string { return u.FullName }, nil},
	{"description", func(u *gis.User) string { return u.Description }, nil},
	{"tags", func(u *gis.User) string { return set(u.Tags) }, nil},
	{"culture", func(u *gis.User) string { return u.Culture }, nil},
	{"cultureFormat", func(u *gis.User) string { return u.CultureFormat }, nil},
	{"region", func(u *gis.User) string { return u.Region }, nil},
	{"units", func(u *gis.User) string { return u.Units }, nil},
	{"access", func(u *gis.User) string { return string(u.Access) }, nil},
	{"preferredView", func(u *gis.User) string { return u.PreferredView }, nil},
	{"role", func(u *gis.User) string { return string(u.EffectiveRole()) }, func(c *comparison, s string) string { return c.wantRole(s) }},
	{"userLicenseTypeId", func(u *gis.User) string { return u.UserLicenseTypeID }, nil},
	{"provider", func(u *gis.User) string { return u.Provider }, nil},
	{"idpUsername", func(u *gis.User) string { return u.IDPUsername }, nil},
	{"disabled", func(u *gis.User) string { return yesNo(u.Disabled) }, nil},
}

var roleFacts = []fact[*gis.Role]{
	{"name", func(r *gis.Role) string { return r.Name }, nil},
	{"description", func(r *gis.Role) string { return r.Description }, nil},
	{"privileges", func(r *gis.Role) string { return set(r.Privileges) }, nil},
}

var groupFacts = []fact[*gis.Group]{
	{"title", func(g *gis.Group) string { return g.Title }, nil},
	{"owner", func(g *gis.Group) string { return fold(g.Owner) }, func(c *comparison, s string) string { return fold(c.v.users[s]) }},
	{"description", func(g *gis.Group) string { return g.Description }, (*comparison).rewriteString},
	{"snippet", func(g *gis.Group) string { return g.Snippet }, (*comparison).rewriteString},
	{"phone", func(g *gis.Group) string { return g.Phone }, nil},
	{"tags", func(g *gis.Group) string { return set(withoutSourceTags(g.Tags)) }, nil},
	{"typeKeywords", func(g *gis.Group) string { return set(g.TypeKeywords) }, nil},
	{"access", func(g *gis.Group) string { return string(g.Access) }, func(c *comparison, s string) string { return c.v.level(s) }},
	{"isInvitationOnly", func(g *gis.Group) string { return yesNo(g.IsInvitationOnly) }, nil},
	{"isViewOnly", func(g *gis.Group) string { return yesNo(g.IsViewOnly) }, nil},
	{"autoJoin", func(g *gis.Group) string { return yesNo(g.AutoJoin) }, nil},
	{"sortField", func(g *gis.Group) string { return fold(g.SortField) }, nil},
	{"sortOrder", func(g *gis.Group) string { return fold(string(g.SortOrder)) }, nil},
	{"protected", func(g *gis.Group) string { return yesNo(g.Protected) }, nil},
	{"leavingDisallowed", func(g *gis.Group) string { return yesNo(g.LeavingDisallowed) }, nil},
	{"hiddenMembers", func(g *gis.Group) string { return yesNo(g.HiddenMembers) }, nil},
	{"isOpenData", func(g *gis.Group) string { return yesNo(g.IsOpenData) }, nil},
	{"capabilities", func(g *gis.Group) string { return set(g.Capabilities) }, nil},
	{"membershipAccess", func(g *gis.Group) string { return g.MembershipAccess }, nil},
	{"displaySettings", func(g *gis.Group) string { return canonicalJSON(g.DisplaySettings) }, nil},
	{"properties", func(g *gis.Group) string { return canonicalJSON(withoutMarker(g.Properties)) }, (*comparison).rewriteJSON},
}

// itemFact is one compared property of an item; want turns the source's value into what the
// copy must hold, nil: the value itself.
type itemFact struct {
	name string
	read func(*gis.Item) string
	want func(*itemCheck, string) string
}

// itemFacts are the properties of an item that stand in its JSON.
var itemFacts = []itemFact{
	{"type", func(it *gis.Item) string { return it.Type }, nil},
	{"title", func(it *gis.Item) string { return it.Title }, (*itemCheck).wantTitle},
	{"owner", func(it *gis.Item) string { return fold(it.Owner) }, func(x *itemCheck, s string) string { return fold(x.v.users[s]) }},
	{"name", func(it *gis.Item) string { return it.Name }, (*itemCheck).wantName},
	{"typeKeywords", func(it *gis.Item) string { return set(plainKeywords(it.TypeKeywords)) }, (*itemCheck).wantKeywords},
	{"description", func(it *gis.Item) string { return it.Description }, (*itemCheck).mapped},
	{"snippet", func(it *gis.Item) string { return it.Snippet }, (*itemCheck).mapped},
	{"tags", func(it *gis.Item) string { return set(it.Tags) }, nil},
	{"extent", func(it *gis.Item) string { return extentText(it.Extent) }, nil},
	{"spatialReference", func(it *gis.Item) string { return it.SpatialReference }, nil},
	{"accessInformation", func(it *gis.Item) string { return it.AccessInformation }, (*itemCheck).mapped},
	{"licenseInfo", func(it *gis.Item) string { return it.LicenseInfo }, (*itemCheck).mapped},
	{"culture", func(it *gis.Item) string { return it.Culture }, nil},
	{"url", func(it *gis.Item) string { return it.URL }, (*itemCheck).mapped},
	{"documentation", func(it *gis.Item) string { return it.Documentation }, (*itemCheck).mapped},
	{"properties", func(it *gis.Item) string { return canonicalJSON(withoutMarker(it.Properties)) }, (*itemCheck).wantProperties},
	{"categories", func(it *gis.Item) string { return set(it.Categories) }, nil},
	{"appCategories", func(it *gis.Item) string { return set(it.AppCategories) }, nil},
	{"industries", func(it *gis.Item) string { return set(it.Industries) }, nil},
	{"languages", func(it *gis.Item) string { return set(it.Languages) }, nil},
	{"contentStatus", func(it *gis.Item) string { return it.ContentStatus }, nil},
	{"protected", func(it *gis.Item) string { return yesNo(it.Protected) }, nil},
	{"commentsEnabled", func(it *gis.Item) string { return yesNo(it.CommentsEnabled) }, nil},
	{"proxyFilter", func(it *gis.Item) string { return canonicalJSON(it.ProxyFilter) }, (*itemCheck).mappedJSON},
	{"advancedSettings", func(it *gis.Item) string { return canonicalJSON(it.AdvancedSettings) }, (*itemCheck).mappedJSON},
	{"metadataEditable", func(it *gis.Item) string { return besidesOf(it)["metadataEditable"] }, nil},
	{"metadataFormats", func(it *gis.Item) string { return besidesOf(it)["metadataFormats"] }, nil},
}

// plainKeywords leaves out the marker and the keyword that a copied service item loses.
func plainKeywords(keywords []string) []string {
	return slices.DeleteFunc(withoutSourceKeywords(keywords), func(k string) bool { return k == "Hosted Service" })
}

// set is the form of a list whose order does not count.
func set(list []string) string {
	s := slices.Clone(list)
	slices.Sort(s)
	return strings.Join(slices.Compact(s), "\n")
}

func yesNo(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func extentText(e *esri.Extent) string {
	if e == nil {
		return ""
	}
	return e.String()
}

// canonicalJSON is JSON with sorted keys and no white space; null and an empty object are "".
func canonicalJSON(raw json.RawMessage) string {
	if len(bytes.TrimSpace(raw)) == 0 {
		return ""
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return string(raw)
	}
	if v == nil {
		return ""
	}
	if m, ok := v.(map[string]any); ok && len(m) == 0 {
		return ""
	}
	return string(mustJSON(v))
}
