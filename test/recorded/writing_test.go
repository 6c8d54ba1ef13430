package recorded

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// writing is a method that changes something: what it sends must be what the document asks for.
type writing struct {
	name, op string
	files    []string
	do       func(ctx context.Context, p *gis.Portal) error
	sent     string            // parameters, in the form of a query
	json     map[string]string // parameters that are JSON
	refused  []string          // of a call about several, those that the answer refuses
}

// TestWritings replays documented answers to methods that write, and holds their requests
// against the documents.
func TestWritings(t *testing.T) {
	t.Parallel()
	for _, w := range append(contentWritings(), organizationWritings()...) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r := serve(t, w.files...)
			err := w.do(t.Context(), r.portal())
			var batch *gis.BatchError
			if errors.As(err, &batch) {
				var refused []string
				for _, f := range batch.Failed {
					refused = append(refused, f.ID)
				}
				eq(t, "refused", refused, w.refused)
			} else {
				ok(t, err)
				eq(t, "refused", []string(nil), w.refused)
			}
			r.sent(w.op, w.sent)
			for name, want := range w.json {
				var got, doc any
				ok(t, json.Unmarshal([]byte(r.asked(w.op)[0].form.Get(name)), &got))
				ok(t, json.Unmarshal([]byte(want), &doc))
				eq(t, name, got, doc)
			}
		})
	}
}

func contentWritings() []writing {
	const id, refusing = esri.ItemID("b512083cd1b64e2da1d3f66dbb135956"), esri.GroupID("bf51aa6e879e4676b683dcbefb0ab0a9")
	const own = "POST content/users/{username}/items/{id}/"
	item := func(p *gis.Portal) *gis.Item { return p.Content.Handle("jsmith", "", id) }
	file := gis.ResourceSpec{Name: "image/banner.jpg", Upload: gis.BytesUpload("banner.jpg", []byte("JPEG")), Access: gis.ResourceInherit}
	return []writing{
		{name: "CreateFolder", op: "POST content/users/{username}/createFolder", files: []string{"folder_created.json"}, sent: "title=testing", do: func(ctx context.Context, p *gis.Portal) error {
			f, err := p.Content.CreateFolder(ctx, "geemike", "testing")
			if err == nil && f.ID != "ba07" {
				return errors.New("the folder's id is lost")
			}
			return err
		}},
		{name: "DeleteItems", op: "POST content/users/{username}/deleteItems", files: []string{"items_deleted.json"},
			sent: "items=93b54c8930ae46d9a00a7820cb3ebbd1,bb8e3d443ab44878ab8315b00b0612ca", refused: []string{"bb8e3d443ab44878ab8315b00b0612ca"},
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Content.DeleteItems(ctx, "jsmith", "93b54c8930ae46d9a00a7820cb3ebbd1", "bb8e3d443ab44878ab8315b00b0612ca")
			}},
		{name: "Delete", op: own + "delete", files: []string{"item_deleted.json"}, sent: "force=true&permanentDelete=true", do: func(ctx context.Context, p *gis.Portal) error {
			return item(p).Delete(ctx, gis.Force(), gis.Permanently())
		}},
		{name: "Share", op: own + "share", files: []string{"item_shared.json"}, sent: "everyone=true&groups=2ecb37a8c8fb4051af9c086c25503bb0," + string(refusing) + "&confirmItemControl=true", refused: []string{string(refusing)},
			do: func(ctx context.Context, p *gis.Portal) error {
				return item(p).Share(ctx, gis.Share{Access: gis.AccessPublic, Groups: []esri.GroupID{"2ecb37a8c8fb4051af9c086c25503bb0", refusing}, AllowMembersToEdit: true})
			}},
		{name: "Unshare", op: own + "unshare", files: []string{"item_unshared.json"}, sent: "groups=" + string(refusing), do: func(ctx context.Context, p *gis.Portal) error {
			return item(p).Unshare(ctx, refusing)
		}},
		{name: "Protect", op: own + "protect", files: []string{"success.json"}, do: func(ctx context.Context, p *gis.Portal) error { return item(p).Protect(ctx, true) }},
		{name: "AddResource", op: own + "addResources", files: []string{"resource_updated.json"}, sent: "fileName=banner.jpg&resourcesPrefix=image&access=inherit", do: func(ctx context.Context, p *gis.Portal) error {
			return item(p).Resources().Add(ctx, file)
		}},
		{name: "UpdateResource", op: own + "updateResources", files: []string{"resource_updated.json"}, sent: "fileName=banner.jpg&resourcesPrefix=image", do: func(ctx context.Context, p *gis.Portal) error {
			return item(p).Resources().Update(ctx, file)
		}},
		{name: "RemoveResource", op: own + "removeResources", files: []string{"success.json"}, sent: "resource=image/banner.jpg", do: func(ctx context.Context, p *gis.Portal) error {
			return item(p).Resources().Remove(ctx, "image/banner.jpg")
		}},
		{name: "AddRelationship", op: "POST content/users/{username}/addRelationship", files: []string{"success.json"},
			sent: "originItemId=" + string(id) + "&destinationItemId=0c66beb52dff4994be67937cdadbdbf1&relationshipType=Map2Service", do: func(ctx context.Context, p *gis.Portal) error {
				return item(p).AddRelationship(ctx, "0c66beb52dff4994be67937cdadbdbf1", gis.Map2Service)
			}},
		{name: "Register", op: "POST oauth2/registerApp", files: []string{"registered.json"}, sent: "itemId=" + string(id) + "&appType=browser",
			json: map[string]string{"redirect_uris": `["https://app.example.com"]`}, do: func(ctx context.Context, p *gis.Portal) error {
				_, err := item(p).Register(ctx, gis.AppSpec{Type: gis.AppBrowser, RedirectURIs: []string{"https://app.example.com"}})
				return err
			}},
	}
}

func organizationWritings() []writing {
	return []writing{
		{name: "CreateGroup", op: "POST community/createGroup", files: []string{"group_created.json"},
			sent: "title=0+alex+test&tags=7320,test,alex&access=public&isInvitationOnly=false&isViewOnly=true&capabilities=updateitemcontrol&sortField=title&sortOrder=asc",
			do: func(ctx context.Context, p *gis.Portal) error {
				g, err := p.Groups.Create(ctx, gis.GroupSpec{Title: "0 alex test", Tags: []string{"7320", "test", "alex"}, Access: gis.AccessPublic, ViewOnly: true, SharedUpdate: true, SortField: "title", SortOrder: gis.Ascending})
				if err == nil && g.ID != "ef45564655144f15b5903d05a24493d9" {
					return errors.New("the group's id is lost")
				}
				return err
			}},
		{name: "AddUsers", op: "POST community/groups/{id}/addUsers", files: []string{"group.json", "group_added.json"}, sent: "users=luke,leia", refused: []string{"leia"}, do: func(ctx context.Context, p *gis.Portal) error {
			return inGroup(ctx, p, func(g *gis.Group) error { return g.AddUsers(ctx, "luke", "leia") })
		}},
		{name: "AddAdmins", op: "POST community/groups/{id}/addUsers", files: []string{"group.json", "group_added.json"}, sent: "admins=tarkin", do: func(ctx context.Context, p *gis.Portal) error {
			return inGroup(ctx, p, func(g *gis.Group) error { return g.AddAdmins(ctx, "tarkin") })
		}},
		{name: "RemoveUsers", op: "POST community/groups/{id}/removeUsers", files: []string{"group.json", "group_removed.json"}, sent: "users=luke", do: func(ctx context.Context, p *gis.Portal) error {
			return inGroup(ctx, p, func(g *gis.Group) error { return g.RemoveUsers(ctx, "luke") })
		}},
		{name: "CreateRole", op: "POST portals/self/createRole", files: []string{"role_created.json", "role.json"}, sent: "name=Viewer&description=custom+viewer", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Roles.Create(ctx, gis.RoleSpec{Name: "Viewer", Description: "custom viewer"})
			return err
		}},
		{name: "SetPrivileges", op: "POST portals/self/roles/{id}/setPrivileges", files: []string{"role.json", "success.json"}, json: map[string]string{"privileges": `{"privileges":["portal:user:createItem"]}`}, do: func(ctx context.Context, p *gis.Portal) error {
			role, err := p.Roles.Get(ctx, "Pi5ZcW4sddhtho45")
			if err != nil {
				return err
			}
			return role.SetPrivileges(ctx, []string{"portal:user:createItem"})
		}},
		{name: "SetDefaults", op: "POST portals/self/setUserDefaultSettings", files: []string{"success.json"}, sent: "role=org_publisher&userLicenseType=creatorUT&userType=arcgisonly",
			json: map[string]string{
				"groups": `["43c2c91a304b44b59e5f8e871294069c"]`, "apps": `[{"itemId":"f761dd0f298944dcab22d1e888c60293","entitlements":["Insights"]}]`,
				"appBundles": `[{"itemId":"99d7956c7e824ff4ab27422e2a26c2b7"}]`,
			}, do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.SetDefaults(ctx, gis.MemberDefaults{Role: gis.RolePublisher, UserType: "creatorUT", EsriAccess: "arcgisonly", Groups: []esri.GroupID{"43c2c91a304b44b59e5f8e871294069c"},
					Apps: []gis.DefaultApp{{ItemID: "f761dd0f298944dcab22d1e888c60293", Entitlements: []string{"Insights"}}}, AppBundles: []gis.DefaultApp{{ItemID: "99d7956c7e824ff4ab27422e2a26c2b7"}}})
			}},
		{name: "SetMemberSchema", op: "POST portals/self/assignMemberCategorySchema", files: []string{"success.json"},
			json: map[string]string{"memberCategorySchema": `{"memberCategorySchema":[{"title":"Department","categories":[{"title":"Sales","categories":[]}]}]}`}, do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.Categories().SetSchema(ctx, []gis.Category{{Title: "Department", Categories: []gis.Category{{Title: "Sales"}}}})
			}},
		{name: "UpdateSettings", op: "POST portals/self/settings/update", files: []string{"success.json"},
			json: map[string]string{"informationalBanner": `{"text":"Header Text","bgColor":"grey","fontColor":"blue","enabled":true}`}, do: func(ctx context.Context, p *gis.Portal) error {
				return p.UpdateSettings(ctx, map[string]any{"informationalBanner": map[string]any{"text": "Header Text", "bgColor": "grey", "fontColor": "blue", "enabled": true}})
			}},
		{name: "AddPortalResource", op: "POST portals/self/addResource", files: []string{"success.json"}, sent: "key=Logo&access=org", do: func(ctx context.Context, p *gis.Portal) error {
			return p.Resources().Add(ctx, "Logo", gis.AccessOrg, gis.BytesUpload("logo.png", []byte("PNG")))
		}},
		{name: "AssignLicense", op: "POST content/listings/{itemId}/provisionUserEntitlements", files: []string{"success.json"}, sent: "suppressCustomerEmail=true",
			json: map[string]string{"userEntitlements": `{"users":["jsmith"],"entitlements":["standard","spatialAnalyst"]}`}, do: func(ctx context.Context, p *gis.Portal) error {
				return p.Licenses.Handle("6489da7f08f045ac8c0a5b1de37d56fe").Assign(ctx, []string{"standard", "spatialAnalyst"}, "jsmith")
			}},
		{name: "DeleteUsers", op: "POST portals/self/removeUsers", files: []string{"users_removed.json"}, sent: "users=jsmith,johndoe", refused: []string{"jsmith"}, do: func(ctx context.Context, p *gis.Portal) error {
			return p.Users.Delete(ctx, "jsmith", "johndoe")
		}},
		{name: "SetUserType", op: "POST portals/self/updateUserLicenseType", files: []string{"user_types_set.json"}, sent: "users=joe,jane&userLicenseType=creatorUT", refused: []string{"jane"}, do: func(ctx context.Context, p *gis.Portal) error {
			return p.Users.SetUserType(ctx, "creatorUT", "joe", "jane")
		}},
		{name: "InviteMembers", op: "POST portals/self/invite", files: []string{"users_invited.json"}, refused: []string{"jsmith"},
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.InviteMembers(ctx, gis.InviteMail{}, gis.UserSpec{Username: "jsmith", Email: "j@example.com", Role: gis.RoleUser}, gis.UserSpec{Username: "new", Email: "n@example.com", Role: gis.RoleUser})
			}},
		{name: "MakeUser", op: "POST portaladmin/security/users/createUser", files: []string{"user_created.json", "portals_self_enterprise.json"},
			sent: "username=jdoe&firstname=John&lastname=Doe&email=jdoe@example.com&role=org_user&userLicenseTypeId=creatorUT&provider=arcgis&token=example-token-1", do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.Make(ctx, gis.UserSpec{Username: "jdoe", Password: "example-password-1", FirstName: "John", LastName: "Doe", Email: "jdoe@example.com", Role: gis.RoleUser, UserType: "creatorUT"})
			}},
	}
}

func inGroup(ctx context.Context, p *gis.Portal, do func(*gis.Group) error) error {
	g, err := p.Groups.Get(ctx, "ef45564655144f15b5903d05a24493d9")
	if err != nil {
		return err
	}
	return do(g)
}
