package rest_test

import (
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A password that is tried first is refused wherever one is set, and the error says what to do.
//
// Guard: isCommon in checkPassword.
func TestCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	const common, text = "Qwerty123", "tried first"
	w := newWorld(t, "ada", "bob")
	w.fails(400, text, "ada", "community/users/ada/reset", "password", w.passwords["ada"], "newPassword", common)
	w.fails(400, text, "admin", "community/users/bob/update", "password", common)
	w.fails(400, text, "admin", "portaladmin/security/users/createUser", "username", "grace", "password", common,
		"fullname", "Grace Hopper", "email", "g@example.com", "role", "org_user")
	w.fails(400, text, "admin", "portals/self/invite", "invitationList",
		`{"invitations":[{"username":"grace","firstname":"G","lastname":"H","email":"g@example.com","role":"org_user","password":"`+common+`"}]}`)
	w.fails(400, "User does not exist", "admin", "community/users/grace")
	w.ok("ada", "community/self") // what was refused changed nothing

	o := newOnline(t)
	row := o.invited("grace")
	o.fails(400, text, "", "portals/self/invitations/"+str(row, "id")+"/accept", "password", common, "invitationKey", str(row, "invitationKey"))
}

// The page that opens an account hides what is typed, and lets password managers fill it in.
//
// Guard: the markup of pages/newuser.html.
func TestPasswordFieldsOfNewUsers(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	row := w.invited("grace")
	res, err := w.HTTPClient().Get(w.URL + "/home/newuser.html?invitation=" + url.QueryEscape(str(row, "invitationKey")))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	fields := regexp.MustCompile(`<input [^>]*name="password2?"[^>]*>`).FindAllString(string(b), -1)
	if len(fields) != 2 {
		t.Fatalf("fields %v of %s", fields, b)
	}
	for _, f := range fields {
		if !strings.Contains(f, `type="password"`) || !strings.Contains(f, `autocomplete="new-password"`) || strings.Contains(f, "onpaste") || strings.Contains(f, "maxlength") {
			t.Errorf("field %s", f)
		}
	}
}

// Passwords of 64 characters and more are taken, and compared whole.
//
// Guard: maxPassword of package portal.
func TestLongPasswords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	long := strings.Repeat("Zwölf Boxkämpfer ", 12) + "1843" // 232 bytes
	w.ok("ada", "community/users/ada/reset", "password", w.passwords["ada"], "newPassword", long)
	for _, wrong := range []string{long[:72], long[:len(long)-1], long + "x", strings.ToLower(long), strings.TrimSuffix(long, "1843")} {
		if doc := w.call("", "generateToken", "username", "ada", "password", wrong); errorCode(doc) != 400 {
			t.Errorf("%d bytes of it sign in: %v", len(wrong), doc)
		}
	}
	if w.Token(t, "ada", long) == "" {
		t.Error("it does not sign in")
	}
}
