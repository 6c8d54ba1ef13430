package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// newUserPage is where the link of an invitation leads.
const newUserPage = "home/newuser.html"

// newUserForm is what pages/newuser.html shows.
type newUserForm struct {
	Problem, Done                 string
	Form                          bool
	Action, Key                   string
	Account                       string // empty: the person chooses the name
	Username, FirstName, LastName string
}

// newUser is the page on which a person who was invited opens the account.
func (s *Server) newUser(ctx context.Context, r *Request) (any, error) {
	key := secret.Secret(r.Str("invitation"))
	inv, err := s.portal.OpenInvitation(ctx, key)
	if err != nil {
		return newUserProblem(&newUserForm{}, err)
	}
	yes := acceptance(r)
	form := &newUserForm{
		Form: true, Action: s.pathOfBase() + "/" + newUserPage, Key: key.Reveal(), Account: inv.Username,
		Username: yes.Username, FirstName: yes.FirstName, LastName: yes.LastName,
	}
	if r.HTTP.Method != http.MethodPost {
		return newUserHTML(form)
	}
	if !yes.Password.Equal(secret.Secret(r.Str("password2"))) {
		form.Problem = "The two passwords differ."
		return newUserHTML(form)
	}
	name, err := s.portal.AcceptInvitation(ctx, key, yes)
	if err != nil {
		return newUserProblem(form, err)
	}
	return newUserHTML(&newUserForm{Done: name})
}

// newUserProblem shows a refusal on the page; other failures are those of the portal.
func newUserProblem(form *newUserForm, err error) (any, error) {
	var refusal *portal.Error
	if !errors.As(err, &refusal) {
		return nil, err
	}
	form.Problem = strings.Join(append([]string{refusal.Message}, refusal.Details...), " ")
	return newUserHTML(form)
}

func newUserHTML(form *newUserForm) (any, error) {
	page, err := render("newuser.html", form)
	if err != nil {
		return nil, err
	}
	return HTML{Body: page}, nil
}

// pathOfBase is the path of the portal's address, without a trailing slash.
func (s *Server) pathOfBase() string {
	u, err := url.Parse(s.base)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}
