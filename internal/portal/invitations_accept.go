package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Acceptance is what a person who was invited decides. The names are for those who were invited
// by e-mail; an account that waits has its own.
type Acceptance struct {
	Username, FirstName, LastName string
	Password                      secret.Secret
}

// OpenInvitation reads an invitation by its key, which is all the right that it takes.
func (p *Portal) OpenInvitation(ctx context.Context, key secret.Secret) (inv *Invitation, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		inv, err = p.openInvitation(tx, key)
		return err
	})
	return inv, err
}

func (p *Portal) openInvitation(tx Tx, key secret.Secret) (*Invitation, error) {
	t, err := tx.Token(hashOf(key))
	switch {
	case err != nil:
		return nil, absentAs(err, errNoInvitation())
	case t.Kind != Invite || !p.clock.Now().Before(t.Expires):
		return nil, errNoInvitation()
	}
	return invitationOf(t)
}

// AcceptInvitation opens an account by the key of its invitation, once, and returns its name.
func (p *Portal) AcceptInvitation(ctx context.Context, key secret.Secret, yes Acceptance) (username string, err error) {
	inv, n, err := p.acceptable(ctx, key, yes)
	if err != nil {
		return "", err
	}
	hash, err := p.hasher.Hash(ctx, n.Password)
	if err != nil {
		return "", err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		if _, err := p.openInvitation(tx, key); err != nil {
			return err
		}
		if err := tx.DeleteToken(hashOf(key)); err != nil {
			return err
		}
		if inv.Username != "" {
			return p.openAccount(tx, inv.Username, hash)
		}
		return p.admit(tx, inv, *n, hash)
	})
	return n.Username, err
}

// acceptable checks an acceptance before any hashing.
func (p *Portal) acceptable(ctx context.Context, key secret.Secret, yes Acceptance) (inv *Invitation, n *NewUser, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		if inv, err = p.openInvitation(tx, key); err != nil {
			return err
		}
		n = &NewUser{
			Username: yes.Username, FirstName: yes.FirstName, LastName: yes.LastName, Password: yes.Password,
			Email: inv.Email, Role: inv.Role, UserType: inv.UserType,
		}
		if inv.Username != "" {
			n.Username = inv.Username
			if yes.Password == "" {
				return ErrMissingParam("password")
			}
			return checkPassword("password", n.Username, yes.Password)
		}
		if n.Username == "" {
			return ErrMissingParam("username")
		}
		d, err := defaultsIn(tx)
		if err != nil {
			return err
		}
		if err := n.takeDefaults(tx, d); err != nil {
			return err
		}
		if err := n.normalize(); err != nil {
			return err
		}
		return n.typed(tx)
	})
	return inv, n, err
}

// openAccount gives an account that waits its first password.
func (p *Portal) openAccount(tx Tx, username, hash string) error {
	u, err := tx.User(username)
	if err != nil {
		return absentAs(err, errNoInvitation())
	}
	if u.Password.Hash != "" || u.Disabled {
		return errNoInvitation()
	}
	now := p.clock.Now()
	u.Password, u.Modified = Password{Hash: hash, Changed: now}, now
	return tx.PutUser(u)
}

// admit makes the account of a person who was invited by e-mail.
func (p *Portal) admit(tx Tx, inv *Invitation, n NewUser, hash string) error {
	if _, err := tx.User(n.Username); err == nil {
		return errTaken(n.Username)
	} else if !isAbsent(err) {
		return err
	}
	now := p.clock.Now()
	if err := n.typed(tx); err != nil {
		return err
	}
	if err := takesSeat(tx, &n, now); err != nil {
		return err
	}
	if err := addUser(tx, n, hash, now); err != nil || !inv.MustApprove {
		return err
	}
	u, err := tx.User(n.Username)
	if err != nil {
		return err
	}
	u.Disabled = true
	return tx.PutUser(u)
}

// DeclineInvitation ends an invitation by its key. An account that waited stays, for
// administrators to decide about.
func (p *Portal) DeclineInvitation(ctx context.Context, key secret.Secret) error {
	return p.store.Update(ctx, func(tx Tx) error {
		if _, err := p.openInvitation(tx, key); err != nil {
			return err
		}
		return tx.DeleteToken(hashOf(key))
	})
}
