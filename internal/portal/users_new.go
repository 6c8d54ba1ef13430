package portal

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// newUser makes a member with what no caller chooses.
func newUser(now time.Time, username string) *User {
	return &User{
		Username:   username,
		ID:         esri.NewID(),
		Access:     InOrg,
		Provider:   "arcgis",
		Role:       RoleUser,
		Units:      "metric",
		FavGroupID: esri.GroupID(esri.NewID()),
		Created:    now,
		Modified:   now,
	}
}

// putNewUser stores a new member with the hidden group of the member's favorites.
func putNewUser(tx Tx, now time.Time, u *User) error {
	if err := tx.PutUser(u); err != nil {
		return err
	}
	g := newGroup(now, "Favorites of "+u.Username, u.Username)
	g.ID, g.Fav, g.InvitationOnly, g.ViewOnly = u.FavGroupID, true, true, true
	return putNewGroup(tx, now, g)
}
