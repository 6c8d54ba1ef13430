package oauth

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

//go:embed pages
var pageFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"plain": plain}).ParseFS(pageFiles, "pages/*.html"))

// plain shows what would be invisible in a title, or turn the text around it: members have to see
// whom they let in.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029 {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

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
	ReturnTo string // where an app that is registered gets the answer; empty: here
}

type message struct{ Title, Text string }

func (s *Service) signInForm(a *asked, state secret.Secret, problem string) (any, error) {
	return s.formPage(a, "signin.html", s.form(a, state, problem, "signin"))
}

func (s *Service) resetForm(a *asked, state secret.Secret, problem string) (any, error) {
	return s.formPage(a, "reset.html", s.form(a, state, problem, "resetPassword"))
}

// formPage is a page whose form ends, through a redirect, at the client.
func (s *Service) formPage(a *asked, name string, data form) (any, error) {
	p, err := s.page(http.StatusOK, name, data)
	p.FormTo = a.Redirect
	return p, err
}

func (s *Service) form(a *asked, state secret.Secret, problem, action string) form {
	d := form{
		Info:     info{State: state.Reveal(), ClientID: a.ClientID, AppTitle: cmp.Or(a.Title, a.ClientID), ContextPath: s.base.Path},
		Action:   s.base.Path + "/sharing/rest/oauth2/" + action,
		Username: a.MustChange,
		Problem:  problem,
	}
	if a.Title != "" {
		d.ReturnTo = returnTo(a.Redirect)
	}
	if problem != "" {
		// Clients that read the page take this word for "the sign-in failed".
		d.Info.ErrorCode, d.Info.Messages = "OAUTH_0015", []string{problem}
	}
	return d
}

// returnTo is what of a redirect address tells who is behind it: the titles of apps are free text,
// which anybody can make look like another's.
func returnTo(redirect string) string {
	u, err := url.Parse(redirect)
	switch {
	case err != nil || redirect == outOfBand:
		return ""
	case u.Host != "":
		return u.Scheme + "://" + u.Host
	}
	return u.Scheme + ":"
}

func (s *Service) problemPage(status int, text string) (any, error) {
	return s.render(status, "message.html", message{Title: "Sign in", Text: text})
}

func (s *Service) render(status int, name string, data any) (any, error) {
	p, err := s.page(status, name, data)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (s *Service) page(status int, name string, data any) (Page, error) {
	var b bytes.Buffer
	err := templates.ExecuteTemplate(&b, name, data)
	return Page{Status: status, Body: b.Bytes()}, err
}

func seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }

func boolText(b bool) string { return strconv.FormatBool(b) }
