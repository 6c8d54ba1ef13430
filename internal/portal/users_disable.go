package portal

import "context"

// SetUserDisabled takes a member's access away, with all tokens, or gives it back. Nobody
// disables himself or the last administrator.
func (p *Portal) SetUserDisabled(ctx context.Context, c Caller, username string, disabled bool) (string, error) {
	name := ""
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		name, err = p.setDisabled(tx, a, username, disabled)
		return err
	})
	return name, err
}

func (p *Portal) setDisabled(tx Tx, a *actor, username string, disabled bool) (string, error) {
	u, err := governedUser(tx, a, username, privDisableUsers)
	if err != nil {
		return "", err
	}
	if u.Disabled == disabled {
		return u.Username, nil
	}
	if disabled {
		if a.is(u.Username) {
			return "", ErrBadParam("username", "names the caller; nobody disables his own account")
		}
		if err := keepsAdministrator(tx, u); err != nil {
			return "", err
		}
		if err := tx.DeleteTokensOf(u.Username); err != nil {
			return "", err
		}
	}
	u.Disabled, u.Modified = disabled, p.clock.Now()
	return u.Username, tx.PutUser(u)
}

// DisableUsers is SetUserDisabled for many members; a refusal concerns its member alone.
func (p *Portal) DisableUsers(ctx context.Context, c Caller, usernames []string) ([]UserResult, error) {
	return p.forUsers(ctx, c, privDisableUsers, usernames, func(tx Tx, a *actor, name string) error {
		_, err := p.setDisabled(tx, a, name, true)
		return err
	})
}

// EnableUsers gives disabled members their access back.
func (p *Portal) EnableUsers(ctx context.Context, c Caller, usernames []string) ([]UserResult, error) {
	return p.forUsers(ctx, c, privDisableUsers, usernames, func(tx Tx, a *actor, name string) error {
		_, err := p.setDisabled(tx, a, name, false)
		return err
	})
}
