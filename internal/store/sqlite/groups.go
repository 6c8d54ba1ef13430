package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var groups = newTable("groups", "id", nil, func(g *portal.Group) []field {
	return append([]field{
		{"id", text(&g.ID)},
		{"access", text(&g.Access)},
		{"fav", flag(&g.Fav)},
		{"title", text(&g.Title)},
		{"title_key", folded(&g.Title)},
		{"owner", text(&g.Owner)},
		{"owner_key", folded(&g.Owner)},
		{"phone", text(&g.Phone)},
		{"phone_key", folded(&g.Phone)},
		{"sort_field", text(&g.SortField)},
		{"sort_order", text(&g.SortOrder)},
		{"invitation_only", flag(&g.InvitationOnly)},
		{"view_only", flag(&g.ViewOnly)},
		{"auto_join", flag(&g.AutoJoin)},
		{"protected", flag(&g.Protected)},
		{"read_only", flag(&g.ReadOnly)},
		{"leaving_disallowed", flag(&g.LeavingDisallowed)},
		{"hidden_members", flag(&g.HiddenMembers)},
		{"open_data", flag(&g.OpenData)},
		{"membership_access", text(&g.MembershipAccess)},
		{"has_categories", flag(&g.HasCategories)},
		{"provider", text(&g.Provider)},
		{"provider_group_name", text(&g.ProviderGroupName)},
		{"created", moment(&g.Created)},
		{"modified", moment(&g.Modified)},
		{"capabilities", list(&g.Capabilities)},
		{"tags", list(&g.Tags)},
		{"type_keywords", list(&g.TypeKeywords)},
		{"display_settings", raw(&g.DisplaySettings)},
		{"properties", raw(&g.Properties)},
		{"snippet", text(&g.Snippet)},
		{"description", text(&g.Description)},
	}, thumbnail(&g.Thumbnail)...)
})

func (t *tx) Group(id esri.GroupID) (*portal.Group, error) {
	return groups.one(t, " WHERE id=?", string(id))
}

func (t *tx) GroupTitled(title string) (*portal.Group, error) {
	return groups.one(t, " WHERE title_key=? AND fav=0 ORDER BY n LIMIT 1", fold(title))
}

const groupThumb = "SELECT thumb_hash FROM groups WHERE id=?"

func (t *tx) PutGroup(g *portal.Group) error {
	if err := t.releaseOther(groupThumb, g.Thumbnail, string(g.ID)); err != nil {
		return err
	}
	if err := groups.put(t, g); err != nil {
		return err
	}
	n, err := t.number("SELECT n FROM groups WHERE id=?", string(g.ID))
	if err != nil {
		return err
	}
	return t.indexWords(groupIndex, n, g.Title, g.Owner, g.Snippet, plain(g.Description),
		values(g.Tags), g.Phone, values(g.TypeKeywords))
}

func (t *tx) DeleteGroup(id esri.GroupID) error {
	if err := t.release(groupThumb, string(id)); err != nil {
		return err
	}
	for _, text := range []string{
		"DELETE FROM groups_text WHERE rowid IN (SELECT n FROM groups WHERE id=?)",
		"DELETE FROM groups_words WHERE rowid IN (SELECT n FROM groups WHERE id=?)",
		"DELETE FROM category_schemas WHERE scope=?",
		"DELETE FROM groups WHERE id=?",
	} {
		if err := t.exec(text, string(id)); err != nil {
			return err
		}
	}
	return nil
}
