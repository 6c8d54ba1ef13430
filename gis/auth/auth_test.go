package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis/auth"
)

// site answers every form with answer and keeps the last one.
func site(answer string, err error) (auth.Site, *url.Values) {
	var got url.Values
	return auth.Site{
		URL: "https://h/portal/sharing/rest", Referer: "https://h/portal",
		Post: func(_ context.Context, path string, form url.Values, out any) error {
			got = form
			got.Set("path", path)
			if err != nil {
				return err
			}
			return json.Unmarshal([]byte(answer), out)
		},
	}, &got
}

func TestPassword(t *testing.T) {
	t.Parallel()
	s, form := site(`{"token":"example-token","expires":1718000000000,"ssl":true}`, nil)
	g, err := auth.Password("ada", "p&ss wörd").SignIn(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if g.Reveal() != "example-token" || !g.Expires().Equal(time.UnixMilli(1718000000000)) {
		t.Errorf("grant = %s until %v", g.Reveal(), g.Expires())
	}
	want := url.Values{"path": {"generateToken"}, "username": {"ada"}, "password": {"p&ss wörd"}, "client": {"referer"},
		"referer": {"https://h/portal"}, "expiration": {"60"}}
	if form.Encode() != want.Encode() {
		t.Errorf("form = %v, want %v", form, want)
	}
}

func TestPasswordFails(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	tests := []struct {
		name, user, answer string
		err                error
		want               string
	}{
		{"refused", "ada", "", refused, "refused"},
		{"no token", "ada", `{"expires":1}`, nil, "no token for ada"},
		{"no user", "", `{}`, nil, "user name is empty"},
	}
	for _, tt := range tests {
		s, _ := site(tt.answer, tt.err)
		g, err := auth.Password(tt.user, "x").SignIn(t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), tt.want) || g.Reveal() != "" {
			t.Errorf("%s: %v, %v", tt.name, g, err)
		}
	}
}

func TestGiven(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		method auth.Method
		want   string
	}{{auth.Anonymous(), ""}, {auth.Token("example-token"), "example-token"}} {
		g, err := tt.method.SignIn(t.Context(), auth.Site{})
		if err != nil || g.Reveal() != tt.want || !g.Expires().IsZero() {
			t.Errorf("grant = %q until %v, %v", g.Reveal(), g.Expires(), err)
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	for _, v := range []any{auth.Password("ada", "hunter2"), auth.Token("hunter2"), auth.NewGrant("hunter2", time.Time{}),
		struct{ G auth.Grant }{auth.NewGrant("hunter2", time.Time{})}, []auth.Method{auth.Password("ada", "hunter2")}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, "hunter2") {
				t.Errorf("%s of %T shows the secret: %s", verb, v, got)
			}
		}
	}
}
