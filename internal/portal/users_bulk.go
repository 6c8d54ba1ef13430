package portal

import (
	"context"
	"fmt"
)

// maxBulkUsers is how many members one call may name; clients send at most 100.
const maxBulkUsers = 100

// UserResult is the outcome of a bulk operation for one member.
type UserResult struct {
	Username string
	Err      error // an *[Error]; nil: done
}

// forUsers does one thing for each member in one transaction. A refusal concerns its member
// alone, so do must refuse before it writes; a caller without the privilege is refused as a
// whole, and an internal failure undoes all.
func (p *Portal) forUsers(ctx context.Context, c Caller, privilege string, usernames []string, do func(tx Tx, a *actor, username string) error) ([]UserResult, error) {
	var out []UserResult
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privilege); err != nil {
			return err
		}
		switch {
		case len(usernames) == 0:
			return ErrMissingParam("users")
		case len(usernames) > maxBulkUsers:
			return ErrBadParam("users", fmt.Sprintf("must name at most %d members", maxBulkUsers))
		}
		for _, name := range usernames {
			err := do(tx, a, name)
			if err != nil && !isRefusal(err) {
				return err
			}
			out = append(out, UserResult{name, err})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
