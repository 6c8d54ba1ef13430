package portal

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// OutOfBand is the redirect address of apps without one: the code is shown on a page.
const OutOfBand = "urn:ietf:wg:oauth:2.0:oob"

// Limits of a registration; the documentation has none.
const (
	maxRedirects = 100
	maxRedirect  = 2048
)

// check names what an app cannot be registered with.
func (r *AppRequest) check() error {
	if !slices.Contains([]string{"", "browser", "native", "server", "multiple"}, r.Type) {
		return ErrBadParam("appType", "must be browser, native, server or multiple")
	}
	for _, f := range []struct {
		param string
		list  *[]string
		check func(string) string
	}{{"redirect_uris", r.RedirectURIs, checkRedirect}, {"httpReferrers", r.Referrers, checkReferrer}} {
		if f.list == nil {
			continue
		}
		if len(*f.list) > maxRedirects {
			return ErrBadParam(f.param, fmt.Sprintf("must hold at most %d addresses", maxRedirects))
		}
		for _, address := range *f.list {
			if len(address) > maxRedirect {
				return ErrBadParam(f.param, "holds an address that is too long")
			}
			if why := f.check(address); why != "" {
				return ErrBadParam(f.param, "holds '"+address+"', which "+why)
			}
		}
	}
	return nil
}

func (r *AppRequest) apply(app *App) {
	set(&app.RedirectURIs, r.RedirectURIs)
	set(&app.Referrers, r.Referrers)
	set(&app.Privileges, r.Privileges)
}

// checkRedirect says why sign-ins cannot end at an address; empty: they can.
func checkRedirect(address string) string {
	if address == OutOfBand {
		return ""
	}
	u, err := plainURL(address)
	switch {
	case err != nil || u.Scheme == "":
		return "is no absolute address, such as https://app.example.com/callback"
	case u.User != nil || u.Fragment != "" || strings.Contains(address, "#"):
		return "must have neither a user nor a fragment"
	case slices.Contains([]string{"javascript", "vbscript", "data", "file", "blob", "about"}, u.Scheme):
		return "has a scheme that a sign-in cannot end with"
	case (u.Scheme == "https" || u.Scheme == "http") && (u.Host == "" || u.Hostname() == ""):
		return "names no host"
	}
	return ""
}

func checkReferrer(address string) string {
	if strings.TrimSpace(address) == "" || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "is no referrer"
	}
	return ""
}

// plainURL parses an address that browsers and this program read alike.
func plainURL(address string) (*url.URL, error) {
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return nil, fmt.Errorf("the address holds characters that mean different things to different readers")
	}
	return url.Parse(address)
}

// Redirects reports whether a sign-in of the app may end at an address: one of those that are
// registered, or one below it.
//
// guess: whether addresses match by prefix is not documented; apps register a folder and
// redirect to a page in it. A registered http(s) address stands for all paths below its own,
// cut at slashes; any other is compared as a whole.
func (a *App) Redirects(address string) bool {
	if len(address) > maxRedirect || checkRedirect(address) != "" {
		return false
	}
	return slices.ContainsFunc(a.RedirectURIs, func(registered string) bool {
		return registered == address || address != OutOfBand && below(registered, address)
	})
}

func below(registered, address string) bool {
	r, err := plainURL(registered)
	if err != nil || (r.Scheme != "http" && r.Scheme != "https") || r.RawQuery != "" {
		return false
	}
	u, err := plainURL(address)
	if err != nil || u.Scheme != r.Scheme || !strings.EqualFold(u.Host, r.Host) {
		return false
	}
	path := u.EscapedPath()
	for segment := range strings.SplitSeq(strings.ToLower(path), "/") {
		if s := strings.ReplaceAll(segment, "%2e", "."); s == "." || s == ".." {
			return false
		}
	}
	root := strings.TrimRight(r.EscapedPath(), "/")
	return path == root || strings.HasPrefix(path, root+"/")
}

// Knows reports whether s is the app's secret.
func (a *App) Knows(s secret.Secret) bool {
	return s != "" && subtle.ConstantTimeCompare([]byte(hashOf(s)), []byte(a.SecretHash)) == 1
}

func hashOf(s secret.Secret) string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:])
}

func without(list []string, word string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return w == word })
}
