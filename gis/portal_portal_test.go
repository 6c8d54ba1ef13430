package gis_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// connect signs in to a portal of the test's own.
func connect(t *testing.T, p *portaltest.Portal, username, password string) *gis.Portal {
	t.Helper()
	c, err := gis.New(p.URL, auth.Password(username, password), gis.WithConcurrency(8))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// must ends the test on an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func isKind(t *testing.T, err error, kind gis.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("err = %v, want kind %q", err, kind)
	}
}

// content reads a file that open answers.
func content(t *testing.T, open func(context.Context) (*gis.Data, error)) string {
	t.Helper()
	d, err := open(t.Context())
	ok(t, err)
	defer d.Close()
	b, err := io.ReadAll(d)
	ok(t, err)
	return string(b)
}

func TestPortalConnect(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	ok(t, c.Connect(ctx))
	if name := must(c.Username(ctx))(t); name != p.Admin {
		t.Errorf("signed in as %q", name)
	}
	f := must(c.Features(ctx))(t)
	if f.Kind != gis.KindEnterprise || !f.HonorsItemIDToCreate || !f.CreatesUsersByAdmin || !f.HasUserTypes {
		t.Errorf("features = %+v", f)
	}
	self := must(c.Self(ctx))(t)
	if self.ID == "" || self.User == nil || !strings.Contains(string(self.Raw()), `"portalName"`) {
		t.Errorf("self = %+v", self)
	}

	wrong := connect(t, p, p.Admin, "wrong-password-1")
	isKind(t, wrong.Connect(ctx), gis.ErrToken)

	anonymous, err := gis.New(p.URL, nil)
	ok(t, err)
	t.Cleanup(anonymous.Close)
	ok(t, anonymous.Connect(ctx))
	if name := must(anonymous.Username(ctx))(t); name != "" {
		t.Errorf("anonymous is %q", name)
	}
	_, err = anonymous.Users.Me(ctx)
	isKind(t, err, gis.ErrToken)

	given, err := gis.New(p.URL, auth.Token(p.AdminToken(t)))
	ok(t, err)
	t.Cleanup(given.Close)
	if name := must(given.Username(ctx))(t); name != p.Admin {
		t.Errorf("the given token is %q's", name)
	}
	bogus, err := gis.New(p.URL, auth.Token("example-token"))
	ok(t, err)
	t.Cleanup(bogus.Close)
	isKind(t, bogus.Connect(ctx), gis.ErrToken)

	var root struct{ CurrentVersion string }
	ok(t, c.Call(ctx, gis.Call{Path: "/"}, &root))
}
