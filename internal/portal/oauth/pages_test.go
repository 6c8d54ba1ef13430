package oauth_test

import (
	"regexp"
	"strings"
	"testing"
)

// Whatever an app is called, the page that asks for the password shows it as it is, and where the
// answer goes.
//
// Guards: plain and returnTo.
func TestSignInPageNamesTheApp(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const disguised = "Portal\u202e ruoy \u200b of Esri"
	_, client, _ := r.register(r.ada, disguised, "https://app.example.com/a", "viewer://auth", oob)
	for redirect, want := range map[string]string{
		"https://app.example.com/a": "<code>https://app.example.com</code>", "viewer://auth": "<code>viewer://auth</code>", oob: "",
	} {
		p := r.do("/sharing/rest/oauth2/authorize"+query("client_id", client, "response_type", "code", "redirect_uri", redirect), nil)
		main := p.body[strings.Index(p.body, "<main>"):]
		if p.status != 200 || !strings.Contains(main, "<bdi>Portal\ufffd ruoy \ufffd of Esri</bdi>") || strings.ContainsAny(main, "\u202e\u200b") {
			t.Errorf("%s: the title stands as %s", redirect, main)
		}
		if want == "" && strings.Contains(main, "application at") || !strings.Contains(main, want) {
			t.Errorf("%s: the page says %s", redirect, main)
		}
	}
}

var inputs = regexp.MustCompile(`<input [^>]*>`)

// Fields of passwords hide what is typed, say what they hold, and stand in no one's way: password
// managers fill them in, and what is pasted is taken at any length.
//
// Guard: the markup of the pages.
func TestPasswordFields(t *testing.T) {
	t.Parallel()
	r := setup(t)
	p := r.do("/sharing/rest/oauth2/authorize"+query("client_id", "pythonapi", "response_type", "code", "redirect_uri", oob), nil)
	signIn := p.body
	r.Call(t, r.AdminToken(t), "sharing/rest/community/users/Ada/update", form("password", "Temporary-9"))
	reset := r.do("/sharing/rest/oauth2/signin", form("oauth_state", r.state(p), "username", "Ada", "password", "Temporary-9")).body
	for page, want := range map[string]map[string]string{
		signIn: {"password": "current-password"},
		reset:  {"password": "current-password", "newPassword": "new-password", "newPassword2": "new-password"},
	} {
		seen := 0
		for _, field := range inputs.FindAllString(page, -1) {
			for name, autocomplete := range want {
				if !strings.Contains(field, `name="`+name+`"`) {
					continue
				}
				seen++
				if !strings.Contains(field, `type="password"`) || !strings.Contains(field, `autocomplete="`+autocomplete+`"`) {
					t.Errorf("field %s", field)
				}
			}
			for _, bad := range []string{"onpaste", "readonly", "maxlength", "pattern=", `autocomplete="off"`, "disabled"} {
				if strings.Contains(field, bad) {
					t.Errorf("field %s", field)
				}
			}
		}
		if seen != len(want) {
			t.Errorf("%d of %d fields are there: %s", seen, len(want), page)
		}
	}
	if !strings.Contains(signIn, `autocomplete="username"`) {
		t.Error("the name of the account says not what it holds")
	}
}
