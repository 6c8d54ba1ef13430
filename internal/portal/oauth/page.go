package oauth

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

//go:embed pages
var pageFiles embed.FS

var templates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// info is the oAuthInfo object of the pages, which clients that drive them read.
type info struct {
	State       string   `json:"oauth_state"`
	ClientID    string   `json:"client_id"`
	AppTitle    string   `json:"appTitle"`
	ContextPath string   `json:"contextPath"`
	ErrorCode   string   `json:"errorCode,omitempty"`
	Messages    []string `json:"messages,omitempty"`
}

type form struct {
	Info     info
	Action   string
	Username string
	Problem  string
}

type message struct{ Title, Text string }

func (s *Service) signInForm(a *asked, state secret.Secret, problem string) (any, error) {
	return s.render(http.StatusOK, "signin.html", s.form(a, state, problem, "signin"))
}

func (s *Service) resetForm(a *asked, state secret.Secret, problem string) (any, error) {
	return s.render(http.StatusOK, "reset.html", s.form(a, state, problem, "resetPassword"))
}

func (s *Service) form(a *asked, state secret.Secret, problem, action string) form {
	d := form{
		Info:     info{State: state.Reveal(), ClientID: a.ClientID, AppTitle: a.ClientID, ContextPath: s.base.Path},
		Action:   s.base.Path + "/sharing/rest/oauth2/" + action,
		Username: a.MustChange,
		Problem:  problem,
	}
	if problem != "" {
		// Clients that read the page take this word for "the sign-in failed".
		d.Info.ErrorCode, d.Info.Messages = "OAUTH_0015", []string{problem}
	}
	return d
}

func (s *Service) problemPage(status int, text string) (any, error) {
	return s.render(status, "message.html", message{Title: "Sign in", Text: text})
}

func (s *Service) render(status int, name string, data any) (any, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return Page{status, b.Bytes()}, nil
}

func seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }

func boolText(b bool) string { return strconv.FormatBool(b) }
