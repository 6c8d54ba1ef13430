package portaltest

import (
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
)

// Client connects to the portal as a member. Without a member it is the first administrator;
// [Anonymous] connects without a sign-in.
func (p *Portal) Client(t testing.TB, as ...Member) *gis.Portal {
	t.Helper()
	m := Member{p.Admin, p.AdminPassword}
	if len(as) > 0 {
		m = as[0]
	}
	by := auth.Anonymous()
	if m != Anonymous {
		by = auth.Password(m.Username, m.Password)
	}
	var opts []gis.Option
	if p.CA != nil {
		opts = append(opts, gis.WithCA(p.CA))
	}
	c, err := gis.New(p.URL, by, opts...)
	if err != nil {
		t.Fatalf("portaltest: %v", err)
	}
	t.Cleanup(c.Close)
	if err := c.Connect(t.Context()); err != nil {
		t.Fatalf("portaltest: connect as %q: %v", m.Username, err)
	}
	return c
}

// Anonymous is nobody, for [Portal.Client].
var Anonymous = Member{}
