package portal_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func TestGroupsPerMember(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	for _, name := range []string{"ada", "bob"} {
		r.newMember(t, name)
	}
	err := r.store.Update(t.Context(), func(tx portal.Tx) error {
		for i := range 511 {
			g := &portal.Group{ID: esri.GroupID(esri.NewID()), Title: fmt.Sprintf("Group %d", i), Owner: "ada", Access: portal.Private}
			if err := tx.PutGroup(g); err != nil {
				return err
			}
			if err := tx.PutMembership(portal.Membership{Group: g.ID, Username: "ada", Type: portal.MemberOwner}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ada, bob := portal.Caller{Username: "ada"}, portal.Caller{Username: "bob"}
	if _, err := r.CreateGroup(t.Context(), ada, portal.GroupUpdate{Title: new("The 512th")}); err != nil {
		t.Fatal(err)
	}
	tooMany := func(what string, err error) {
		t.Helper()
		var public *portal.Error
		if !errors.As(err, &public) || !strings.Contains(public.Message, "at most 512 groups") {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = r.CreateGroup(t.Context(), ada, portal.GroupUpdate{Title: new("The 513th")})
	tooMany("create", err)
	g, err := r.CreateGroup(t.Context(), bob, portal.GroupUpdate{Title: new("Bob's"), Access: new(portal.InOrg), AutoJoin: new(true)})
	if err != nil {
		t.Fatal(err)
	}
	tooMany("join", r.JoinGroup(t.Context(), ada, g.ID))
	tooMany("reassign", r.ReassignGroup(t.Context(), bob, g.ID, "ada"))
	if refused, err := r.AddToGroup(t.Context(), bob, g.ID, []string{"ada"}, nil); err != nil || !slices.Equal(refused, []string{"ada"}) {
		t.Errorf("add: %v, %v", refused, err)
	}
	v, err := r.Self(t.Context(), ada)
	if err != nil || len(v.Groups) != 512 {
		t.Errorf("ada is in %d groups, %v", len(v.Groups), err)
	}
}
