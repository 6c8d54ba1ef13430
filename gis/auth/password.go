package auth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// lifetime is how long tokens are asked for, in minutes; portals shorten it to their limit.
const lifetime = 60

// Password signs in a built-in account, or one of the portal's directory, by its name and
// password. The token is bound to the connection's referer and renewed before it ends.
//
// Accounts that sign in by single sign-on have no password: see [Token].
//
// rest: POST generateToken
func Password(username, password string) Method {
	return &account{username, secret.Secret(password)}
}

type account struct {
	username string
	password secret.Secret
}

// String names the account, not its password.
func (a *account) String() string { return "password of " + a.username }

// GoString is like String.
func (a *account) GoString() string { return a.String() }

func (a *account) SignIn(ctx context.Context, site Site) (Grant, error) {
	if a.username == "" {
		return Grant{}, errors.New("the user name is empty")
	}
	form := url.Values{
		"username":   {a.username},
		"password":   {a.password.Reveal()},
		"client":     {"referer"},
		"referer":    {site.Referer},
		"expiration": {strconv.Itoa(lifetime)},
	}
	var answer struct {
		Token   secret.Secret `json:"token"`
		Expires esri.Time     `json:"expires"`
	}
	if err := site.Post(ctx, "generateToken", form, &answer); err != nil {
		return Grant{}, err
	}
	if answer.Token == "" {
		return Grant{}, fmt.Errorf("the portal answered no token for %s", a.username)
	}
	return Grant{answer.Token, answer.Expires.Time}, nil
}
