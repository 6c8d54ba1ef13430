package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// UserUpdate names what to change about a member; nil leaves a property as it is.
type UserUpdate struct {
	FirstName, LastName, FullName  *string
	Email, Description             *string
	Culture, CultureFormat, Region *string
	Units, PreferredView           *string
	IDPUsername                    *string
	Access                         *Access
	Tags, Categories               *[]string
	Thumbnail                      *File
	Password                       *secret.Secret // a temporary one, to be changed at the next sign-in
}

// UpdateUser changes a member's profile: the member itself, or who may update all members.
//
// A password set here is temporary and revokes the member's tokens; nobody sets his own this
// way, and only who may do all that the member may sets that of another.
func (p *Portal) UpdateUser(ctx context.Context, c Caller, username string, up UserUpdate) (string, error) {
	if err := up.check(); err != nil {
		return "", err
	}
	var err error
	if up.Thumbnail, err = p.checkedThumbnail(ctx, up.Thumbnail); err != nil {
		return "", err
	}
	hash := ""
	if up.Password != nil {
		if err := p.mayResetPassword(ctx, c, username); err != nil {
			return "", err
		}
		if hash, err = p.hashed(ctx, "password", username, *up.Password); err != nil {
			return "", err
		}
	}
	name := ""
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := editableUser(tx, a, username)
		if err != nil {
			return err
		}
		name = u.Username
		if err := keepFile(tx, up.Thumbnail); err != nil {
			return err
		}
		if up.IDPUsername != nil && *up.IDPUsername != u.IDPUsername {
			if err := a.needs(privUpdateUsers); err != nil {
				return err
			}
		}
		up.apply(u)
		u.Modified = p.clock.Now()
		if hash == "" {
			return tx.PutUser(u)
		}
		if err := resetsPassword(tx, a, u); err != nil {
			return err
		}
		return p.putPassword(tx, u, hash, true)
	})
	return name, err
}

// editableUser reads a member whose profile the caller may change.
func editableUser(tx Tx, a *actor, username string) (*User, error) {
	if a.anonymous() {
		return nil, ErrTokenRequired()
	}
	if !a.is(username) {
		return governedUser(tx, a, username, privUpdateUsers)
	}
	return tx.User(username)
}

// hashed checks a new password and hashes it.
func (p *Portal) hashed(ctx context.Context, param, username string, password secret.Secret) (string, error) {
	if err := checkPassword(param, username, password); err != nil {
		return "", err
	}
	hash, err := p.hasher.Hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

var (
	culturePattern = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$`)
	regionPattern  = regexp.MustCompile(`^[A-Za-z]{2,3}$`)
)

// check holds the new values against the rules of Esri's page "Update User".
func (up *UserUpdate) check() error {
	for _, t := range []struct {
		param string
		value *string
		limit int
	}{
		{"firstName", up.FirstName, maxNamePart}, {"lastName", up.LastName, maxNamePart}, {"fullName", up.FullName, 2*maxNamePart + 1},
		{"description", up.Description, maxText}, {"cultureFormat", up.CultureFormat, 32}, {"idpUsername", up.IDPUsername, maxEmail},
	} {
		if t.value == nil {
			continue
		}
		if err := checkText(t.param, *t.value, t.limit); err != nil {
			return err
		}
	}
	if up.Email != nil {
		if err := checkEmail("email", *up.Email); err != nil {
			return err
		}
	}
	if up.Tags != nil {
		if err := checkTags("tags", *up.Tags); err != nil {
			return err
		}
	}
	if up.Categories != nil {
		for _, c := range *up.Categories {
			if !strings.HasPrefix(c, "/Categories/") || len(c) > 512 {
				return ErrBadParam("categories", "must hold paths of the form /Categories/Name")
			}
		}
	}
	return up.checkWords()
}

func (up *UserUpdate) checkWords() error {
	switch {
	case up.Culture != nil && *up.Culture != "" && !culturePattern.MatchString(*up.Culture):
		return ErrBadParam("culture", "must be a language such as en or pt-BR")
	case up.Region != nil && *up.Region != "" && !regionPattern.MatchString(*up.Region):
		return ErrBadParam("region", "must be a country code such as US, or WO for the world")
	case up.Units != nil && *up.Units != "english" && *up.Units != "metric":
		return ErrBadParam("units", "must be english or metric")
	case up.Access != nil && *up.Access != Private && *up.Access != InOrg && *up.Access != Public:
		return ErrBadParam("access", "must be private, org or public")
	case up.PreferredView != nil && *up.PreferredView != "" && *up.PreferredView != "Web" && *up.PreferredView != "GIS":
		return ErrBadParam("preferredView", "must be Web or GIS")
	}
	return nil
}

func (up *UserUpdate) apply(u *User) {
	setName(u, up.FirstName, up.LastName, up.FullName)
	keepOr(&u.Email, up.Email)
	keepOr(&u.Description, up.Description)
	keepOr(&u.Culture, up.Culture)
	keepOr(&u.CultureFormat, up.CultureFormat)
	keepOr(&u.Region, up.Region)
	keepOr(&u.Units, up.Units)
	keepOr(&u.PreferredView, up.PreferredView)
	keepOr(&u.IDPUsername, up.IDPUsername)
	keepOr(&u.Access, up.Access)
	keepOr(&u.Tags, up.Tags)
	keepOr(&u.Categories, up.Categories)
	if up.Thumbnail != nil {
		u.Thumbnail = up.Thumbnail
	}
}

// keepOr stores a value that was given and keeps the present one otherwise.
func keepOr[T any](dst *T, v *T) {
	if v != nil {
		*dst = *v
	}
}

// setName keeps the three forms of a name in step. A full name alone is split at its first
// space; first and last name alone make the full name.
func setName(u *User, first, last, full *string) {
	keepOr(&u.FirstName, first)
	keepOr(&u.LastName, last)
	switch {
	case full != nil:
		u.FullName = strings.TrimSpace(*full)
		if first == nil && last == nil {
			u.FirstName, u.LastName, _ = strings.Cut(u.FullName, " ")
		}
	case first != nil || last != nil:
		u.FullName = strings.TrimSpace(u.FirstName + " " + u.LastName)
	}
}

// DeleteUserThumbnail removes a member's picture.
func (p *Portal) DeleteUserThumbnail(ctx context.Context, c Caller, username string) error {
	return p.editUser(ctx, c, username, func(u *User) error {
		u.Thumbnail = nil
		return nil
	})
}

// editUser changes a member whose profile the caller may change.
func (p *Portal) editUser(ctx context.Context, c Caller, username string, edit func(*User) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := editableUser(tx, a, username)
		if err != nil {
			return err
		}
		if err := edit(u); err != nil {
			return err
		}
		u.Modified = p.clock.Now()
		return tx.PutUser(u)
	})
}

// maxProperties limits the settings that apps keep with a member.
const maxProperties = 64 << 10

// SetUserProperties replaces the settings of apps that are kept with a member: a JSON object.
func (p *Portal) SetUserProperties(ctx context.Context, c Caller, username string, properties json.RawMessage) error {
	if err := checkObject("properties", properties, maxProperties); err != nil {
		return err
	}
	return p.editUser(ctx, c, username, func(u *User) error {
		u.Properties = properties
		return nil
	})
}

// checkObject accepts a JSON object of limited size and depth.
func checkObject(param string, v json.RawMessage, limit int) error {
	if len(v) > limit {
		return ErrBadParam(param, fmt.Sprintf("must be at most %d KB", limit>>10))
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(v, &m); err != nil || m == nil {
		return ErrBadParam(param, "must be a JSON object")
	}
	return checkDepth(param, v)
}

// UserProperties reads the settings of apps of a member; nil where there are none.
func (p *Portal) UserProperties(ctx context.Context, c Caller, username string) (json.RawMessage, error) {
	var out json.RawMessage
	err := p.store.View(ctx, func(tx Tx) error {
		_, u, err := sameMember(tx, c, username, privViewUsers)
		if err != nil {
			return err
		}
		out = u.Properties
		return nil
	})
	return out, err
}
