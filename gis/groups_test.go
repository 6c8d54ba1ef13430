package gis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

const navy = `{"id":"5d6b","title":"Navy","owner":"ada","access":"org","tags":["sea"],"capabilities":["updateitemcontrol"],"thumbnail":"g.png",
	"userMembership":{"username":"ada","memberType":"owner","applications":2},"properties":null,"created":1520967981000,"unknown":1}`

// onNavy calls a method of a group that was read before.
func onNavy(do func(context.Context, *gis.Group) error) func(context.Context, *gis.Portal) error {
	return func(ctx context.Context, p *gis.Portal) error {
		g, err := p.Groups.Get(ctx, "5d6b")
		if err != nil {
			return err
		}
		return do(ctx, g)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	page := `{"query":"q","total":1,"start":1,"num":100,"nextStart":-1,"results":[` + navy + `]}`
	calls := []call{
		{name: "Get", op: "GET community/groups/5d6b", answer: navy, do: func(ctx context.Context, p *gis.Portal) error {
			g, err := p.Groups.Get(ctx, "5d6b")
			if err == nil && (!g.SharedUpdate() || g.UserMembership.Applications != 2 || g.Properties != nil) {
				return errors.New(string(g.Raw()))
			}
			return err
		}},
		{name: "Search", op: "GET community/groups", answer: page, want: "q=(title:Navy) AND orgid:0123456789ABCDEF&sortField=title&sortOrder=asc&filter=owner:\"ada\"&num=100",
			do: func(ctx context.Context, p *gis.Portal) error {
				g, err := gis.Collect(p.Groups.Search(ctx, "title:Navy", &gis.GroupSearch{SortField: "title", SortOrder: gis.Ascending, Filter: `owner:"ada"`}))
				if err == nil && len(g) != 1 {
					return errors.New("not one group")
				}
				return err
			}},
		{name: "Search own", op: "GET community/groups", answer: page, want: "q=orgid:0123456789ABCDEF&searchUserAccess=groupMember&searchUserName=ada",
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := p.Groups.SearchPage(ctx, "", &gis.GroupSearch{MemberOnly: true})
				return err
			}},
		{name: "Create", op: "POST community/createGroup", answer: `{"success":true,"group":` + navy + `}`, file: "thumbnail: g.png: PNG",
			want: `title=Navy&tags=a,b&access=public&description=d&snippet=s&phone=1&isInvitationOnly=true&isViewOnly=true&autoJoin=true&leavingDisallowed=true&hiddenMembers=true` +
				`&isOpenData=true&capabilities=updateitemcontrol&sortField=modified&sortOrder=desc&membershipAccess=org&displaySettings={"itemTypes":"Web Map"}` +
				`&typeKeywords=k&properties={"a":1}&provider=enterprise&providerGroupName=crew&extra=e`,
			do: func(ctx context.Context, p *gis.Portal) error {
				g, err := p.Groups.Create(ctx, gis.GroupSpec{Title: "Navy", Tags: []string{"a", "b"}, Access: gis.AccessPublic, Description: "d", Snippet: "s", Phone: "1",
					InvitationOnly: true, ViewOnly: true, AutoJoin: true, LeavingDisallowed: true, HiddenMembers: true, OpenData: true, SharedUpdate: true,
					SortField: "modified", SortOrder: gis.Descending, MembershipAccess: "org", ItemTypes: "Web Map", TypeKeywords: []string{"k"},
					Properties: json.RawMessage(`{"a":1}`), Provider: "enterprise", ProviderGroupName: "crew",
					Thumbnail: new(gis.BytesUpload("g.png", []byte("PNG"))), Extra: map[string][]string{"extra": {"e"}}})
				if err == nil && g.ID != "5d6b" {
					return errors.New("wrong group")
				}
				return err
			}},
		{name: "Create plain", op: "POST community/createGroup", answer: `{"success":true,"group":` + navy + `}`, want: "title=Navy&access=private&isInvitationOnly=false",
			not: "capabilities,leavingDisallowed,hiddenMembers,isOpenData,displaySettings,properties,tags",
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := p.Groups.Create(ctx, gis.GroupSpec{Title: "Navy"})
				return err
			}},
	}
	runCalls(t, calls)
}

func TestGroup(t *testing.T) {
	t.Parallel()
	read := map[string]string{"GET community/groups/5d6b": navy}
	calls := []call{
		{name: "Update", op: "POST community/groups/5d6b/update", answer: `{"success":true,"groupId":"5d6b"}`, answers: read,
			want: `snippet=&isViewOnly=false&tags=&displaySettings={"itemTypes":""}&clearEmptyFields=true`, not: "title,capabilities,access,isInvitationOnly,properties",
			do: onNavy(func(ctx context.Context, g *gis.Group) error {
				return g.Update(ctx, gis.GroupUpdate{Snippet: new(""), ViewOnly: new(false), Tags: &[]string{}, ItemTypes: new("")})
			})},
		{name: "Delete", op: "POST community/groups/5d6b/delete", answer: success, answers: read, do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.Delete(ctx) })},
		{name: "Protect", op: "POST community/groups/5d6b/protect", answer: success, answers: read, do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.Protect(ctx, true) })},
		{name: "Unprotect", op: "POST community/groups/5d6b/unprotect", answer: success, answers: read, do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.Protect(ctx, false) })},
		{name: "Members", op: "GET community/groups/5d6b/users", answer: `{"owner":"vader","admins":["vader","tarkin"],"users":["luke"]}`, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error {
				m, err := g.Members(ctx)
				if err == nil && (m.Owner != "vader" || len(m.Admins) != 2 || m.Users[0] != "luke") {
					return fmt.Errorf("%+v", m)
				}
				return err
			})},
		{name: "MemberList", op: "GET community/groups/5d6b/userList", want: "name=lu&memberType=admin&sortField=joined&start=1&num=100", answers: read,
			answer: `{"total":1,"start":1,"num":100,"nextStart":-1,"owner":{"username":"vader","fullName":"D"},"users":[{"username":"luke","fullName":"L","memberType":"member","thumbnail":null,"joined":1546300800000}]}`,
			do: onNavy(func(ctx context.Context, g *gis.Group) error {
				m, err := gis.Collect(g.MemberList(ctx, &gis.MemberList{Name: "lu", MemberType: gis.MemberAdmin, SortField: "joined"}))
				if err == nil && (len(m) != 1 || m[0].MemberType != gis.MemberMember || m[0].Joined.IsZero()) {
					return fmt.Errorf("%+v", m)
				}
				return err
			})},
		{name: "AddUsers", op: "POST community/groups/5d6b/addUsers", want: "users=a,b", not: "admins", answer: `{"notAdded":[]}`, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.AddUsers(ctx, "a", "b") })},
		{name: "AddAdmins", op: "POST community/groups/5d6b/addUsers", want: "admins=a", not: "users", answer: `{"notAdded":[]}`, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.AddAdmins(ctx, "a") })},
		{name: "RemoveUsers", op: "POST community/groups/5d6b/removeUsers", want: "users=a", answer: `{"notRemoved":[]}`, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.RemoveUsers(ctx, "a") })},
		{name: "SetRole", op: "POST community/groups/5d6b/updateUsers", want: "admins=a", answer: `{"results":[{"username":"a","success":true}]}`, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.SetRole(ctx, gis.MemberAdmin, "a") })},
		{name: "Join", op: "POST community/groups/5d6b/join", answer: success, answers: read, do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.Join(ctx) })},
		{name: "Leave", op: "POST community/groups/5d6b/leave", answer: success, answers: read, do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.Leave(ctx) })},
		{name: "ReassignTo", op: "POST community/groups/5d6b/reassign", want: "targetUsername=bob", answer: success, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.ReassignTo(ctx, "bob") })},
		{name: "Items", op: "GET content/groups/5d6b", want: "start=1&num=100&sortField=title", answer: `{"total":1,"start":1,"num":100,"nextStart":-1,"items":[{"id":"i"}]}`, answers: read,
			do: onNavy(func(ctx context.Context, g *gis.Group) error {
				items, err := gis.Collect(g.Items(ctx, &gis.ItemList{SortField: "title"}))
				if err == nil && len(items) != 1 {
					return errors.New("not one item")
				}
				return err
			})},
		{name: "SetThumbnail", op: "POST community/groups/5d6b/update", answer: success, answers: read, file: "thumbnail: g.png: PNG",
			do: onNavy(func(ctx context.Context, g *gis.Group) error {
				return g.SetThumbnail(ctx, gis.BytesUpload("g.png", []byte("PNG")))
			})},
		{name: "DeleteThumbnail", op: "POST community/groups/5d6b/deleteThumbnail", answer: success, answers: read, do: onNavy(func(ctx context.Context, g *gis.Group) error { return g.DeleteThumbnail(ctx) })},
		{name: "OpenThumbnail", op: "GET community/groups/5d6b/info/g.png", answer: "PNG", answers: read, not: "f", do: onNavy(func(ctx context.Context, g *gis.Group) error {
			d, err := g.OpenThumbnail(ctx)
			if err == nil {
				err = d.Close()
			}
			return err
		})},
	}
	runCalls(t, calls)
}

func TestGroupRefusals(t *testing.T) {
	t.Parallel()
	op := "POST community/groups/5d6b/addUsers"
	p, f := setup(t, map[string]string{op: `{"notAdded":["User26"]}`})
	f.first(op, `{"notAdded":["user3","USER7"]}`)
	g := p.Groups.Handle("5d6b")
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("user%d", i))
	}
	err := g.AddUsers(t.Context(), names...)
	b, is := errors.AsType[*gis.BatchError](err)
	if !is || len(b.Done) != 27 || len(b.Failed) != 3 || b.Failed[1].ID != "user7" || b.Failed[2].ID != "user26" {
		t.Fatalf("err = %+v", err)
	}
	seen := f.of(op)
	if len(seen) != 2 || strings.Count(seen[0].form.Get("users"), ",") != 24 || strings.Count(seen[1].form.Get("users"), ",") != 4 {
		t.Errorf("%d requests", len(seen))
	}
	isKind(t, g.SetRole(t.Context(), gis.MemberOwner, "a"), gis.ErrInvalid)
	isKind(t, g.AddUsers(t.Context(), "a,b"), gis.ErrInvalid)
	ok(t, g.AddUsers(t.Context()))
	_, err = p.Groups.Create(t.Context(), gis.GroupSpec{})
	isKind(t, err, gis.ErrInvalid)
	_, err = p.Groups.Get(t.Context(), "x")
	if !errors.Is(err, gis.ErrInvalid) {
		t.Errorf("err = %v", err)
	}
}

func TestGroupRoundTrip(t *testing.T) {
	t.Parallel()
	var g gis.Group
	ok(t, json.Unmarshal([]byte(recorded(t, "group.json")), &g))
	if g.Title != "An AGOL group" || !g.IsInvitationOnly || !g.IsViewOnly || g.Access != gis.AccessPublic || !slices.Equal(g.Tags, []string{"JavaScript"}) || g.UserMembership.MemberType != gis.MemberOwner {
		t.Errorf("group = %+v", g)
	}
	sameJSON(t, must(json.Marshal(&g))(t), recorded(t, "group.json"))
}
