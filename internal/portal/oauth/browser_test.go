package oauth_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// rig is a portal with a member, and a browser that follows no redirects.
type rig struct {
	*portaltest.Portal
	t     *testing.T
	clock *clock.Manual
	ada   portaltest.Member
	// origin is the portal's scheme and host, where redirects of the built-in clients may go.
	origin string
}

func setup(t *testing.T, opts ...portaltest.Option) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewManual(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))}
	r.Portal = portaltest.Start(t, append(opts, portaltest.WithClock(r.clock))...)
	r.ada = r.CreateMember(t, "Ada", portaltest.RolePublisher)
	r.origin = strings.TrimSuffix(r.URL, "/portal")
	return r
}

type page struct {
	status int
	header http.Header
	body   string
}

// do sends a request; form nil is a GET.
func (r *rig) do(path string, form url.Values, header ...string) page {
	r.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.URL+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := r.HTTPClient().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return page{res.StatusCode, res.Header, string(b)}
}

func query(pairs ...string) string { return "?" + form(pairs...).Encode() }

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

var stateInPage = regexp.MustCompile(`"oauth_state":"([^"]+)"`)

// state reads the oauth_state of a page.
func (r *rig) state(p page) string {
	r.t.Helper()
	m := stateInPage.FindStringSubmatch(p.body)
	if m == nil || p.status != http.StatusOK {
		r.t.Fatalf("no sign-in page: %d %s", p.status, p.body)
	}
	return m[1]
}

// location reads where a page redirects to.
func (r *rig) location(p page) *url.URL {
	r.t.Helper()
	u, err := url.Parse(p.header.Get("Location"))
	if p.status != http.StatusFound || err != nil {
		r.t.Fatalf("no redirect: %d %v %s", p.status, err, p.body)
	}
	return u
}

// signIn fills in the sign-in page of a client.
func (r *rig) signIn(m portaltest.Member, pairs ...string) page {
	r.t.Helper()
	state := r.state(r.do("/sharing/rest/oauth2/authorize"+query(pairs...), nil))
	return r.do("/sharing/oauth2/signin", form("oauth_state", state, "username", m.Username, "password", m.Password))
}

// code signs in by the code flow out-of-band and returns the code.
func (r *rig) code(pairs ...string) string {
	r.t.Helper()
	all := append([]string{"client_id", "pythonapi", "response_type", "code", "redirect_uri", oob}, pairs...)
	return r.location(r.signIn(r.ada, all...)).Query().Get("code")
}

const oob = "urn:ietf:wg:oauth:2.0:oob"

// redeem calls the token endpoint.
func (r *rig) redeem(pairs ...string) map[string]any {
	r.t.Helper()
	return r.Call(r.t, "", "sharing/rest/oauth2/token", form(append(pairs, "client_id", "pythonapi")...))
}

// session redeems a fresh code.
func (r *rig) session() map[string]any {
	r.t.Helper()
	s := r.redeem("grant_type", "authorization_code", "code", r.code(), "redirect_uri", oob)
	if s["access_token"] == nil {
		r.t.Fatalf("no session: %v", s)
	}
	return s
}

// who returns the username that a token stands for; "code N" where it is refused.
func (r *rig) who(token string, header ...string) string {
	r.t.Helper()
	p := r.do("/sharing/rest/community/self", form("f", "json", "token", token), header...)
	if m := regexp.MustCompile(`"username":"([^"]+)"`).FindStringSubmatch(p.body); m != nil {
		return m[1]
	}
	if m := regexp.MustCompile(`"code":(\d+)`).FindStringSubmatch(p.body); m != nil {
		return "code " + m[1]
	}
	r.t.Fatalf("neither a member nor an error: %s", p.body)
	return ""
}

// codeOf returns the code of an error envelope, 0 where there is none.
func codeOf(v map[string]any) int {
	e, _ := v["error"].(map[string]any)
	n, _ := e["code"].(float64)
	return int(n)
}
