package portal

import (
	"encoding/json"
	"slices"
	"strings"
)

// GroupUpdate names what to set on a group; nil leaves a property as it is.
type GroupUpdate struct {
	Title, Description, Snippet, Phone *string
	Tags, TypeKeywords                 *[]string
	SortField, SortOrder               *string
	Access                             *Access
	InvitationOnly, ViewOnly, AutoJoin *bool
	LeavingDisallowed, HiddenMembers   *bool
	OpenData                           *bool
	Capabilities                       *[]string
	MembershipAccess                   *string
	DisplaySettings, Properties        json.RawMessage
	Thumbnail                          *File
}

const (
	maxGroupTitle      = 250
	maxGroupText       = 64_000
	maxGroupProperties = 64 << 10
	// updateCapability lets members of a group edit the items shared with it.
	updateCapability = "updateitemcontrol"
)

// check holds the new values against the rules of Esri's page "Create Group".
func (up *GroupUpdate) check() error {
	for _, t := range []struct {
		param string
		value *string
		limit int
	}{
		{"title", up.Title, maxGroupTitle}, {"description", up.Description, maxGroupText},
		{"snippet", up.Snippet, maxSnippet}, {"phone", up.Phone, maxSnippet},
	} {
		if t.value == nil {
			continue
		}
		if err := checkText(t.param, *t.value, t.limit); err != nil {
			return err
		}
	}
	if up.Title != nil {
		*up.Title = strings.TrimSpace(*up.Title)
		if *up.Title == "" {
			return ErrMissingParam("title")
		}
	}
	for param, tags := range map[string]*[]string{"tags": up.Tags, "typeKeywords": up.TypeKeywords} {
		if tags == nil {
			continue
		}
		if err := checkTags(param, *tags); err != nil {
			return err
		}
	}
	return up.checkWords()
}

func (up *GroupUpdate) checkWords() error {
	sortFields := []string{"title", "owner", "avgrating", "numviews", "created", "modified", "relevance"}
	switch {
	case up.Access != nil && *up.Access != Private && *up.Access != InOrg && *up.Access != Public:
		return ErrBadParam("access", "must be private, org or public")
	case up.SortField != nil && !slices.Contains(sortFields, strings.ToLower(*up.SortField)):
		return ErrBadParam("sortField", "must be one of "+strings.Join(sortFields, ", "))
	case up.SortOrder != nil && *up.SortOrder != "asc" && *up.SortOrder != "desc":
		return ErrBadParam("sortOrder", "must be asc or desc")
	case up.MembershipAccess != nil && !slices.Contains([]string{"", "org", "collaboration", "none"}, *up.MembershipAccess):
		return ErrBadParam("membershipAccess", "must be org, collaboration or none")
	case up.Capabilities != nil && slices.ContainsFunc(*up.Capabilities, func(c string) bool { return c != updateCapability }):
		return ErrBadParam("capabilities", "must be empty or "+updateCapability)
	}
	for param, v := range map[string]json.RawMessage{"displaySettings": up.DisplaySettings, "properties": up.Properties} {
		if v == nil || string(v) == "null" {
			continue
		}
		if err := checkObject(param, v, maxGroupProperties); err != nil {
			return err
		}
	}
	return nil
}

func (up *GroupUpdate) apply(g *Group) {
	keepOr(&g.Title, up.Title)
	keepOr(&g.Description, up.Description)
	keepOr(&g.Snippet, up.Snippet)
	keepOr(&g.Phone, up.Phone)
	keepOr(&g.Tags, up.Tags)
	keepOr(&g.TypeKeywords, up.TypeKeywords)
	keepOr(&g.SortField, up.SortField)
	keepOr(&g.SortOrder, up.SortOrder)
	keepOr(&g.Access, up.Access)
	keepOr(&g.InvitationOnly, up.InvitationOnly)
	keepOr(&g.ViewOnly, up.ViewOnly)
	keepOr(&g.AutoJoin, up.AutoJoin)
	keepOr(&g.LeavingDisallowed, up.LeavingDisallowed)
	keepOr(&g.HiddenMembers, up.HiddenMembers)
	keepOr(&g.OpenData, up.OpenData)
	keepOr(&g.MembershipAccess, up.MembershipAccess)
	if up.DisplaySettings != nil {
		g.DisplaySettings = notNull(up.DisplaySettings)
	}
	if up.Properties != nil {
		g.Properties = notNull(up.Properties)
	}
	if up.Thumbnail != nil {
		g.Thumbnail = up.Thumbnail
	}
}

// notNull is nil for JSON's null.
func notNull(v json.RawMessage) json.RawMessage {
	if string(v) == "null" {
		return nil
	}
	return v
}
