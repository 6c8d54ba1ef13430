package oauth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// asked is what a client asked authorize for. It waits in the store under the oauth_state
// of the sign-in page, and then, for the code flow, under the code.
type asked struct {
	ClientID     string        `json:"client"`
	Title        string        `json:"title,omitempty"` // of a registered app
	Redirect     string        `json:"redirect"`
	ResponseType string        `json:"type"` // code or token
	State        string        `json:"state,omitempty"`
	HasState     bool          `json:"hasState,omitempty"`
	Challenge    string        `json:"challenge,omitempty"`
	Method       string        `json:"method,omitempty"` // S256 or plain
	Life         time.Duration `json:"life"`
	MustChange   string        `json:"mustChange,omitempty"` // member whose right password must be replaced
	Used         bool          `json:"used,omitempty"`       // a code that was redeemed
}

// maxEcho bounds what is kept of a client's own words.
const maxEcho = 8 << 10

// authorize shows the sign-in page.
//
// Esri's page "Authorize". Presentation parameters (locale, style, display and the like) and
// those of sign-in methods that the portal does not have are not looked at.
func (s *Service) authorize(ctx context.Context, h *http.Request, f Form) (any, error) {
	a, problem, err := s.readAsked(ctx, f)
	if err != nil {
		return nil, err
	}
	if problem != "" {
		return s.problemPage(http.StatusBadRequest, problem)
	}
	if !s.pages.allow(remote(h)) {
		return s.problemPage(http.StatusServiceUnavailable, "Error: Too many sign-ins have begun. Please try again in a moment.")
	}
	state, err := s.keep(ctx, a)
	if err != nil {
		return nil, err
	}
	return s.signInForm(a, state, "")
}

// readAsked checks the parameters; problem is shown on a page, for an address that is not
// trusted is no place to send an error to.
func (s *Service) readAsked(ctx context.Context, f Form) (a *asked, problem string, err error) {
	a = &asked{
		ClientID: f.Str("client_id"), Redirect: f.Str("redirect_uri"), ResponseType: f.Str("response_type"),
		State: f.Str("state"), HasState: f.Has("state"),
		Challenge: f.Str("code_challenge"), Method: f.Str("code_challenge_method"),
	}
	c, err := s.client(ctx, a.ClientID)
	switch {
	case err != nil:
		return nil, "", err
	case c == nil:
		return nil, "Error: Invalid client_id", nil
	case !s.redirectAllowed(c, a.Redirect):
		return nil, "Error: Invalid redirect_uri", nil
	}
	a.Title = c.title
	return a, a.read(f), nil
}

// read completes what was asked for; it answers what is wrong with it.
func (a *asked) read(f Form) (problem string) {
	if len(a.State)+len(a.Redirect)+len(a.Challenge) > maxEcho {
		return "Error: The parameters are too long"
	}
	var err error
	switch a.ResponseType {
	case "code":
		a.Life, err = lifetime(f, "expiration", refreshDefault, refreshMost)
	case "token":
		a.Life, err = lifetime(f, "expiration", implicitDefault, implicitMost)
		if a.Redirect == outOfBand {
			return "Error: response_type=token needs a redirect_uri that is an address"
		}
	default:
		return "Error: response_type must be code or token"
	}
	if err != nil {
		return "Error: expiration must be a number of minutes"
	}
	return a.readChallenge()
}

// readChallenge completes the proof key of the code flow; it answers what is wrong with it.
//
// deviates: Esri documents plain for everybody. Its clients fall back on it where a browser has no
// means to hash, in pages that came by http from elsewhere; all others hide their key.
func (a *asked) readChallenge() (problem string) {
	if a.Challenge == "" {
		if a.Method != "" {
			return "Error: code_challenge_method without code_challenge"
		}
		return ""
	}
	a.Method = cmp.Or(a.Method, "plain")
	switch {
	case a.Method == "S256":
	case a.Method != "plain":
		return "Error: code_challenge_method must be S256"
	case !unhashed(a.Redirect):
		return "Error: code_challenge_method must be S256: plain would show the key to whoever sees this address"
	}
	return ""
}

// unhashed reports whether a page at this address cannot hash: browsers let only pages do so that
// came by https or from their own machine.
func unhashed(redirect string) bool {
	u, err := url.Parse(redirect)
	return err == nil && strings.EqualFold(u.Scheme, "http") && !isLoopback(strings.ToLower(u.Hostname()))
}

// keep stores what was asked for under a fresh state.
func (s *Service) keep(ctx context.Context, a *asked) (state secret.Secret, err error) {
	data, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	now := s.clock.Now()
	err = s.store.Update(ctx, func(tx portal.Tx) error {
		state, err = put(tx, portal.Token{
			Kind: portal.SignInState, ClientID: a.ClientID, Data: string(data), Created: now, Expires: now.Add(stateLife),
		})
		return err
	})
	return state, err
}

// kept returns what was stored under a state; nil where it is unknown or has lapsed.
func (s *Service) kept(ctx context.Context, state secret.Secret) (*asked, error) {
	var a *asked
	err := s.store.View(ctx, func(tx portal.Tx) error {
		t, err := s.lookup(tx, portal.SignInState, state)
		if err != nil {
			return err
		}
		a, err = askedOf(t)
		return err
	})
	if errors.Is(err, portal.ErrAbsent) {
		return nil, nil
	}
	return a, err
}

func askedOf(t *portal.Token) (*asked, error) {
	a := &asked{}
	if err := json.Unmarshal([]byte(t.Data), a); err != nil {
		return nil, err
	}
	return a, nil
}

// finish ends a sign-in: the state is spent, and the member's token or code goes to the
// redirect address.
func (s *Service) finish(ctx context.Context, u *portal.User, state secret.Secret, a *asked) (any, error) {
	now := s.clock.Now()
	t := portal.Token{Kind: portal.AccessToken, Username: u.Username, ClientID: a.ClientID, Created: now, Expires: now.Add(a.Life)}
	if a.ResponseType == "code" {
		data, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		t.Kind, t.Data, t.Expires = portal.AuthCode, string(data), now.Add(codeLife)
	}
	var text secret.Secret
	err := s.store.Update(ctx, func(tx portal.Tx) error {
		if _, err := s.lookup(tx, portal.SignInState, state); err != nil {
			return err
		}
		if err := stillSignedIn(tx, u); err != nil {
			return err
		}
		if err := tx.DeleteToken(hashOf(state)); err != nil {
			return err
		}
		c, err := clientIn(tx, a.ClientID)
		switch {
		case err != nil:
			return err
		case c == nil: // unregistered while its page was open
			return portal.ErrAbsent
		}
		text, err = put(tx, t)
		return err
	})
	if errors.Is(err, portal.ErrAbsent) {
		return s.problemPage(http.StatusBadRequest, lapsedText)
	}
	if err != nil {
		return nil, err
	}
	return Redirect{s.landing(u, a, text)}, nil
}

// landing is the address that carries the outcome to the client.
func (s *Service) landing(u *portal.User, a *asked, text secret.Secret) string {
	if a.ResponseType == "token" {
		q := "access_token=" + url.QueryEscape(text.Reveal()) + "&expires_in=" + seconds(a.Life) +
			"&username=" + url.QueryEscape(u.Username) + "&ssl=" + boolText(s.secure())
		if a.HasState {
			q += "&state=" + escapeFragment(a.State)
		}
		return a.Redirect + "#" + q
	}
	q := "code=" + url.QueryEscape(text.Reveal())
	if a.HasState {
		q += "&state=" + url.QueryEscape(a.State)
	}
	target := a.Redirect
	if target == outOfBand {
		target = s.base.String() + "/sharing/rest/oauth2/approval"
	}
	if strings.Contains(target, "?") {
		return target + "&" + q
	}
	return target + "?" + q
}

// escapeFragment escapes with %20 for spaces: readers of fragments take + as it is.
func escapeFragment(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
