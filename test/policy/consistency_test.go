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

// TestSearchesAgreeWithReads holds the searches against the routes that read one object: who
// may not read it does not find it, and who may does.
func TestSearchesAgreeWithReads(t *testing.T) {
	t.Parallel()
	tab := load(t)
	for search, read := range map[string]string{
		rest + "search": likeItem, rest + "community/groups": likeGroup, rest + "community/users": likeUser,
	} {
		compared := 0
		for _, state := range []string{"private", "shared", "team", "org", "public"} {
			found, shown := tab.want[place{search, state}], tab.want[place{read, state}]
			if found == nil || shown == nil {
				continue
			}
			for caller, f := range found {
				s, both := shown[caller]
				if !both || caller == "anonymous" && f.outcome == "499" {
					continue
				}
				compared++
				if (f.outcome != "absent") != succeeds(s.outcome) {
					t.Errorf("%s, state %q, %s: line %d finds %q, line %d reads %q", search, state, caller, f.line, f.outcome, s.line, s.outcome)
				}
			}
		}
		if compared < len(castNames) {
			t.Errorf("%s: only %d callers compared", search, compared)
		}
	}
}
