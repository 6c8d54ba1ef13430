package secrets

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Two portals that log at debug level are used in every way that takes a secret, one is cloned
// to the other, and then no file of either, no log, journal, plan or report, and nothing that a
// command said holds a secret in any spelling; and none is open to other users of the machine.
//
// Guards: hashOf and sealing in the stores, package secret, redaction in internal/wire, what the
// access log leaves out, and the modes that files are made with.
func TestNothingThatIsWrittenHoldsASecret(t *testing.T) {
	t.Parallel()
	w := &world{t: t, dir: t.TempDir(), secrets: map[string]string{}, http: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	from, stopFrom := w.serve("from", w.uses("password of one administrator", "Source-Admin-7351"))
	defer stopFrom()
	to, stopTo := w.serve("to", w.uses("password of the other administrator", "Target-Admin-9127"))
	defer stopTo()
	w.useEverything(from + "/sharing/rest")

	env := []string{
		"RHUMB_FROM_USER=boss", "RHUMB_FROM_PASSWORD=" + w.secrets["password of one administrator"],
		"RHUMB_TO_USER=boss", "RHUMB_TO_PASSWORD=" + w.secrets["password of the other administrator"],
	}
	w.run("plan", env, "clone", "plan", "--from", from, "--to", to, "--plan", "plan.jsonl")
	w.run("run", env, "clone", "run", "--from", from, "--to", to, "--json", "--report", "report.html")
	w.run("verify", env, "clone", "verify", "--from", from, "--to", to, "--report", "verify.json")
	w.search("while the portals run")
	stopFrom()
	stopTo()
	w.search("after the portals stopped")
}

// useEverything gives a portal each kind of secret there is, in good requests and in bad ones.
func (w *world) useEverything(rest string) {
	w.t.Helper()
	token := w.uses("token of the administrator", w.ok("token", rest+"/generateToken", "username", "boss", "password", w.secrets["password of one administrator"]))
	first, second := w.uses("first password of a member", "First-Member-4410"), w.uses("second password of a member", "Second-Member-8802")
	invited := w.call(rest+"/portals/self/invite", "token", token, "invitationList", fmt.Sprintf(
		`{"invitations":[{"username":"marker_ada","password":%q,"firstname":"Ada","lastname":"L","fullname":"Ada L","email":"a@example.com","role":"org_publisher"}]}`, first))
	if invited["success"] != true {
		w.t.Fatalf("no member was made: %v", invited)
	}
	firstToken := w.uses("token that a change of the password ended", w.ok("token", rest+"/generateToken", "username", "marker_ada", "password", first))
	w.call(rest+"/community/users/marker_ada/reset", "token", firstToken, "password", first, "newPassword", second)
	ada := w.uses("token of a member", w.ok("token", rest+"/generateToken", "username", "marker_ada", "password", second))
	item := w.ok("id", rest+"/content/users/marker_ada/addItem", "token", ada, "title", "App", "type", "Application", "url", "https://app.example.com")
	app := w.call(rest+"/oauth2/registerApp", "token", ada, "itemId", item, "appType", "multiple", "redirect_uris", `["https://app.example.com"]`)
	client, _ := app["client_id"].(string)
	secret, _ := app["client_secret"].(string)
	w.uses("secret of an app", secret)
	w.uses("token of an app", w.ok("access_token", rest+"/oauth2/token", "grant_type", "client_credentials", "client_id", client, "client_secret", secret))
	w.signIn(rest, second)

	guess := w.uses("a wrong password", "Wrong-Guess-55021")
	w.call(rest+"/generateToken", "username", "boss", "password", guess)
	w.call(rest+"/generateToken?username=boss&password="+guess+";", "x", "y")
	w.call(rest+"/oauth2/token", "grant_type", "client_credentials", "client_id", client, "client_secret", guess)
	w.call(rest+"/nowhere/"+guess+"?password="+guess, guess, guess)
	w.call(rest+"/community/users/"+guess, "token", ada)
	w.send(http.MethodGet, rest+"/community/self?f=json&token="+ada, "", "")
	w.send(http.MethodPost, rest+"/generateToken", formType, `{"username":"boss","password":"`+guess+`"}`)
	w.send(http.MethodPost, rest+"/generateToken", formType, "username=boss&password=ab&"+guess)
	w.send(http.MethodPost, rest+"/generateToken", "application/json", `{"password":"`+guess+`"}`)
	w.send(http.MethodPost, rest+"/content/users/marker_ada/addItem", "multipart/form-data; boundary="+guess, "--"+guess+"\r\n"+guess)
	w.send(http.MethodGet, rest+"/community/self?f=json", "", "", "X-Esri-Authorization", "Bearer "+ada, "Referer", "https://app.example.com/?token="+ada, "Cookie", "esri_auth="+guess)
}

var stateInPage = regexp.MustCompile(`"oauth_state":"([^"]+)"`)

// signIn goes through the sign-in page to a session, and begins another.
func (w *world) signIn(rest, password string) {
	w.t.Helper()
	const oob = "urn:ietf:wg:oauth:2.0:oob"
	ask := rest + "/oauth2/authorize?client_id=pythonapi&response_type=code&redirect_uri=" + url.QueryEscape(oob)
	begin := func() string {
		_, page := w.send(http.MethodGet, ask, "", "")
		m := stateInPage.FindStringSubmatch(page)
		if m == nil {
			w.t.Fatalf("no sign-in page: %.300s", page)
		}
		return m[1]
	}
	code := func(state string) string {
		res, _ := w.send(http.MethodPost, rest+"/oauth2/signin", formType, url.Values{"oauth_state": {state}, "username": {"marker_ada"}, "password": {password}}.Encode())
		u, err := url.Parse(res.Header.Get("Location"))
		if err != nil || u.Query().Get("code") == "" {
			w.t.Fatalf("no code: %v %v", res.Status, res.Header)
		}
		w.send(http.MethodGet, u.String(), "", "")
		return u.Query().Get("code")
	}
	w.uses("a sign-in that waits", begin())
	w.uses("a code that waits", code(w.uses("a sign-in that was finished", begin())))
	redeemed := w.uses("a code that was redeemed", code(begin()))
	session := w.call(rest+"/oauth2/token", "grant_type", "authorization_code", "client_id", "pythonapi", "code", redeemed, "redirect_uri", oob)
	for _, name := range []string{"access_token", "refresh_token"} {
		text, _ := session[name].(string)
		w.uses(name+" of a session", text)
	}
}

// spellings are the ways in which a secret could be written.
func spellings(s string) []string {
	b := []byte(s)
	return []string{
		s, strings.ToLower(s), url.QueryEscape(s), hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)),
		base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b),
	}
}

// search looks through every file of the world.
func (w *world) search(when string) {
	w.t.Helper()
	files, held := 0, map[string]bool{}
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(w.dir, path)
		if open := info.Mode().Perm() & 0o077; open != 0 && name != "." {
			w.t.Errorf("%s: %s is open to others: %v", when, name, info.Mode())
		}
		if d.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, word := range []string{"marker_ada", "clone", "level=DEBUG"} {
			held[word] = held[word] || bytes.Contains(b, []byte(word))
		}
		for what, text := range w.secrets {
			for i, s := range spellings(text) {
				if bytes.Contains(b, []byte(s)) {
					w.t.Errorf("%s: %s holds the %s (spelling %d)", when, name, what, i)
				}
			}
		}
		return nil
	})
	// That something is found at all shows that the search looks into what was written.
	if err != nil || files < 12 || len(w.secrets) < 15 || !held["marker_ada"] || !held["clone"] || !held["level=DEBUG"] {
		w.t.Errorf("%s: %d files were searched for %d secrets, found %v: %v", when, files, len(w.secrets), held, err)
	}
}
