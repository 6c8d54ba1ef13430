package gis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

// purchases holds ArcGIS Pro, a listing of the marketplace without entitlements, and a trial.
const purchases = `{"purchases":[
	{"provision":{"itemId":"pro1","startDate":1546300800000,"endDate":-1,"canDisconnect":true,"maxDisconnectDuration":-1,
		"orgEntitlements":{"maxUsers":100,"entitlements":{"desktopAdvN":{"num":5},"spatialAnalystN":{"num":-1}}}},
	 "listing":{"itemId":"pro1","title":"ArcGIS Pro","licenseType":"paid","licenseBy":"licenseByUser","vendor":{"name":"Esri"}}},
	{"provision":{"itemId":"odd1","orgEntitlements":null},"listing":{"itemId":"odd1","title":null,"vendor":null}},
	{"provision":null,"listing":null}],
	"trials":[{"provision":{"itemId":"ins1","orgEntitlements":{"entitlements":{"insightsN":{"num":2}}}},"listing":{"itemId":"ins1","title":"Insights"}}],"interests":[]}`

func TestLicenses(t *testing.T) {
	t.Parallel()
	pro := func(p *gis.Portal) *gis.License { return p.Licenses.Handle("pro1") }
	calls := []call{
		{name: "List", op: "GET portals/self/purchases", answer: purchases, want: "status=all", do: func(ctx context.Context, p *gis.Portal) error {
			all, err := p.Licenses.List(ctx, gis.PurchasesAll)
			if err != nil {
				return err
			}
			if len(all) != 3 || all[0].Seats["desktopAdvN"] != 5 || all[0].Seats["spatialAnalystN"] != gis.NoLimit || all[0].MaxUsers != 100 ||
				!all[0].CanCheckOut || !all[0].End.IsZero() || all[1].Title != "" || all[1].MaxUsers != gis.NoLimit || !all[2].Trial || all[0].Vendor != "Esri" {
				return fmt.Errorf("%+v", all)
			}
			return nil
		}},
		{name: "Get", op: "GET portals/self/purchases", answer: purchases, want: "status=active", do: func(ctx context.Context, p *gis.Portal) error {
			l, err := p.Licenses.Get(ctx, "arcgis pro")
			if err == nil && l.ItemID != "pro1" {
				return errors.New("wrong product")
			}
			return err
		}},
		{name: "Entitlement", op: "GET content/listings/pro1/userEntitlements/grace", do: func(ctx context.Context, p *gis.Portal) error {
			e, err := pro(p).Entitlement(ctx, "grace")
			if err == nil && (len(e.Entitlements) != 1 || !e.CheckedOut || e.CheckedOutSince.Millis() != 1546300800000 || !e.LastLogin.IsZero()) {
				return fmt.Errorf("%+v", e)
			}
			return err
		}, answer: `{"userEntitlements":{"username":"grace","lastLogin":-1,"disconnected":true,"entitlements":["desktopAdvN"],"disconnectedInfo":{"disconnectedSince":1546300800000}}}`},
		{name: "Assign", op: "POST content/listings/pro1/provisionUserEntitlements", answer: success,
			want: `userEntitlements={"users":["a","b"],"entitlements":["desktopAdvN","3DAnalystN"]}&suppressCustomerEmail=true`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return pro(p).Assign(ctx, []string{"desktopAdvN", "3DAnalystN"}, "a", "b")
			}},
		{name: "Revoke", op: "POST content/listings/pro1/provisionUserEntitlements", answer: success, want: `userEntitlements={"users":["a"],"entitlements":[]}`,
			do: func(ctx context.Context, p *gis.Portal) error { return pro(p).Revoke(ctx, "a") }},
		{name: "SetCheckOut", op: "POST content/listings/pro1/setDisconnectSettings", answer: success, want: "canDisconnect=true&maxDisconnectDuration=-1",
			do: func(ctx context.Context, p *gis.Portal) error { return pro(p).SetCheckOut(ctx, true, gis.NoLimit) }},
		{name: "Release", op: "POST portaladmin/license/releaseLicense", answer: success, want: "username=grace",
			do: func(ctx context.Context, p *gis.Portal) error { return p.Licenses.Release(ctx, "grace") }},
		{name: "Bundles", op: "GET portals/self/appBundles", answer: `{"appBundles":[{"id":"b1","name":"Office","appBundleItemId":"bi1","apps":[]}],"nextStart":-1}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				all, err := gis.Collect(p.Licenses.Bundles(ctx))
				if err == nil && (len(all) != 1 || all[0].ItemID != "bi1") {
					return errors.New("wrong bundles")
				}
				return err
			}},
		{name: "Installed", op: "GET portaladmin/license", answer: `{"maximumRegisteredMembers":50,"userTypes":[{"id":"creatorUT","maximumRegisteredMembers":10,"currentRegisteredMembers":3,"expiration":-1}]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				l, err := p.Licenses.Installed(ctx)
				if err == nil && (l.MaxMembers != 50 || l.UserTypes[0].MaxMembers != 10) {
					return errors.New("wrong seats")
				}
				return err
			}},
		{name: "OrgSearch", op: "GET portals/self/users/search", answer: `{"total":1,"nextStart":-1,"results":[` + grace + `]}`, want: "q=appbundle:bi1&start=1&num=100",
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := gis.Collect(p.Users.OrgSearch(ctx, "appbundle:bi1", nil))
				return err
			}},
		{name: "InviteMembers", op: "POST portals/self/invite", answer: `{"success":true,"notInvited":[]}`, not: "html",
			want: `subject=Hello&invitationList={"invitations":[{"username":"grace","firstname":"Grace","lastname":"Hopper","fullname":"Grace Hopper","email":"g@example.com","role":"org_user"}]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Users.InviteMembers(ctx, gis.InviteMail{Subject: "Hello"}, gis.UserSpec{Username: "grace", FirstName: "Grace", LastName: "Hopper", Email: "g@example.com"})
			}},
		{name: "SearchStore", op: "POST portaladmin/security/users/searchEnterpriseUsers", want: "filter=gr&maxCount=100", answer: `{"users":[{"username":"CORP\\grace","email":"g@example.com"}]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				found, err := p.Users.SearchStore(ctx, "gr", 0)
				if err == nil && (len(found) != 1 || found[0].Username != `CORP\grace`) {
					return errors.New("wrong people")
				}
				return err
			}},
		{name: "StoreGroupMembers", op: "GET portaladmin/security/groups/getUsersWithinEnterpriseGroup", want: "groupName=gis&maxCount=10", answer: `{"users":[]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := p.Users.StoreGroupMembers(ctx, "gis", "", 10)
				return err
			}},
		{name: "StoreUser", op: "GET portaladmin/security/users/getEnterpriseUser", want: "username=grace", answer: `{"username":"grace"}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := p.Users.StoreUser(ctx, "grace")
				return err
			}},
	}
	runCalls(t, calls)
}

func TestUserLicenses(t *testing.T) {
	t.Parallel()
	read := map[string]string{"GET community/users/grace": grace}
	runCalls(t, []call{
		{name: "Bundles", op: "GET community/users/grace/appBundles", answer: `{"appBundles":[{"id":"b1","name":"Office"}],"nextStart":-1}`, answers: read,
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				b, err := u.Bundles(ctx)
				if err == nil && len(b) != 1 {
					return errors.New("wrong bundles")
				}
				return err
			})},
		{name: "Provisions", op: "GET community/users/grace/provisionedListings", want: "returnAllProvisions=true&includeExpired=true", answers: read,
			answer: `{"total":1,"nextStart":-1,"provisionedListings":[{"itemId":"i","title":"Pro"}]}`,
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				_, err := gis.Collect(u.Provisions(ctx, &gis.ProvisionList{All: true, IncludeExpired: true}))
				return err
			})},
		{name: "ReadUserType", op: "GET community/users/grace/userLicenseType", answers: read,
			answer: `{"id":"creatorUT","name":"Creator","apps":[{"id":"a","title":"Office","isAppBundle":true,"apps":[{"id":"x","entitlements":["mapViewer"]}]}]}`,
			do: onGrace(func(ctx context.Context, u *gis.User) error {
				ut, err := u.ReadUserType(ctx)
				if err == nil && (ut.Apps[0].Apps[0].Entitlements[0] != "mapViewer") {
					return errors.New("wrong apps")
				}
				return err
			})},
	})
}

// TestEntitlementIsMissing reads what portals answer for a member who holds nothing.
func TestEntitlementIsMissing(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{}`, `{"userEntitlements":null}`, `{"userEntitlements":{}}`, `{"userEntitlements":[]}`, `{"userEntitlements":""}`} {
		p, _ := setup(t, map[string]string{"GET content/listings/pro1/userEntitlements/grace": answer})
		e, err := p.Licenses.Handle("pro1").Entitlement(t.Context(), "grace")
		ok(t, err)
		if e.Username != "grace" || len(e.Entitlements) != 0 || e.CheckedOut {
			t.Errorf("%s: %+v", answer, e)
		}
	}
}

// entitlementRows writes the rows of members from to to.
func entitlementRows(from, to int, rest string) string {
	var rows []string
	for i := from; i <= to; i++ {
		rows = append(rows, `{"username":"u`+strconv.Itoa(i)+`","entitlements":["desktopAdvN"]}`)
	}
	return `{"userEntitlements":[` + strings.Join(rows, ",") + `]` + rest + `}`
}

func TestEntitlementPages(t *testing.T) {
	t.Parallel()
	const op = "GET content/listings/pro1/userEntitlements"
	for name, tt := range map[string]struct {
		answers []string
		want    int
	}{
		"nextStart":            {[]string{entitlementRows(1, 100, `,"nextStart":101`), entitlementRows(101, 120, `,"nextStart":-1`)}, 120},
		"no nextStart":         {[]string{entitlementRows(1, 100, ``), entitlementRows(101, 120, ``)}, 120},
		"no nextStart, full":   {[]string{entitlementRows(1, 100, ``), entitlementRows(101, 100, ``)}, 100},
		"does not page at all": {[]string{entitlementRows(1, 230, ``)}, 230},
		"repeats its page":     {[]string{entitlementRows(1, 100, ``)}, 100},
		"total only":           {[]string{entitlementRows(1, 100, `,"total":101`), entitlementRows(101, 101, `,"total":101`)}, 101},
		"null":                 {[]string{`{"userEntitlements":null}`}, 0},
		"nothing":              {[]string{`{}`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, nil)
			f.answers[op] = tt.answers
			all, err := gis.Collect(f.connect().Licenses.Handle("pro1").Entitlements(t.Context()))
			ok(t, err)
			if len(all) != tt.want {
				t.Errorf("%d rows, want %d", len(all), tt.want)
			}
		})
	}
}

// TestAssignIsSentInChunks sends 60 members as 25, 25 and 10, and names those of the refused
// call.
func TestAssignIsSentInChunks(t *testing.T) {
	t.Parallel()
	const op = "POST content/listings/pro1/provisionUserEntitlements"
	p, f := setup(t, map[string]string{op: success})
	f.first(op, success, `{"error":{"code":400,"message":"no seats","details":[]}}`)
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprint("u", i))
	}
	err := p.Licenses.Handle("pro1").Assign(t.Context(), []string{"desktopAdvN"}, names...)
	b, is := errors.AsType[*gis.BatchError](err)
	if !is || len(b.Done) != 35 || len(b.Failed) != 25 || b.Failed[0].ID != "u25" {
		t.Fatalf("err = %v", err)
	}
	for i, want := range []int{25, 25, 10} {
		var sent struct{ Users []string }
		ok(t, json.Unmarshal([]byte(f.of(op)[i].form.Get("userEntitlements")), &sent))
		if len(sent.Users) != want {
			t.Errorf("call %d: %d users, want %d", i, len(sent.Users), want)
		}
	}
}

func TestReleaseFallsBackToOlderReleases(t *testing.T) {
	t.Parallel()
	p, f := setup(t, map[string]string{
		"POST portaladmin/license/releaseLicense":         `{"error":{"code":405,"message":"no such operation","details":[]}}`,
		"POST portaladmin/system/licenses/releaseLicense": success,
	})
	ok(t, p.Licenses.Release(t.Context(), "grace"))
	if n := len(f.of("POST portaladmin/system/licenses/releaseLicense")); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestInviteMembersNamesTheRefused answers whom the portal did not invite.
func TestInviteMembersNamesTheRefused(t *testing.T) {
	t.Parallel()
	p, _ := setup(t, map[string]string{"POST portals/self/invite": `{"success":true,"notInvited":["GRACE"]}`})
	err := p.Users.InviteMembers(t.Context(), gis.InviteMail{}, gis.UserSpec{Username: "grace"}, gis.UserSpec{Username: "alan"})
	b, is := errors.AsType[*gis.BatchError](err)
	if !is || len(b.Failed) != 1 || b.Failed[0].ID != "grace" || len(b.Done) != 1 {
		t.Errorf("err = %v", err)
	}
}
