package portal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Directory is the enterprise identity store of an organization: people and groups that the
// organization keeps outside of the portal, such as an LDAP server. The portal only reads it.
//
// A filter is a text that the names must hold; an empty one holds for all.
type Directory interface {
	People(ctx context.Context, filter string, limit int) ([]Person, error)
	// Person answers [ErrAbsent] for a name that the directory does not know.
	Person(ctx context.Context, username string) (*Person, error)
	Groups(ctx context.Context, filter string, limit int) ([]string, error)
	// PeopleOf answers [ErrAbsent] for a group that the directory does not know.
	PeopleOf(ctx context.Context, group, filter string, limit int) ([]Person, error)
	GroupsOf(ctx context.Context, username, filter string, limit int) ([]string, error)
	// Verify reports whether password is that of the person. An unknown name is false.
	Verify(ctx context.Context, username string, password secret.Secret) (bool, error)
	// Settings are what administrators may read of the directory's configuration. They hold no
	// secret.
	Settings() map[string]string
}

// Person is an entry of the directory.
type Person struct {
	Username, FirstName, LastName, Email string
}

// maxPeople bounds one answer of the directory.
const maxPeople = 1000

// directoryFor returns the directory for a caller who may make members of its people.
func (p *Portal) directoryFor(ctx context.Context, c Caller, limit *int) (Directory, error) {
	if err := p.Administers(ctx, c, privInviteUsers); err != nil {
		return nil, err
	}
	if p.directory == nil {
		return nil, ErrNotSupported("An enterprise identity store")
	}
	if limit != nil {
		if *limit <= 0 {
			return nil, ErrBadParam("maxCount", "must be 1 or more")
		}
		*limit = min(*limit, maxPeople)
	}
	return p.directory, nil
}

// DirectoryPeople finds people of the directory. The caller needs the privilege to invite members.
func (p *Portal) DirectoryPeople(ctx context.Context, c Caller, filter string, limit int) ([]Person, error) {
	d, err := p.directoryFor(ctx, c, &limit)
	if err != nil {
		return nil, err
	}
	return answered(d.People(ctx, filter, limit))
}

// DirectoryPerson returns one person of the directory.
func (p *Portal) DirectoryPerson(ctx context.Context, c Caller, username string) (*Person, error) {
	d, err := p.directoryFor(ctx, c, nil)
	if err != nil {
		return nil, err
	}
	return answered(d.Person(ctx, username))
}

// DirectoryGroups finds groups of the directory.
func (p *Portal) DirectoryGroups(ctx context.Context, c Caller, filter string, limit int) ([]string, error) {
	d, err := p.directoryFor(ctx, c, &limit)
	if err != nil {
		return nil, err
	}
	return answered(d.Groups(ctx, filter, limit))
}

// DirectoryPeopleOf returns people of one group of the directory.
func (p *Portal) DirectoryPeopleOf(ctx context.Context, c Caller, group, filter string, limit int) ([]Person, error) {
	d, err := p.directoryFor(ctx, c, &limit)
	if err != nil {
		return nil, err
	}
	return answered(d.PeopleOf(ctx, group, filter, limit))
}

// DirectoryGroupsOf returns the groups of one person of the directory.
func (p *Portal) DirectoryGroupsOf(ctx context.Context, c Caller, username, filter string, limit int) ([]string, error) {
	d, err := p.directoryFor(ctx, c, &limit)
	if err != nil {
		return nil, err
	}
	return answered(d.GroupsOf(ctx, username, filter, limit))
}

// answered puts the directory's failures into the portal's terms.
func answered[T any](v T, err error) (T, error) {
	if errors.Is(err, ErrAbsent) {
		err = &Error{Code: 400, Message: "The enterprise identity store does not know this name."}
	}
	return v, err
}

// DirectorySettings are what administrators may read of the directory; nil without one.
func (p *Portal) DirectorySettings() map[string]string {
	if p.directory == nil {
		return nil
	}
	return p.directory.Settings()
}

// verifiedByDirectory returns the member where the directory knows the password. It is asked for
// names that the portal does not know as well, so that the time of the answer does not tell which
// those are.
func (p *Portal) verifiedByDirectory(ctx context.Context, u *User, typed string, password secret.Secret) (*User, error) {
	name := u.IDPUsername
	if u.Username == "" {
		name = typed
	}
	ok, err := p.directory.Verify(ctx, name, password)
	if err != nil {
		return nil, fmt.Errorf("ask the directory for a password: %w", err)
	}
	if !ok || u.Username == "" || u.Disabled || u.System {
		return nil, ErrBadSignIn
	}
	return u, nil
}

// vainTime bounds a question whose answer does not count: members with a password of the portal
// sign in while the directory is down.
const vainTime = time.Second

// askInVain takes the time that the directory takes for a name, so that the time of an answer
// does not tell the portal's own accounts from unknown ones. The directory learns nothing.
func (p *Portal) askInVain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, vainTime)
	defer cancel()
	if _, err := p.directory.Verify(ctx, secret.Hex(8), secret.New(12)); err != nil {
		p.log.WarnContext(ctx, "the directory does not answer", "op", "directory", "err", err)
	}
}

// AccountKey is one form for all spellings that name the same account: those of other case, and
// DOMAIN\name beside name@DOMAIN. What counts by account counts by it. It folds as stores do,
// for which also letters such as ſ and ı are no others than s and i.
func AccountKey(username string) string {
	return strings.ToLower(strings.ToUpper(accountName(username)))
}

// accountName is how the portal calls an account that its directory calls DOMAIN\name.
func accountName(username string) string {
	if domain, name, ok := strings.Cut(username, `\`); ok {
		return name + "@" + domain
	}
	return username
}
