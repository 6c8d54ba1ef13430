package policy

import (
	"strings"
	"testing"
)

// TestPrivilegesAreTried demands that a route which lets administrators do more than members
// is tried with and without the privilege.
func TestPrivilegesAreTried(t *testing.T) {
	t.Parallel()
	tab := load(t)
	for _, route := range tab.unguarded() {
		t.Errorf("%s: an administrator may what a member may not, and no row names the privilege", route)
	}
}

// TestEveryRouteSucceeds demands that somebody can do what a route is for, lest a call that
// is wrong in itself passes for a refusal. What the portal does not have is let off.
func TestEveryRouteSucceeds(t *testing.T) {
	t.Parallel()
	tab := load(t)
	names, states := tab.routes()
	for _, route := range names {
		fine := false
		for _, state := range states[route] {
			for _, e := range tab.want[place{route, state}] {
				absent := e.outcome == "unsupported" || strings.HasPrefix(e.outcome, "refused:") && strings.Contains(e.outcome, "does not exist")
				fine = fine || absent || succeeds(e.outcome)
			}
		}
		if !fine {
			t.Errorf("nobody succeeds on %s", route)
		}
	}
}

// agreement pairs a route that lists or counts with the one that reads what is listed.
type agreement struct {
	list, read string
	states     map[string]string // of the list: of the read
	only       bool              // who reads it need not find it
	but        string            // callers whose part in the two states differs
}

const fellows = "owner group_member group_manager group_owner"

func agreements() []agreement {
	same := func(states ...string) map[string]string {
		out := map[string]string{}
		for _, s := range states {
			out[s] = s
		}
		return out
	}
	items := same("private", "shared", "team", "org", "public", "private favorite", "org of-admin", "org of-disabled")
	members := same("private", "org", "public", "org disabled", "org administrator")
	held := map[string]string{"public holding-private": "private", "public holding-org": "org", "public holding-public": "public"}
	inGroups := map[string]string{"groups private": "private", "groups org": "org", "groups public": "public"}
	circle := map[string]string{"public in-circle": "private"}
	return []agreement{
		{list: rest + "search", read: likeItem, states: items},
		{list: likeUser + "/tags", read: likeItem, states: items},
		{list: rest + "community/groups", read: likeGroup, states: same("private", "org", "public", "private team")},
		{list: rest + "community/users", read: likeUser, states: members},
		{list: org + "/users", read: likeUser, states: members},
		{list: org + "/users/search", read: likeUser, states: members},
		{list: listing + "/userEntitlements", read: likeUser, states: members, only: true},
		{list: org + "/usersGroups", read: likeGroup, states: inGroups, only: true},
		{list: likeUser, read: likeGroup, states: inGroups, only: true},
		{list: likeItem + "/groups", read: likeGroup, states: circle, but: "owner"},
		{list: rest + "content/itemsgroups", read: likeGroup, states: circle, but: "owner"},
		{list: rest + "content/groups/{id}", read: likeItem, states: held, but: fellows},
		{list: rest + "content/groups/{id}/search", read: likeItem, states: held, but: fellows},
		{list: likeItem + "/relatedItems", read: likeItem, states: map[string]string{"to-private": "private", "to-shared": "shared", "to-org": "org", "to-public": "public"}},
		{list: likeItem + "/resources", read: likeItem + "/resources/{path...}", states: same("public hidden-resource", "team hidden-resource")},
		{list: userContent + "/items/{id}/resources", read: likeItem + "/resources/{path...}", states: same("public hidden-resource")},
		{list: org + "/users/counts", read: likeUser, states: map[string]string{"-": "private"}, only: true, but: fellows},
		{list: "portaladmin/security/users", read: likeUser, states: map[string]string{"-": "private"}, only: true, but: fellows},
	}
}

// TestSearchesAgreeWithReads holds lists, searches and counts against the routes that read one
// object: who may not read it does not find it, and who may does.
func TestSearchesAgreeWithReads(t *testing.T) {
	t.Parallel()
	tab := load(t)
	for _, g := range agreements() {
		for state, of := range g.states {
			found, shown := tab.want[place{g.list, state}], tab.want[place{g.read, of}]
			if found == nil || shown == nil {
				t.Errorf("no rows for %s in the state %q, or for %s in the state %q", g.list, state, g.read, of)
			}
			compared := 0
			for caller, f := range found {
				s, both := shown[caller]
				listed := succeeds(f.outcome)
				if !both || strings.Contains(g.but, caller) || !listed && f.outcome != "absent" {
					continue // who is refused the list learns nothing of it
				}
				compared++
				if listed != succeeds(s.outcome) && (listed || !g.only) {
					t.Errorf("%s, state %q, %s: line %d finds %q, line %d reads %q", g.list, state, caller, f.line, f.outcome, s.line, s.outcome)
				}
			}
			if compared == 0 {
				t.Errorf("%s, state %q: nobody is compared", g.list, state)
			}
		}
	}
}

// TestListsAgree demands an agreement for every route whose rows tell what is found from what
// is not.
func TestListsAgree(t *testing.T) {
	t.Parallel()
	tab := load(t)
	covered := map[string]bool{
		userContent: true, folderContent: true, // whose content is asked for is refused as a whole
		likeGroup + "/users": true, likeGroup + "/userList": true, // members of a group know each other
		org + "/resources": true, // no object of its own
		userContent + "/{folder}/items/{id}/resources": true, // the same as without a folder
	}
	for _, g := range agreements() {
		covered[g.list] = true
	}
	for p, want := range tab.want {
		for _, e := range want {
			if (e.outcome == "found" || e.outcome == "absent") && !covered[p.route] {
				t.Errorf("%s lists something that no agreement holds against a read", p.route)
				covered[p.route] = true
			}
		}
	}
}
