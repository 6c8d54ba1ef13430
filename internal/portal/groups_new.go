package portal

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// newGroup makes a private group with what no caller chooses.
func newGroup(now time.Time, title, owner string) *Group {
	return &Group{
		ID:        esri.GroupID(esri.NewID()),
		Title:     title,
		Owner:     owner,
		Access:    Private,
		SortField: "title",
		SortOrder: "asc",
		Created:   now,
		Modified:  now,
	}
}

// putNewGroup stores a new group and its owner's membership.
func putNewGroup(tx Tx, now time.Time, g *Group) error {
	if err := tx.PutGroup(g); err != nil {
		return err
	}
	return tx.PutMembership(Membership{Group: g.ID, Username: g.Owner, Type: MemberOwner, Joined: now})
}
