package clone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// makeUser creates an account with a random password that must be changed at the first sign-in,
// and brings its profile in line. One that the step updates keeps its password; one that it
// replaces gives way first.
func (a *applier) makeUser(ctx context.Context, s Step) error {
	name := a.accountName(s)
	if isSystem(name) {
		return fmt.Errorf("%s is an account of the portal itself, which is never made or changed", name)
	}
	role, err := a.targetRole(ctx, esri.RoleID(s.Role))
	if err != nil {
		return err
	}
	src, err := a.src.Users.Get(ctx, s.Source)
	if err != nil {
		return gone(err, "read the account")
	}
	userType, err := a.userType(ctx, cmp.Or(s.UserType, src.UserLicenseTypeID))
	if err != nil {
		return err
	}
	want := &account{src: src, role: role, userType: userType, fresh: s.Action != Update}
	user, err := a.findUser(ctx, s, name, want)
	if err != nil {
		return err
	}
	changed, err := a.dressUser(ctx, user, want)
	if err != nil {
		return err
	}
	a.users.set(s.Source, user.Username)
	return a.finished(s, Entry{Kind: KindUser, Source: s.Source, Target: user.Username, Action: s.Action}, changed)
}

// account is what an account of the target is to become.
type account struct {
	src      *gis.User
	role     esri.RoleID // empty: as it is
	userType string
	fresh    bool // made by this run or an earlier one, not by somebody on the target
}

// accountName is the name that the copy of a member has on the target.
func (a *applier) accountName(s Step) string {
	return cmp.Or(s.Rename, s.Target, a.plan.Header.Users[s.Source], s.Source)
}

// findUser returns the account that is or becomes the copy.
func (a *applier) findUser(ctx context.Context, s Step, name string, want *account) (*gis.User, error) {
	if s.Action == Update {
		if there, known := a.j.wasThere(name); (there || !known) && want.src.EffectiveRole() != esri.RoleID(s.Role) {
			want.role = "" // the plan lowers a role that is made, and takes none away from who was there
		}
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindUser, Source: s.Source, Target: name, Action: Update}); err != nil {
			return nil, err
		}
		return a.dst.Users.Get(ctx, name)
	}
	if s.Action == Replace {
		if err := a.clearUser(ctx, s, name); err != nil {
			return nil, err
		}
	}
	user, err := a.dst.Users.Get(ctx, name)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindUser, Source: s.Source, Target: name, Action: s.Action}); err != nil {
			return nil, err
		}
		return a.createUser(ctx, name, want)
	case err == nil && !a.ours(s.Source, name):
		return nil, errors.New("an account of this name appeared on the target since the plan was made; plan again with --restart")
	}
	return user, err
}

// ours reports whether an account that is there was made by this run or an earlier one, which
// was cut off before the account was complete. Nobody else's is ever changed.
func (a *applier) ours(source, name string) bool {
	there, known := a.j.wasThere(name)
	e, begun := a.j.begun(KindUser, source)
	return begun && (e.Cleared || (e.Target != "" && known && !there))
}

func (a *applier) createUser(ctx context.Context, name string, want *account) (*gis.User, error) {
	src := want.src
	spec := gis.UserSpec{
		Username: name, FirstName: src.FirstName, LastName: src.LastName, Email: src.Email, Description: src.Description,
		Role: want.role, UserType: want.userType, Provider: src.Provider, IDPUsername: src.IDPUsername,
	}
	if spec.FirstName == "" && spec.LastName == "" {
		spec.FirstName, spec.LastName, _ = strings.Cut(src.FullName, " ")
	}
	if src.Provider != "enterprise" {
		password, err := a.password(name)
		if err != nil {
			return nil, err
		}
		spec.Password = password.Reveal()
	}
	user, err := a.dst.Users.Create(ctx, spec)
	if err != nil && gis.Ambiguous(err) {
		if got, gerr := a.dst.Users.Get(ctx, name); gerr == nil {
			return got, nil
		}
	}
	return user, err
}

// password returns the first password of an account: one that nobody knows, or the one that the
// password file holds when it returns.
func (a *applier) password(name string) (secret.Secret, error) {
	if a.passwords != nil {
		return a.passwords.next(name)
	}
	return newPassword(), nil
}

// newPassword draws a password that satisfies the rule of letters and digits.
func newPassword() secret.Secret { return "r1" + secret.New(24) }

// userType maps a user type by its id, else by its name. One that the target does not give out
// is an error that tells the way out.
func (a *applier) userType(ctx context.Context, want string) (string, error) {
	if want == "" {
		return "", nil
	}
	a.types.mu.Lock()
	defer a.types.mu.Unlock()
	if err := a.types.read(ctx, a.src, a.dst); err != nil {
		return "", err
	}
	if len(a.types.target) == 0 || a.types.target[want] != "" {
		return want, nil // portals of one product use the same ids
	}
	var names []string
	for id, name := range a.types.target {
		if strings.EqualFold(name, a.types.source[want]) {
			return id, nil
		}
		names = append(names, id)
	}
	return "", fmt.Errorf("its user type %s is not among those of the target: %s; give the step another userType in the plan", describeType(want, a.types.source[want]), strings.ReplaceAll(set(names), "\n", ", "))
}

func describeType(id, name string) string {
	if name == "" || name == id {
		return id
	}
	return fmt.Sprintf("%s (%s)", id, name)
}
