package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
)

// UpdateUserRole gives a member another role.
//
// It takes the privilege to change roles; only administrators make or unmake administrators,
// nobody gives privileges that he lacks, and the last administrator stays one.
func (p *Portal) UpdateUserRole(ctx context.Context, c Caller, username string, role esri.RoleID) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := governedUser(tx, a, username, privChangeUserRoles)
		if err != nil {
			return err
		}
		if err := a.grants(tx, role); err != nil {
			return err
		}
		if role != RoleAdmin {
			if err := keepsAdministrator(tx, u); err != nil {
				return err
			}
		}
		if err := roleFits(tx, u, role); err != nil {
			return named(u.Username, err)
		}
		u.Role, u.Modified = role, p.clock.Now()
		return tx.PutUser(u)
	})
}
