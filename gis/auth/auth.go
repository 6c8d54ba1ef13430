package auth

import (
	"context"
	"net/url"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Method is a way of signing in. Implementations are safe for concurrent use.
type Method interface {
	// SignIn obtains a token from site. It is called again whenever another token is needed;
	// a method that knows only one answers the same each time.
	SignIn(ctx context.Context, site Site) (Grant, error)
}

// Site is the portal as a [Method] sees it.
type Site struct {
	URL     string // of the REST root: https://host/portal/sharing/rest
	Referer string // sent with every later request; a token may be bound to it

	// Post sends a form, without a token, to path below URL and decodes the JSON answer into
	// out. It fails when the portal answers with an error, and repeats nothing that the
	// portal refused.
	Post func(ctx context.Context, path string, form url.Values, out any) error
}

// Grant is the outcome of signing in: a token and the time it ends. The zero Grant is
// anonymous. It prints as "[redacted]".
type Grant struct {
	token   secret.Secret
	expires time.Time
}

// NewGrant makes a grant. A zero expires means that the end is unknown; an empty token means
// anonymous access.
func NewGrant(token string, expires time.Time) Grant {
	return Grant{secret.Secret(token), expires}
}

// Reveal answers the token itself.
func (g Grant) Reveal() string { return g.token.Reveal() }

// Expires is when the token ends; the zero time means unknown.
func (g Grant) Expires() time.Time { return g.expires }

// String answers "[redacted]".
func (Grant) String() string { return "[redacted]" }

// GoString answers "[redacted]".
func (Grant) GoString() string { return "[redacted]" }

// Anonymous signs in as nobody: only public content is seen.
func Anonymous() Method { return given{} }

// Token uses a token that was obtained elsewhere, such as by single sign-on. Its end is
// unknown and it cannot be renewed: once the portal rejects it, requests fail with the kind
// gis.ErrToken.
func Token(token string) Method { return given{NewGrant(token, time.Time{})} }

type given struct{ grant Grant }

func (g given) SignIn(context.Context, Site) (Grant, error) { return g.grant, nil }

// String tells a given token from anonymous access.
func (g given) String() string {
	if g.grant.token == "" {
		return "anonymous"
	}
	return "a given token"
}

// GoString is like String.
func (g given) GoString() string { return g.String() }
