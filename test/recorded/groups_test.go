package recorded

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

func groupReadings() []reading {
	return []reading{
		{method: "gis.Groups.Get", files: []string{"group.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			g := group(t, p)
			eq(t, "title", g.Title, "0 alex test")
			eq(t, "owner", g.Owner, "dcadmin")
			eq(t, "tags", g.Tags, []string{"7320", "test", "alex"})
			eq(t, "order", []any{g.SortField, g.SortOrder}, []any{"title", gis.Ascending})
			eq(t, "open data", g.IsOpenData, true)
			eq(t, "shared update", g.SharedUpdate(), false)
			eq(t, "created", g.Created, at(1427987785000))
			eq(t, "thumbnail that is null", g.ThumbnailURL(), "")
			eq(t, "membership", *g.UserMembership, gis.Membership{Username: "dcadmin", MemberType: gis.MemberOwner})
			eq(t, "what has no field", property(t, g.Raw(), "collaborationInfo"), map[string]any{})
			eq(t, "path", r.asked("GET community/groups/{id}")[0].path, "community/groups/ef45564655144f15b5903d05a24493d9")
		}},
		{method: "gis.Groups.Get", files: []string{"group_documented.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			g := group(t, p)
			eq(t, "organization", g.OrgID, esri.OrgID("J423vH8fR9HV444l"))
			eq(t, "keywords", g.TypeKeywords, []string{"Transportation", "Public"})
			eq(t, "protected", g.Protected, true)
			eq(t, "schema", g.HasCategorySchema, true)
			eq(t, "who may join", g.MembershipAccess, "org")
			eq(t, "applications", g.UserMembership.Applications, 1)
			eq(t, "capabilities that are missing", g.SharedUpdate(), false)
		}},
		{method: "gis.Group.Refresh", files: []string{"group.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			g := group(t, p)
			g.Title = ""
			ok(t, g.Refresh(t.Context()))
			eq(t, "title", g.Title, "0 alex test")
		}},
		{method: "gis.Groups.Search", set: groupPages, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, p.Groups.Search(t.Context(), "owner:dcadmin", &gis.GroupSearch{OutsideOrg: true, SortField: "title", SortOrder: gis.Ascending}))
			eq(t, "ids over two pages", []esri.GroupID{list[0].ID, list[1].ID}, []esri.GroupID{"ef45564655144f15b5903d05a24493d9", "7d9cc5e39a8f4c0aa29e04a473bf4703"})
			eq(t, "questions", len(r.asked("GET community/groups")), 2)
			r.sent("GET community/groups", "q=owner:dcadmin&sortField=title&sortOrder=asc&start=2")
		}},
		{method: "gis.Groups.SearchPage", files: []string{"groups_search.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			page, err := p.Groups.SearchPage(t.Context(), "owner:dcadmin", &gis.GroupSearch{OutsideOrg: true})
			ok(t, err)
			eq(t, "query", page.Query, "* AND owner:dcadmin")
			eq(t, "total", page.Total, 358)
			eq(t, "next", page.Next, 2)
			eq(t, "description that is null", page.Items[0].Description, "")
		}},
		{method: "gis.Groups.SearchAll", files: []string{"groups_search_last.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			g := one(t, p.Groups.SearchAll(t.Context(), "Open", &gis.SearchAll{OutsideOrg: true}))
			eq(t, "thumbnail", g.Thumbnail, "happy-gilmore.png")
			eq(t, "properties that are null", g.Properties == nil, true)
		}},
		{method: "gis.Group.OpenThumbnail", files: []string{"group_documented.json", "picture.png"}, do: func(t tester, p *gis.Portal, r *replay) {
			picture(t, func() (*gis.Data, error) { return group(t, p).OpenThumbnail(t.Context()) })
			eq(t, "path", r.asked("GET community/groups/{id}/info/{name}")[0].path, "community/groups/2ecb37a8c8fb4051af9c086c25503bb0/info/streets.jpg")
		}},
		{method: "gis.Group.Members", files: []string{"group.json", "group_users.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			m, err := group(t, p).Members(t.Context())
			ok(t, err)
			eq(t, "members", *m, gis.GroupMembers{Owner: "vader", Admins: []string{"vader", "tarkin"}, Users: []string{"luke", "leia"}})
		}},
		{method: "gis.Group.MemberList", files: []string{"group.json"}, set: func(r *replay) {
			r.on("GET community/groups/{id}/userList", "group_user_list.json").on("GET community/groups/{id}/userList?start=3", "group_user_list_last.json")
		}, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, group(t, p).MemberList(t.Context(), &gis.MemberList{Name: "m", SortField: "joined", SortOrder: gis.Descending}))
			eq(t, "members over two pages", len(list), 3)
			eq(t, "joined", list[0].Joined, at(1561555887000))
			eq(t, "part", []gis.MemberType{list[0].MemberType, list[2].MemberType}, []gis.MemberType{gis.MemberMember, gis.MemberAdmin})
			eq(t, "organization", list[2].OrgID, esri.OrgID("ATCRG96GAegBiycU"))
			r.sent("GET community/groups/{id}/userList", "name=m&sortField=joined&sortOrder=desc&start=3")
		}},
		{method: "gis.Group.Items", files: []string{"group.json", "group_content.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			for it, err := range group(t, p).Items(t.Context(), nil) {
				ok(t, err)
				eq(t, "id", it.ID, esri.ItemID("59dd250ab1a54660b11f4f3434a3e481"))
				eq(t, "type", it.Type, "PDF")
				eq(t, "size", it.Size, int64(75476))
				eq(t, "license", it.LicenseInfo, "CC0")
				eq(t, "extent that is empty", it.Extent == nil, true)
				break
			}
		}},
	}
}

func group(t tester, p *gis.Portal) *gis.Group {
	t.Helper()
	g, err := p.Groups.Get(t.Context(), "ef45564655144f15b5903d05a24493d9")
	ok(t, err)
	return g
}

func groupPages(r *replay) {
	r.on("GET community/groups", "groups_search.json").on("GET community/groups?start=2", "groups_search_last.json")
}
