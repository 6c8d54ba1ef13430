package recorded

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

const form = esri.ItemID("a5db32e043f14f6a9edfec7075288df6")

func itemReadings() []reading {
	return []reading{
		{method: "gis.Content.Get", files: []string{"item_form.json"}, do: itemRecorded},
		{method: "gis.Content.Get", files: []string{"item_feature_service.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			it, err := p.Content.Get(t.Context(), "eda6e08848924887b00a67ca319ec1bf")
			ok(t, err)
			eq(t, "extent", *it.Extent, esri.Extent{XMin: -79.4066, YMin: 37.9672, XMax: -75.0544, YMax: 39.7187})
			eq(t, "reference", it.SpatialReference, "102100")
			eq(t, "url", it.URL, "https://geodata.md.gov/imap/rest/services/PublicSafety/MD_Fire/FeatureServer")
			eq(t, "views", it.NumViews, 11)
			eq(t, "completeness", it.ScoreCompleteness, 78)
			eq(t, "tags", len(it.Tags), 10)
			eq(t, "name that is null", it.Name, "")
		}},
		{method: "gis.Content.UserItem", files: []string{"user_item.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			it, err := p.Content.UserItem(t.Context(), "jsmith33", "1851c185888a43fcb3d6fffb78ae7c94")
			ok(t, err)
			eq(t, "title", it.Title, "Usa_Prime_Imagery")
			eq(t, "created", it.Created, at(1264091913000))
			eq(t, "modified", it.Modified, at(1290625900000))
			eq(t, "sharing", *it.Sharing, gis.Sharing{Access: gis.AccessOrg, Groups: []esri.GroupID{"2ecb37a8c8fb4051af9c086c25503bb0"}})
			eq(t, "path", r.asked("GET content/users/{username}/items/{id}")[0].path, "content/users/jsmith33/items/1851c185888a43fcb3d6fffb78ae7c94")
		}},
		{method: "gis.Item.Refresh", files: []string{"user_item.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			it := p.Content.Handle("jsmith33", "", "1851c185888a43fcb3d6fffb78ae7c94")
			ok(t, it.Refresh(t.Context()))
			eq(t, "type", it.Type, "Layer")
		}},
		{method: "gis.Item.ReadSharing", files: []string{"user_item.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			s, err := p.Content.Handle("jsmith33", "", "1851c185888a43fcb3d6fffb78ae7c94").ReadSharing(t.Context())
			ok(t, err)
			eq(t, "access", s.Access, gis.AccessOrg)
		}},
		{method: "gis.Item.ReadSharing", files: []string{"item_form.json", "item_groups.json"}, set: func(r *replay) {
			r.on("GET content/users/{username}/items/{id}", "error_403.json")
		}, do: func(t tester, p *gis.Portal, _ *replay) {
			s, err := p.Content.Handle("somebody", "", form).ReadSharing(t.Context())
			ok(t, err)
			eq(t, "sharing", s, gis.Sharing{Access: gis.AccessOrg, Groups: []esri.GroupID{"2ecb37a8c8fb4051af9c086c25503bb0", "bf51aa6e879e4676b683dcbefb0ab0a9", "dbc385ac1b7d4231b24b97750f0e633c"}})
		}},
		{method: "gis.Item.Groups", files: []string{"item_groups.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			g, err := p.Content.Handle("", "", form).Groups(t.Context())
			ok(t, err)
			eq(t, "managed", g.Admin[0].Title, "Street Maps")
			eq(t, "phone", g.Admin[0].Phone, "909.555.1234")
			eq(t, "applications", g.Admin[0].UserMembership.Applications, 1)
			eq(t, "member", g.Member[0].UserMembership.MemberType, gis.MemberMember)
			eq(t, "other", g.Other[0].UserMembership.MemberType, gis.MemberNone)
		}},
		{method: "gis.Item.CanDelete", files: []string{"can_delete.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			ok(t, p.Content.Handle("jsmith", "", "e03f626be86946f997c29d6dfc7a9666").CanDelete(t.Context()))
			eq(t, "path", r.asked("POST content/users/{username}/items/{id}/canDelete")[0].path, "content/users/jsmith/items/e03f626be86946f997c29d6dfc7a9666/canDelete")
		}},
		{method: "gis.Content.CanDelete", files: []string{"can_delete.json"}, set: func(r *replay) {
			r.on("POST content/users/{username}/items/{id}/canDelete", "can_delete_dependent.json")
		}, do: func(t tester, p *gis.Portal, _ *replay) {
			e := failed(t, p.Content.CanDelete(t.Context(), p.Content.Handle("jsmith", "", "e03f626be86946f997c29d6dfc7a9666")))
			eq(t, "code", e.MessageCode, "CONT_00481")
			eq(t, "what stands against it", e.OffendingItems, []esri.ItemID{"9fcec52e8c924bd49d56a8f07e4214d5"})
			eq(t, "message", e.Message, "Unable to delete item. This service item has a related Service item")
		}},
		{method: "gis.Item.Status", files: []string{"item_status.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			s, err := p.Content.Handle("jeffvader", "", "1df").Status(t.Context(), gis.StatusQuery{JobID: "ff07c87a", JobType: "publish"})
			ok(t, err)
			eq(t, "status", *s, gis.ItemStatus{State: gis.StatusCompleted, Message: "completed"})
			r.sent("GET content/users/{username}/items/{id}/status", "jobId=ff07c87a&jobType=publish")
		}},
		{method: "gis.Item.Status", set: func(r *replay) {
			r.on("GET content/users/{username}/{folder}/items/{id}/status", "job_failed.json")
		}, do: func(t tester, p *gis.Portal, _ *replay) {
			s, err := p.Content.Handle("jeffvader", "ba07", "1df").Status(t.Context(), gis.StatusQuery{})
			ok(t, err)
			eq(t, "a failed job is an answer", *s, gis.ItemStatus{State: gis.StatusFailed, Message: "failed"})
		}},
		{method: "gis.Item.Related", files: []string{"related_items.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			it := one(t, p.Content.Handle("", "", "3ef").Related(t.Context(), gis.Forward, gis.Survey2Service))
			eq(t, "title", it.Title, "DS Plans")
			eq(t, "properties", property(t, it.Properties, "parentId"), "3eb")
			eq(t, "created", it.Created, at(123))
			r.sent("GET content/items/{id}/relatedItems", "relationshipType=Survey2Service&direction=forward")
		}},
		{method: "gis.Content.Search", set: searchPages, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, p.Content.Search(t.Context(), "drug", &gis.ItemSearch{OutsideOrg: true}))
			eq(t, "items over two pages, the last says -1", len(list), 2)
			eq(t, "title", list[0].Title, " Drug Activity Reporter")
			eq(t, "size that is not told", list[0].Size, int64(-1))
			eq(t, "access", list[0].Access, gis.AccessShared)
			eq(t, "extent", *list[0].Extent, esri.Extent{XMin: -180, YMin: -90, XMax: 180, YMax: 90})
			eq(t, "questions", len(r.asked("GET search")), 2)
		}},
		{method: "gis.Content.SearchPage", files: []string{"search_aggregations.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			page, err := p.Content.SearchPage(t.Context(), "", &gis.ItemSearch{OutsideOrg: true, CountFields: []string{"access", "tags"}, CountSize: 3,
				BBox: &esri.Extent{XMin: -180, YMin: -90, XMax: 180, YMax: 90.5}, CategoryFilters: []string{"water"}})
			ok(t, err)
			eq(t, "total", page.Total, 72)
			eq(t, "next", page.Next, 2)
			eq(t, "access", page.Counts["access"], []gis.Count{{Value: "private", Count: 61}, {Value: "shared", Count: 9}, {Value: "public", Count: 2}})
			eq(t, "tags", page.Counts["tags"][1], gis.Count{Value: "hub site", Count: 7})
			eq(t, "origin", page.Items[0].ContentOrigin, "self")
			r.sent("GET search", "countFields=access,tags&countSize=3&bbox=-180,-90,180,90.5&categoryFilters=water&q=")
		}},
		{method: "gis.Content.SearchAll", files: []string{"search_last.json"}, set: func(r *replay) {
			r.on("GET search", "search_aggregations.json").on("GET search?start=2", "search_last.json")
		}, do: searchAll},
		{method: "gis.Content.UserPage", files: []string{"content_user_folders.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			page, err := p.Content.UserPage(t.Context(), "geemike", "", &gis.ItemList{PageSize: 2, SortField: "title", SortOrder: gis.Ascending, Types: []string{"CSV", "PDF"}})
			ok(t, err)
			eq(t, "total", page.Total, 20)
			eq(t, "next", page.Next, 3)
			eq(t, "items", []string{page.Items[0].Title, page.Items[1].Title}, []string{"Test Title #1", "Test Title #2"})
			eq(t, "folder", page.Folders[0].Title, "testing")
			eq(t, "current folder that is missing", page.CurrentFolder == nil, true)
			r.sent("GET content/users/{username}", "start=1&num=2&sortField=title&sortOrder=asc&types=CSV,PDF")
		}},
		{method: "gis.Content.UserItems", files: []string{"content_folder.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			it := one(t, p.Content.UserItems(t.Context(), "geemike", "ba07", nil))
			eq(t, "folder", it.OwnerFolder, esri.FolderID("ba07"))
			eq(t, "path", r.asked("GET content/users/{username}/{folder}")[0].path, "content/users/geemike/ba07")
		}},
		{method: "gis.Content.AllUserItems", set: func(r *replay) {
			r.on("GET content/users/{username}", "content_user_folders.json").on("GET content/users/{username}?start=3", "content_user.json").
				on("GET content/users/{username}/{folder}", "content_folder.json")
		}, do: func(t tester, p *gis.Portal, _ *replay) {
			var titles []string
			for _, it := range all(t, p.Content.AllUserItems(t.Context(), "geemike")) {
				titles = append(titles, it.Title)
			}
			eq(t, "root, its second page, the folder", titles, []string{"Test Title #1", "Test Title #2", "Test", "Test Title #3"})
		}},
		{method: "gis.Content.Folders", files: []string{"content_user_folders.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			folders, err := p.Content.Folders(t.Context(), "geemike")
			ok(t, err)
			eq(t, "folders", len(folders), 1)
		}},
		{method: "gis.Content.FolderByTitle", files: []string{"content_user_folders.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			f, err := p.Content.FolderByTitle(t.Context(), "geemike", "TESTING")
			ok(t, err)
			eq(t, "folder", f.ID, esri.FolderID("ba07"))
		}},
		{method: "gis.Item.AppInfo", files: []string{"registered_app.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			a, err := p.Content.Handle("jsmith", "", "e52db2cdc16640a0b1c69727abdf48c8").AppInfo(t.Context())
			ok(t, err)
			eq(t, "client", a.ClientID, "GGjeDjEY6kKEiDmX")
			eq(t, "type", a.Type, gis.AppBrowser)
			eq(t, "redirects", a.RedirectURIs, []string{"https://*.arcgis.com", "urn:ietf:wg:oauth:2.0:oob"})
			eq(t, "registered", a.Registered, at(1380561095000))
			eq(t, "secret", a.ClientSecret.Reveal(), "example-secret")
		}},
		{method: "gis.Item.AppInfo", files: []string{"registered_app_key.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			a, err := p.Content.Handle("jsmith", "ba07", "fake-itemID").AppInfo(t.Context())
			ok(t, err)
			eq(t, "type", a.Type, gis.AppAPIKey)
			eq(t, "referrers", a.HTTPReferrers, []string{"https://www.esri.com/en-us/home"})
			eq(t, "privileges", a.Privileges, []string{"premium:user:geocode:temporary"})
			eq(t, "questions in the folder", len(r.asked("GET content/users/{username}/{folder}/items/{id}/registeredAppInfo")), 1)
		}},
	}
}

func searchPages(r *replay) {
	r.on("GET search", "search.json").on("GET search?start=2", "search_last.json")
}

func itemRecorded(t tester, p *gis.Portal, r *replay) {
	it, err := p.Content.Get(t.Context(), form)
	ok(t, err)
	eq(t, "path", r.asked("GET content/items/{id}")[0].path, "content/items/"+string(form))
	eq(t, "id", it.ID, form)
	eq(t, "owner", it.Owner, "surveyownerqa")
	eq(t, "type", it.Type, "Form")
	eq(t, "keywords", it.TypeKeywords, []string{"Form", "Survey123", "Survey123 Hub", "xForm"})
	eq(t, "folder", it.OwnerFolder, esri.FolderID("9f56495a60244cb6988ccf4ee23e3aab"))
	eq(t, "size", it.Size, int64(64694))
	eq(t, "created", it.Created, at(1591979700000))
	eq(t, "modified", it.Modified, at(1591979745000))
	eq(t, "control", it.ItemControl, "admin")
	eq(t, "comments", it.CommentsEnabled, true)
	eq(t, "extent that is empty", it.Extent == nil, true)
	eq(t, "properties that are null", it.Properties == nil, true)
	eq(t, "thumbnail", it.ThumbnailURL(), r.url+"/sharing/rest/content/items/"+string(form)+"/info/thumbnail/esri.png")
	eq(t, "what has no field", property(t, it.Raw(), "guid"), nil)
}

// searchAll lets a walk find a recorded item, and holds its first questions against the form
// of dates that the documentation gives: 19 digits.
func searchAll(t tester, p *gis.Portal, r *replay) {
	for it, err := range p.Content.SearchAll(t.Context(), "owner:qa", &gis.SearchAll{OutsideOrg: true}) {
		ok(t, err)
		eq(t, "id", it.ID, esri.ItemID("52fdc942c5d94f1883c476ebf3e950ca"))
		break
	}
	q := r.asked("GET search")[0].form.Get("q")
	eq(t, "query", q, "(owner:qa) AND created:[0000000000000000000 TO 0009007199254740991]")
	eq(t, "order", r.asked("GET search")[0].form.Get("sortField"), "created")
}
