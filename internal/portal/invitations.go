package portal

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// invitationLife is how long an invitation to an account that waits is good.
const invitationLife = 14 * 24 * time.Hour

// Invitation lets a person into the organization once: into the account that waits for him, or
// into one whose name he chooses. The portal keeps only a hash of the key.
type Invitation struct {
	ID               string        // G and 32 hex digits
	Key              secret.Secret // known only when the invitation is made
	Username         string        // empty: the person chooses it
	Email            string
	Role             esri.RoleID
	UserType         string
	Inviter          string
	MustApprove      bool // the account begins disabled, until an administrator enables it
	Created, Expires time.Time
}

// invitationData is what a stored invitation holds beside what every token does.
type invitationData struct {
	Email       string      `json:"email,omitempty"`
	Role        esri.RoleID `json:"role"`
	UserType    string      `json:"userType,omitempty"`
	Inviter     string      `json:"inviter"`
	MustApprove bool        `json:"mustApprove,omitempty"`
}

// put draws a key and stores the invitation under its hash.
func (v *Invitation) put(tx Tx) error {
	v.Key = secret.New(32)
	hash := hashOf(v.Key)
	v.ID = invitationID(hash)
	data, err := json.Marshal(invitationData{v.Email, v.Role, v.UserType, v.Inviter, v.MustApprove})
	if err != nil {
		return err
	}
	return tx.PutToken(&Token{Hash: hash, Kind: Invite, Username: v.Username, Data: string(data), Created: v.Created, Expires: v.Expires})
}

// invitationID is the name of an invitation, from which its key does not follow.
func invitationID(hash string) string { return "G" + hash[:32] }

func invitationOf(t *Token) (*Invitation, error) {
	var d invitationData
	if err := json.Unmarshal([]byte(t.Data), &d); err != nil {
		return nil, err
	}
	return &Invitation{
		ID: invitationID(t.Hash), Username: t.Username, Email: d.Email, Role: d.Role, UserType: d.UserType,
		Inviter: d.Inviter, MustApprove: d.MustApprove, Created: t.Created, Expires: t.Expires,
	}, nil
}

func errNoInvitation() *Error {
	return &Error{Code: 400, Message: "Invitation does not exist or is inaccessible.",
		Details: []string{"It may have been accepted, withdrawn or replaced by a password, or have expired. Ask who invited you for another."}}
}

// InviteUsers creates accounts as [Portal.CreateUsers] does, but for two things: one without a
// password waits for its owner, who opens it by the invitation that is returned, and one without
// a free seat of its user type is refused like one whose name is taken, the others are made.
func (p *Portal) InviteUsers(ctx context.Context, c Caller, list []NewUser) (refused []string, invitations []*Invitation, err error) {
	for i := range list {
		list[i].Invited = true
	}
	batch := &newUsers{list: list, skipFull: true}
	if err := p.createUsers(ctx, c, batch); err != nil {
		return nil, nil, err
	}
	return batch.refused, batch.invitations, nil
}

// EmailInvites are invitations of people who choose their own user names.
type EmailInvites struct {
	Emails      []string
	Role        esri.RoleID // empty: that of new members
	UserType    string      // empty: that of new members
	MustApprove bool
	Life        time.Duration // 0: two weeks
}

// InviteByEmail invites people who are known by e-mail address. No account is made and no seat
// taken before they accept.
func (p *Portal) InviteByEmail(ctx context.Context, c Caller, e EmailInvites) (out []*Invitation, err error) {
	if len(e.Emails) == 0 {
		return nil, ErrMissingParam("emails")
	}
	if len(e.Emails) > maxNewUsers {
		return nil, ErrBadParam("emails", "must hold at most 1000 addresses")
	}
	life := e.Life
	if life == 0 {
		life = invitationLife
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privInviteUsers); err != nil {
			return err
		}
		now := p.clock.Now()
		for _, email := range e.Emails {
			n, err := invitedByEmail(tx, email, e)
			if err != nil {
				return err
			}
			if err := mayCreateUser(tx, a, n); err != nil {
				return err
			}
			inv := &Invitation{
				Email: email, Role: n.Role, UserType: n.UserType, Inviter: a.name(), MustApprove: e.MustApprove,
				Created: now, Expires: now.Add(life),
			}
			if err := inv.put(tx); err != nil {
				return err
			}
			out = append(out, inv)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// invitedByEmail is the account that an address would get.
func invitedByEmail(tx Tx, email string, e EmailInvites) (*NewUser, error) {
	n := &NewUser{Email: email, Role: e.Role, UserType: e.UserType}
	if email == "" {
		return nil, ErrBadParam("emails", "must not hold an empty address")
	}
	if err := n.profile().check(); err != nil {
		return nil, ErrBadParam("emails", "holds '"+email+"', which is no e-mail address")
	}
	d, err := defaultsIn(tx)
	if err != nil {
		return nil, err
	}
	if err := n.takeDefaults(tx, d); err != nil {
		return nil, err
	}
	if n.Role == "" {
		n.Role = RoleUser
	}
	return n, nil
}

func defaultsIn(tx Tx) (MemberDefaults, error) {
	org, err := tx.Org()
	if err != nil {
		return MemberDefaults{}, err
	}
	return org.memberDefaults()
}

// Invitations lists the invitations that are open, by creation, for who invites members.
func (p *Portal) Invitations(ctx context.Context, c Caller, page Page) (list []*Invitation, total int, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		list, total, err = p.invitationsIn(tx, c, "", page)
		return err
	})
	return list, total, err
}

// Invitation reads one open invitation, for who invites members.
func (p *Portal) Invitation(ctx context.Context, c Caller, id string) (inv *Invitation, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		t, err := p.invitationToken(tx, c, id)
		if err == nil {
			inv, err = invitationOf(t)
		}
		return err
	})
	return inv, err
}

// DeleteInvitation withdraws an invitation. An account that waits stays, for an administrator to
// set its password or to delete it.
func (p *Portal) DeleteInvitation(ctx context.Context, c Caller, id string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		t, err := p.invitationToken(tx, c, id)
		if err != nil {
			return err
		}
		return tx.DeleteToken(t.Hash)
	})
}

func (p *Portal) invitationsIn(tx Tx, c Caller, hash string, page Page) ([]*Invitation, int, error) {
	tokens, total, err := p.inviteTokens(tx, c, hash, page)
	if err != nil {
		return nil, 0, err
	}
	out := make([]*Invitation, len(tokens))
	for i, t := range tokens {
		if out[i], err = invitationOf(t); err != nil {
			return nil, 0, err
		}
	}
	return out, total, nil
}

func (p *Portal) inviteTokens(tx Tx, c Caller, hash string, page Page) ([]*Token, int, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, 0, err
	}
	if err := a.needs(privInviteUsers); err != nil {
		return nil, 0, err
	}
	return tx.FindTokens(TokenQuery{Kind: Invite, After: p.clock.Now(), Hash: hash, Page: page})
}

func (p *Portal) invitationToken(tx Tx, c Caller, id string) (*Token, error) {
	hash := ""
	if len(id) == 33 && (id[0] == 'G' || id[0] == 'g') && esri.IsID(id[1:]) {
		hash = id[1:]
	}
	list, _, err := p.inviteTokens(tx, c, hash, Page{Start: 1, Num: 1})
	switch {
	case err != nil:
		return nil, err
	case hash == "" || len(list) == 0:
		return nil, errNoInvitation()
	}
	return list[0], nil
}
