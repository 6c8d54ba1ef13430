package clone_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// refuser stands in front of a portal and refuses the requests whose path ends in one text and
// whose body holds another, until it is mended.
type refuser struct {
	path, body string
	mended     atomic.Bool
	refused    atomic.Int64
}

func (f *refuser) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.mended.Load() || !strings.HasSuffix(r.URL.Path, f.path) {
			next.ServeHTTP(w, r)
			return
		}
		b, err := io.ReadAll(r.Body)
		if err == nil && strings.Contains(string(b), f.body) {
			f.refused.Add(1)
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"error":{"code":400,"message":"refused by the test","details":[]}}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(b))
		next.ServeHTTP(w, r)
	})
}

type counts map[clone.Kind]int

// TestOneFailureHarmsNoOther refuses one write about one object. What needs the object is
// blocked, everything else arrives, and after the cause is mended the same command completes
// the copy.
func TestOneFailureHarmsNoOther(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, path, body string
		failed, blocked  counts
	}{
		{"role", "/createRole", "Cartographer", counts{clone.KindRole: 1}, counts{clone.KindUser: 1, clone.KindGroup: 1, clone.KindFolder: 1, clone.KindItem: 2, clone.KindShare: 2, clone.KindRelationship: 2}},
		{"privileges of the role", "/setPrivileges", "", counts{clone.KindRole: 1}, counts{clone.KindUser: 1, clone.KindGroup: 1, clone.KindFolder: 1, clone.KindItem: 2, clone.KindShare: 2, clone.KindRelationship: 2}},
		{"member", "/createUser", "grace_hopper", counts{clone.KindUser: 1}, counts{clone.KindGroup: 1, clone.KindItem: 4, clone.KindShare: 3, clone.KindRelationship: 3}},
		{"profile of a member", "/ada_lovelace/update", "", counts{clone.KindUser: 1}, counts{clone.KindGroup: 1, clone.KindFolder: 1, clone.KindItem: 2, clone.KindShare: 2, clone.KindRelationship: 2}},
		{"group", "/createGroup", "Field Crews", counts{clone.KindGroup: 1}, counts{clone.KindItem: 1, clone.KindShare: 3, clone.KindRelationship: 1}},
		{"owner of the group", "/reassign", "", counts{clone.KindGroup: 1}, counts{clone.KindItem: 1, clone.KindShare: 3, clone.KindRelationship: 1}},
		{"folder", "/createFolder", "", counts{clone.KindFolder: 1}, counts{clone.KindItem: 2, clone.KindShare: 2, clone.KindRelationship: 2}},
		{"item", "/addItem", "Engine Map", counts{clone.KindItem: 1}, counts{clone.KindItem: 1, clone.KindShare: 2, clone.KindRelationship: 2}},
		{"resource", "/addResources", "logo.png", counts{clone.KindItem: 1}, counts{clone.KindShare: 1, clone.KindRelationship: 1}},
		{"sharing", "/shareItems", "everyone=true", counts{clone.KindShare: 1}, counts{}},
		{"relationship", "/addRelationship", "Service2Data", counts{clone.KindRelationship: 1}, counts{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := &refuser{path: tc.path, body: tc.body}
			f.mended.Store(true) // the target is empty: only the source is filled
			p := emptyPair(t, portaltest.Wrap(f.wrap))
			p.makeMembers(t)
			p.makeGroups(t)
			p.makeItems(t)
			f.mended.Store(false)
			rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
			if f.refused.Load() == 0 {
				t.Fatal("nothing was refused")
			}
			expectCounts(t, rep, tc.failed, tc.blocked)
			f.mended.Store(true)
			again := must[*clone.Report](t)(p.run(t, t.Context(), nil))
			expectClean(t, again)
			expectCounts(t, again, nil, nil)
		})
	}
}

// expectCounts checks that exactly these objects failed and were blocked, and that each kind's
// figures add up.
func expectCounts(t *testing.T, rep *clone.Report, failed, blocked counts) {
	t.Helper()
	listed := map[clone.Kind]int{}
	for _, f := range rep.Failures {
		listed[f.Kind]++
		if f.Error == "" || f.Source == "" {
			t.Errorf("a failure says too little: %+v", f)
		}
	}
	for _, k := range []clone.Kind{clone.KindRole, clone.KindUser, clone.KindGroup, clone.KindFolder, clone.KindItem, clone.KindShare, clone.KindRelationship} {
		c := rep.Result.Of(k)
		if c.Failed != failed[k] || c.Blocked != blocked[k] || listed[k] != failed[k]+blocked[k] {
			t.Errorf("%s: %d failed, %d blocked, %d listed; want %d and %d", k, c.Failed, c.Blocked, listed[k], failed[k], blocked[k])
		}
		if sum := c.Created + c.Matched + c.Updated + c.Failed + c.Blocked; sum != c.Planned {
			t.Errorf("%s: %d of %d planned are accounted for: %+v", k, sum, c.Planned, *c)
		}
	}
	if t.Failed() {
		for _, f := range rep.Failures {
			t.Logf("%+v", f)
		}
	}
}
