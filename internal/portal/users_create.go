package portal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// maxNewUsers bounds the hashing that one call asks for.
const maxNewUsers = 1000

// NewUser is an account to be created.
type NewUser struct {
	Username                             string
	Password                             secret.Secret
	FirstName, LastName, FullName, Email string
	Description                          string
	Role                                 esri.RoleID    // empty: org_user
	UserType                             string         // empty: the first of the portal
	Provider                             string         // arcgis (also when empty) or enterprise
	IDPUsername                          string         // of an enterprise account
	Groups                               []esri.GroupID // to be a member of
	Licenses                             []NewLicense
	Bundles                              []esri.ItemID  // app bundles, by item
	Invited                              bool           // without a password the account waits for its owner
	NoDefaults                           bool           // what new members get is left aside
	defaultGroups                        []esri.GroupID // that new members get
	categories                           []string       // likewise
	defaultLicenses                      []NewLicense   // likewise
	defaultBundles                       []esri.ItemID  // likewise
}

// CreateUser creates one account. The caller needs the privilege to invite members, and every
// privilege of the role that the account gets.
func (p *Portal) CreateUser(ctx context.Context, c Caller, n NewUser) error {
	taken, err := p.CreateUsers(ctx, c, []NewUser{n})
	if err == nil && len(taken) > 0 {
		err = errTaken(taken[0])
	}
	return err
}

func errTaken(username string) *Error {
	return &Error{Code: 400, Message: "The username '" + username + "' is already in use.", Details: []string{"Usernames differ by more than case."}}
}

// CreateUsers creates accounts, all or none, but for those whose name is taken: these are
// returned. A broken rule names its account.
func (p *Portal) CreateUsers(ctx context.Context, c Caller, list []NewUser) (taken []string, err error) {
	batch := &newUsers{list: list}
	if err := p.createUsers(ctx, c, batch); err != nil {
		return nil, err
	}
	return batch.refused, nil
}

// newUsers are accounts that one call makes, and what became of them.
type newUsers struct {
	list        []NewUser
	skipFull    bool // an account without a free seat is refused alone, not the call
	refused     []string
	invitations []*Invitation
}

func (p *Portal) createUsers(ctx context.Context, c Caller, batch *newUsers) error {
	if err := p.mayCreate(ctx, c, batch.list); err != nil {
		return err
	}
	hashes, err := p.hashAll(ctx, batch.list)
	if err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		now := p.clock.Now()
		for i, n := range batch.list {
			if err := mayCreateUser(tx, a, &n); err != nil {
				return err
			}
			if err := n.mayLicense(tx, a, now); err != nil {
				return err
			}
			if err := batch.create(tx, a, n, hashes[i], now); err != nil {
				return err
			}
		}
		return nil
	})
}

// create makes one account of the batch, or notes that it is refused.
func (b *newUsers) create(tx Tx, a *actor, n NewUser, hash string, now time.Time) error {
	if _, err := tx.User(n.Username); err == nil {
		b.refused = append(b.refused, n.Username)
		return nil
	} else if !isAbsent(err) {
		return err
	}
	if err := takesSeat(tx, &n, now); err != nil {
		if _, ours := err.(*Error); ours && b.skipFull {
			b.refused = append(b.refused, n.Username)
			return nil
		}
		return named(n.Username, err)
	}
	if err := addUser(tx, n, hash, now); err != nil {
		return named(n.Username, err)
	}
	if !n.waits() {
		return nil
	}
	inv := &Invitation{
		Username: n.Username, Email: n.Email, Role: n.Role, UserType: n.UserType, Inviter: a.name(),
		Created: now, Expires: now.Add(invitationLife),
	}
	b.invitations = append(b.invitations, inv)
	return inv.put(tx)
}

// waits reports whether the account is one whose owner is to choose the password.
func (n *NewUser) waits() bool { return n.Invited && n.Password == "" && n.Provider == "arcgis" }

// mayCreate checks accounts and the caller's right to make them, before any hashing. It brings
// the accounts into the form in which they are stored.
func (p *Portal) mayCreate(ctx context.Context, c Caller, list []NewUser) error {
	return p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privInviteUsers); err != nil {
			return err
		}
		if len(list) > maxNewUsers {
			return &Error{Code: 400, Message: fmt.Sprintf("One call creates at most %d accounts.", maxNewUsers)}
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		defaults, err := org.memberDefaults()
		if err != nil {
			return err
		}
		for i := range list {
			if err := list[i].takeDefaults(tx, defaults); err != nil {
				return err
			}
			if err := list[i].normalize(); err != nil {
				return named(list[i].Username, err)
			}
			if err := mayCreateUser(tx, a, &list[i]); err != nil {
				return named(list[i].Username, err)
			}
			if err := list[i].mayLicense(tx, a, p.clock.Now()); err != nil {
				return named(list[i].Username, err)
			}
		}
		return nil
	})
}

// named adds to a refusal which account it is about.
func named(username string, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	c := *e
	c.Details = append(append([]string{}, e.Details...), "Concerns the account '"+username+"'.")
	return &c
}

// mayCreateUser returns nil where the caller may make the account with its role and groups.
func mayCreateUser(tx Tx, a *actor, n *NewUser) error {
	if err := a.needs(privInviteUsers); err != nil {
		return err
	}
	if err := a.grants(tx, n.Role); err != nil {
		return err
	}
	if err := n.typed(tx); err != nil {
		return err
	}
	for _, id := range n.Groups {
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.mayAssign(g); err != nil {
			return err
		}
	}
	return nil
}

// typed settles the account's user type, which must allow its role.
func (n *NewUser) typed(tx Tx) error {
	t, err := namedUserType(tx, "userLicenseTypeId", n.UserType)
	if err != nil {
		return err
	}
	n.UserType = t.ID
	return t.allowsRole(tx, n.Role)
}

// takesSeat returns nil where a seat is free for the account.
func takesSeat(tx Tx, n *NewUser, now time.Time) error {
	t, err := namedUserType(tx, "userLicenseTypeId", n.UserType)
	if err != nil {
		return err
	}
	return t.free(tx, now)
}

// normalize fills in defaults and holds the account against the rules.
func (n *NewUser) normalize() error {
	n.Username = strings.TrimSpace(n.Username)
	if n.Provider == "" {
		n.Provider = "arcgis"
	}
	if n.Role == "" {
		n.Role = RoleUser
	}
	switch n.Provider {
	case "arcgis":
		if n.Password == "" && !n.Invited {
			return ErrMissingParam("password")
		}
		if n.IDPUsername != "" {
			return ErrBadParam("idpUsername", "is for accounts with provider=enterprise")
		}
	case "enterprise":
		if n.Password != "" {
			return ErrBadParam("password", "is not kept for accounts with provider=enterprise")
		}
		if n.IDPUsername == "" {
			n.IDPUsername = n.Username
		}
		n.Username = accountName(n.Username)
	default:
		return ErrBadParam("provider", "must be arcgis or enterprise")
	}
	if err := checkUsername("username", n.Username); err != nil {
		return err
	}
	if IsSystemAccount(n.Username) {
		return ErrBadParam("username", "is the name of a system account")
	}
	if n.Provider == "arcgis" && !n.waits() {
		if err := checkPassword("password", n.Username, n.Password); err != nil {
			return err
		}
	}
	return n.profile().check()
}

// profile is the part of a new account that members may change later.
func (n *NewUser) profile() *UserUpdate {
	up := &UserUpdate{Email: &n.Email, Description: &n.Description}
	if n.FirstName != "" || n.LastName != "" {
		up.FirstName, up.LastName = &n.FirstName, &n.LastName
	}
	if n.FullName != "" {
		up.FullName = &n.FullName
	}
	return up
}

// hashAll hashes the passwords of all accounts; one without a password gets no hash.
func (p *Portal) hashAll(ctx context.Context, list []NewUser) ([]string, error) {
	hashes := make([]string, len(list))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8) // the hasher bounds the work, this bounds what waits for it
	for i, n := range list {
		if n.Password == "" {
			continue
		}
		g.Go(func() (err error) {
			hashes[i], err = p.hasher.Hash(ctx, n.Password)
			return err
		})
	}
	return hashes, g.Wait()
}

// addUser stores a new account, makes it a member of its groups and gives it its licenses.
func addUser(tx Tx, n NewUser, hash string, now time.Time) error {
	u := newUser(now, n.Username)
	n.profile().apply(u)
	u.Role, u.UserType, u.Provider, u.IDPUsername = n.Role, n.UserType, n.Provider, n.IDPUsername
	u.Categories = n.categories
	if hash != "" {
		u.Password = Password{Hash: hash, Changed: now}
	}
	if u.FullName == "" {
		u.FullName = u.Username
	}
	if err := putNewUser(tx, now, u); err != nil {
		return err
	}
	for _, id := range slices.Concat(n.Groups, n.defaultGroups) {
		err := tx.PutMembership(Membership{Group: id, Username: u.Username, Type: MemberPlain, Joined: now})
		if err != nil && !(isAbsent(err) && slices.Contains(n.defaultGroups, id)) {
			return err
		}
	}
	n.Licenses, n.Bundles = slices.Concat(n.Licenses, n.defaultLicenses), slices.Concat(n.Bundles, n.defaultBundles)
	return n.license(tx, u, now)
}

// CheckUsernames answers for each name a free one: the name itself, or the name with the
// lowest number behind it that is free.
func (p *Portal) CheckUsernames(ctx context.Context, c Caller, names []string) ([]string, error) {
	out := make([]string, len(names))
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privInviteUsers); err != nil {
			return err
		}
		if len(names) > maxBulkUsers {
			return ErrBadParam("usernames", "must hold at most 100 names")
		}
		for i, name := range names {
			if out[i], err = freeUsername(tx, name); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}
