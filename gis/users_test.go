package gis_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// grace is an account as an administrator reads it.
const grace = `{"username":"grace","fullName":"Grace Hopper","email":"grace@example.com","role":"org_user","roleId":"edgebRxFLiLt15df","disabled":false,
	"lastLogin":-1,"created":1546300800000,"thumbnail":"me.png","groups":[{"id":"5d6bb4f1c1f64b1bb4e5a7b1f0a6e2c3","title":"Navy"}],"unknown":{"kept":true}}`

// onGrace calls a method of an account that was read before.
func onGrace(do func(context.Context, *gis.User) error) func(context.Context, *gis.Portal) error {
	return func(ctx context.Context, p *gis.Portal) error {
		u, err := p.Users.Get(ctx, "grace")
		if err != nil {
			return err
		}
		return do(ctx, u)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	read := map[string]string{"GET community/users/grace": grace}
	page := func(key string) string {
		return `{"total":1,"start":1,"num":100,"nextStart":-1,"` + key + `":[` + grace + `]}`
	}
	calls := []call{
		{name: "Get", op: "GET community/users/DOM%5Cgrace", answer: grace, want: "f=json", do: func(ctx context.Context, p *gis.Portal) error {
			u, err := p.Users.Get(ctx, `DOM\grace`)
			if err == nil && (u.FullName != "Grace Hopper" || u.EffectiveRole() != "edgebRxFLiLt15df" || !u.LastLogin.IsZero() || len(u.Groups) != 1) {
				return errors.New(string(u.Raw()))
			}
			return err
		}},
		{name: "Me", op: "GET community/self", answer: grace, do: func(ctx context.Context, p *gis.Portal) error { _, err := p.Users.Me(ctx); return err }},
		{name: "List", op: "GET portals/self/users", answer: page("users"), want: "start=1&num=50&sortField=created&sortOrder=desc&role=org_user&userLicenseType=creatorUT&provider=arcgis&excludeSystemUsers=true",
			do: func(ctx context.Context, p *gis.Portal) error {
				users, err := gis.Collect(p.Users.List(ctx, &gis.UserList{SortField: "created", SortOrder: gis.Descending, PageSize: 50, Role: gis.RoleUser, UserType: "creatorUT", Provider: "arcgis", ExcludeSystem: true}))
				if err == nil && len(users) != 1 {
					return errors.New("not one user")
				}
				return err
			}},
		{name: "Search", op: "GET community/users", answer: page("results"), want: "q=(fullname:G* OR email:x) AND orgid:0123456789ABCDEF&start=1&num=3&sortField=username&filter=role:\"org_user\"",
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := gis.Collect(p.Users.Search(ctx, "fullname:G* OR email:x", &gis.UserSearch{SortField: "username", Max: 3, Filter: `role:"org_user"`}))
				return err
			}},
		{name: "Search outside", op: "GET community/users", answer: page("results"), want: "q=grace&start=7", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Users.SearchPage(ctx, "grace", &gis.UserSearch{OutsideOrg: true, Start: 7})
			return err
		}},
		{name: "CheckUsernames", op: "GET community/checkUsernames", want: "usernames=a,b", answer: `{"usernames":[{"requested":"a","suggested":"a"},{"requested":"b","suggested":"b_1"}]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				c, err := p.Users.CheckUsernames(ctx, "a", "b")
				if err == nil && (!c[0].Free() || c[1].Free()) {
					return errors.New("wrong names are free")
				}
				return err
			}},
		{name: "Create", op: "POST portaladmin/security/users/createUser", answer: `{"status":"success"}`, answers: read,
			want: "username=grace&password=nanosecond-1&firstname=Grace&lastname=Hopper&email=g@example.com&role=org_user&userLicenseTypeId=creatorUT&provider=arcgis&description=d",
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := p.Users.Create(ctx, gis.UserSpec{Username: "grace", Password: "nanosecond-1", FirstName: "Grace", LastName: "Hopper", Email: "g@example.com", Description: "d", UserType: "creatorUT"})
				return err
			}},
		{name: "Enable", op: "POST portals/self/enableUsers", want: "users=a,b", answer: `{"results":[{"username":"a","status":true},{"username":"B","status":true}]}`,
			do: func(ctx context.Context, p *gis.Portal) error { return p.Users.Enable(ctx, "a", "b") }},
		{name: "SetUserType", op: "POST portals/self/updateUserLicenseType", want: "users=a&userLicenseType=viewerUT", answer: `{"results":[{"username":"a","status":true}]}`,
			do: func(ctx context.Context, p *gis.Portal) error { return p.Users.SetUserType(ctx, "viewerUT", "a") }},
		{name: "Delete many", op: "POST portals/self/removeUsers", want: "users=a", answer: `{"notRemoved":[]}`, do: func(ctx context.Context, p *gis.Portal) error { return p.Users.Delete(ctx, "a") }},
		{name: "GroupsOf", op: "GET portals/self/usersGroups", want: "users=a", answer: `{"results":[{"username":"a","groups":["g1",{"id":"g2"}]}]}`, do: func(ctx context.Context, p *gis.Portal) error {
			g, err := p.Users.GroupsOf(ctx, "a")
			if err == nil && !slices.Equal(g["a"], []esri.GroupID{"g1", "g2"}) {
				return errors.New("wrong groups")
			}
			return err
		}},
		{name: "Counts", op: "GET portals/self/users/counts", want: "type=userLicenseType", answer: `{"total":1,"nextStart":-1,"results":[{"key":"creatorUT","count":12}]}`, do: func(ctx context.Context, p *gis.Portal) error {
			n, err := p.Users.Counts(ctx, gis.CountByUserType)
			if err == nil && n["creatorUT"] != 12 {
				return errors.New("wrong count")
			}
			return err
		}},
		{name: "UserTypes", op: "GET portals/self/userLicenseTypes", want: "num=255", answer: `{"nextStart":-1,"userLicenseTypes":[{"id":"creatorUT","name":"Creator","level":"2"}]}`, do: func(ctx context.Context, p *gis.Portal) error {
			types, err := gis.Collect(p.Users.UserTypes(ctx))
			if err == nil && (len(types) != 1 || types[0].Level != "2") {
				return errors.New("wrong types")
			}
			return err
		}},
		{name: "Defaults", op: "GET portals/self/userDefaultSettings", answer: `{"role":"org_publisher","userLicenseType":"creatorUT","groups":["gid"],"userType":"arcgisonly","apps":[{"itemId":"i","entitlements":[]}],"categories":[]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				d, err := p.Users.Defaults(ctx)
				if err == nil && (d.Role != gis.RolePublisher || d.Groups[0] != "gid" || d.Apps[0].ItemID != "i") {
					return errors.New("wrong defaults")
				}
				return err
			}},
		{name: "SetDefaults", op: "POST portals/self/setUserDefaultSettings", want: `role=org_user&userLicenseType=viewerUT&groups=["g"]&apps=[]&appBundles=[]`, answer: success,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.SetDefaults(ctx, gis.MemberDefaults{Role: gis.RoleUser, UserType: "viewerUT", Groups: []esri.GroupID{"g"}})
			}},
		{name: "ClearDefaults", op: "POST portals/self/userDefaultSettings/delete", answer: success, do: func(ctx context.Context, p *gis.Portal) error { return p.Users.ClearDefaults(ctx) }},
		{name: "Invite", op: "POST portals/self/inviteByEmail", want: "emails=a@example.com,b@example.com&message=hi&role=org_user&mustApprove=false&expiration=1440", answer: success,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.Invite(ctx, gis.InviteSpec{Emails: []string{"a@example.com", "b@example.com"}, Message: "hi", Minutes: 1440})
			}},
	}
	runCalls(t, calls)
}

func TestUser(t *testing.T) {
	t.Parallel()
	read := map[string]string{"GET community/users/grace": grace}
	calls := []call{
		{name: "Update", op: "POST community/users/grace/update", answer: `{"success":true,"username":"grace"}`, answers: read,
			want: `fullname=G. Hopper&description=&access=org&tags=a,b&categories=["/Categories/Navy"]&clearEmptyFields=true`, not: "email,firstName,culture,password,userType",
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				return u.Update(ctx, gis.UserUpdate{FullName: new("G. Hopper"), Description: new(""), Access: new(gis.AccessOrg), Tags: &[]string{"a", "b"}, Categories: &[]string{"/Categories/Navy"}})
			})},
		{name: "SetThumbnail", op: "POST community/users/grace/update", answer: success, answers: read, file: "thumbnail: me.png: PNG",
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				return u.SetThumbnail(ctx, gis.BytesUpload("me.png", []byte("PNG")))
			})},
		{name: "DeleteThumbnail", op: "POST community/users/grace/deleteThumbnail", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.DeleteThumbnail(ctx) })},
		{name: "OpenThumbnail", op: "GET community/users/grace/info/me.png", answer: "PNG", answers: read, not: "f", do: onGrace(func(ctx context.Context, u *gis.User) error {
			d, err := u.OpenThumbnail(ctx)
			if err == nil {
				err = d.Close()
			}
			return err
		})},
		{name: "SetRole", op: "POST portals/self/updateUserRole", want: "user=grace&role=org_publisher", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.SetRole(ctx, gis.RolePublisher) })},
		{name: "SetUserType", op: "POST portals/self/updateUserLicenseType", want: "users=grace&userLicenseType=viewerUT", answer: `{"results":[{"username":"grace","status":true}]}`, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.SetUserType(ctx, "viewerUT") })},
		{name: "SetEsriAccess", op: "POST community/users/grace/update", want: "userType=both", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.SetEsriAccess(ctx, true) })},
		{name: "ChangePassword", op: "POST community/users/grace/reset", want: "password=old&newPassword=new", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.ChangePassword(ctx, "old", "new") })},
		{name: "ChangeSecurityQuestion", op: "POST community/users/grace/reset", want: "password=old&newSecurityQuestionIdx=3&newSecurityAnswer=cat", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.ChangeSecurityQuestion(ctx, "old", 3, "cat") })},
		{name: "ResetPasswordByEmail", op: "POST community/users/grace/reset", want: "email=true", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.ResetPasswordByEmail(ctx) })},
		{name: "SetPassword", op: "POST community/users/grace/update", want: "password=temp", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.SetPassword(ctx, "temp") })},
		{name: "ExpirePassword", op: "POST community/users/grace/expirePassword", want: "expiration=1", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.ExpirePassword(ctx) })},
		{name: "Enable", op: "POST community/users/grace/enable", answer: success, answers: read, do: onGrace(func(ctx context.Context, u *gis.User) error { return u.Enable(ctx) })},
		{name: "Disable", op: "POST community/users/grace/disable", answer: success, answers: read, do: onGrace(func(ctx context.Context, u *gis.User) error { return u.Disable(ctx) })},
		{name: "Delete", op: "POST community/users/grace/delete", answer: success, answers: read, do: onGrace(func(ctx context.Context, u *gis.User) error { return u.Delete(ctx) })},
		{name: "ReassignTo", op: "POST community/users/grace/reassign", want: "targetUsername=ada", answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { return u.ReassignTo(ctx, "ada") })},
		{name: "TagCounts", op: "GET community/users/grace/tags", answer: `{"tags":[{"tag":"test","count":1}]}`, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error { _, err := u.TagCounts(ctx); return err })},
		{name: "Properties", op: "GET community/users/grace/properties", answer: `{"properties":{"landingPage":{"url":"index.html"}}}`, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				raw, err := u.Properties(ctx)
				if err == nil && !json.Valid(raw) {
					return errors.New("no JSON")
				}
				return err
			})},
		{name: "SetProperties", op: "POST community/users/grace/setProperties", want: `properties={"mapViewer":"modern"}`, answer: success, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				return u.SetProperties(ctx, map[string]string{"mapViewer": "modern"})
			})},
		{name: "Folders", op: "GET content/users/grace", want: "start=1&num=1", answer: `{"username":"grace","total":0,"start":1,"num":1,"nextStart":-1,"currentFolder":null,"items":[],"folders":[{"username":"grace","id":"f1","title":"Maps","created":1}]}`, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				f, err := u.Folders(ctx)
				if err == nil && (len(f) != 1 || f[0].ID != "f1") {
					return errors.New("wrong folders")
				}
				return err
			})},
	}
	runCalls(t, calls)
}

func TestUserNotFound(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		`{"error":{"code":400,"messageCode":"COM_0018","message":"User does not exist or is inaccessible.","details":[]}}`,
		`{"error":{"code":400,"message":"User does not exist or is inaccessible.","details":null}}`,
	} {
		p, _ := setup(t, map[string]string{"GET community/users/x": answer})
		_, err := p.Users.Get(t.Context(), "x")
		isKind(t, err, gis.ErrNotFound)
	}
	p, f := setup(t, nil)
	_, err := p.Users.Get(t.Context(), "")
	isKind(t, err, gis.ErrInvalid)
	if n := len(f.seen); n != 0 {
		t.Errorf("%d requests for no name", n)
	}
}

func TestUserRoundTrip(t *testing.T) {
	t.Parallel()
	p, _ := setup(t, map[string]string{"GET community/self": recorded(t, "community_self.json")})
	u := must(p.Users.Me(t.Context()))(t)
	if u.Username != "LocalGovDeployCasey" || u.UserLicenseTypeID != "creatorUT" || u.Level != "2" || !slices.Contains(u.Privileges, "portal:admin:manageRoles") || u.LastLogin.Millis() != 1573839621000 {
		t.Errorf("user = %+v", u)
	}
	sameJSON(t, must(json.Marshal(u))(t), recorded(t, "community_self.json"))
}

func TestCreateUserOnline(t *testing.T) {
	t.Parallel()
	online := `{"id":"org1","portalName":"ArcGIS Online","portalMode":"multitenant","isPortal":false,"currentVersion":"2024.1","user":{"username":"ada"}}`
	invite, read := "POST portals/self/invite", "GET community/users/grace"
	spec := gis.UserSpec{Username: "grace", Password: "nanosecond-1", FirstName: "Grace", LastName: "Hopper", Email: "g@example.com", Role: gis.RolePublisher,
		UserType: "creatorUT", Groups: []esri.GroupID{"g1", "g2"}, Credits: new(-1.0)}
	tests := []struct {
		name, invited, user string
		kind                gis.Kind
	}{
		{"created", `{"success":true,"notInvited":[]}`, grace, ""},
		{"taken", `{"success":true,"notInvited":["grace"]}`, grace, gis.ErrConflict},
		{"refused", `{"success":true,"notInvited":["grace"]}`, `{"error":{"code":400,"messageCode":"COM_0018","message":"User does not exist or is inaccessible."}}`, gis.ErrInvalid},
	}
	for _, tt := range tests {
		p, f := setup(t, map[string]string{"GET portals/self": online, invite: tt.invited, read: tt.user})
		_, err := p.Users.Create(t.Context(), spec)
		if tt.kind == "" {
			ok(t, err)
		} else {
			isKind(t, err, tt.kind)
		}
		sameJSON(t, []byte(f.of(invite)[0].form.Get("invitationList")), `{"invitations":[{"username":"grace","password":"nanosecond-1","firstname":"Grace","lastname":"Hopper",
			"fullname":"Grace Hopper","email":"g@example.com","role":"org_publisher","userLicenseType":"creatorUT","groups":"g1,g2","userCreditAssignment":-1}]}`)
	}
	p, _ := setup(t, nil)
	_, err := p.Users.Create(t.Context(), gis.UserSpec{Username: "x"})
	isKind(t, err, gis.ErrInvalid)
}

// sameJSON compares two documents by content.
func sameJSON(t *testing.T, got []byte, want string) {
	t.Helper()
	var a, b any
	ok(t, json.Unmarshal(got, &a))
	ok(t, json.Unmarshal([]byte(want), &b))
	x, y := must(json.Marshal(a))(t), must(json.Marshal(b))(t)
	if string(x) != string(y) {
		t.Errorf("got  %s\nwant %s", x, y)
	}
}
