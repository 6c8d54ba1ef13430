package gis

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Portal is a connection to one portal as one account. It is safe for concurrent use, and
// everything it hands out belongs to it.
type Portal struct {
	// Users are the members of the organization.
	//
	// py: arcgis.gis.GIS.users
	Users *Users
	// Groups are the groups that the account may see.
	//
	// py: arcgis.gis.GIS.groups
	Groups *Groups
	// Content is the items that the account may see.
	//
	// py: arcgis.gis.GIS.content
	Content *Content
	// Roles are what members may do.
	//
	// py: arcgis.gis.UserManager.roles
	Roles *Roles
	// Licenses are what members may use of the organization's apps.
	//
	// py: arcgis.gis.GIS.admin.license
	Licenses *Licenses

	url     *url.URL
	wire    *wire.Client
	http    *http.Client
	pacer   *Pacer
	session *session

	mu   sync.Mutex
	self *Self
}

// New prepares a connection. It sends nothing and reads no environment: the first request,
// or [Portal.Connect], signs in.
//
// rawURL is the portal's address in any form that people paste: https://host/portal, the
// same with /home or /sharing/rest behind it, or an organization's address such as
// https://org.maps.arcgis.com. Without a scheme it is https. A nil by signs in as nobody.
//
// It fails for an address that is none, options that contradict each other, and credentials
// that would travel over plain http to another machine (see [WithInsecureHTTP]).
//
// py: arcgis.gis.GIS
func New(rawURL string, by auth.Method, opts ...Option) (*Portal, error) {
	base, err := parseAddress(rawURL)
	if err != nil {
		return nil, err
	}
	o, err := apply(opts)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", base, err)
	}
	if by == nil {
		by = auth.Anonymous()
	}
	if base.Scheme == "http" && by != auth.Anonymous() && !loopback(base.Hostname()) && !o.insecureHTTP {
		return nil, fmt.Errorf("connect to %s: credentials would travel unencrypted: use https, or allow http explicitly", base)
	}
	if o.referer == "" {
		o.referer = base.String()
	}
	p := &Portal{url: base, pacer: o.pacer, http: o.httpClient()}
	p.session = newSession(by, p, o.referer)
	p.wire = wire.New(wire.Config{
		Portal: base, HTTP: p.http, Pacer: o.pacer.inner, Tokens: p.session,
		Logger: o.logger, UserAgent: o.userAgent, Referer: o.referer,
	})
	p.Users, p.Groups, p.Content, p.Roles, p.Licenses = &Users{p}, &Groups{p}, &Content{p}, &Roles{p}, &Licenses{p}
	return p, nil
}

// beyond are the first segments of addresses below a portal's own.
var beyond = [...]string{"home", "sharing", "portaladmin", "apps", "index.html"}

func parseAddress(raw string) (*url.URL, error) {
	text := strings.TrimSpace(raw)
	if text == "" {
		return nil, errors.New("the portal's address is empty")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("the portal's address cannot be read: it looks like https://host/portal")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the portal's address begins with %s: use https", u.Scheme)
	case u.Hostname() == "":
		return nil, fmt.Errorf("the portal's address %q names no host", wire.Redact(u))
	case u.User != nil:
		return nil, errors.New("the portal's address holds a user name or password: give credentials separately")
	}
	clean := &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "" {
			continue
		}
		if isBeyond(segment) {
			break
		}
		clean.Path += "/" + segment
	}
	return clean, nil
}

func isBeyond(segment string) bool {
	for _, b := range beyond {
		if strings.EqualFold(segment, b) {
			return true
		}
	}
	return false
}

// URL is the portal's address, such as https://host/portal, without a trailing slash.
//
// py: arcgis.gis.GIS.url
func (p *Portal) URL() string { return p.url.String() }

// RESTURL is the root of the REST API, such as https://host/portal/sharing/rest.
func (p *Portal) RESTURL() string { return p.URL() + "/sharing/rest" }

// Connect signs in and reads the portal's description. It is not needed before other calls,
// which do the same on demand, but tells early what is wrong. Unlike these, it tries
// credentials again that the portal refused before.
//
// [ErrToken] means that the portal refuses the credentials, [ErrTransport] that it cannot be
// reached, and [ErrProtocol] or [ErrUnsupported] that something else lives at the address.
func (p *Portal) Connect(ctx context.Context) error {
	if err := p.session.start(ctx); err != nil {
		return err
	}
	_, err := p.Refresh(ctx)
	return err
}

// Close ends the connections that are kept open for later requests. The Portal stays usable.
func (p *Portal) Close() { p.http.CloseIdleConnections() }

// Pace answers how fast the portal is being asked at the moment, and why not faster.
func (p *Portal) Pace() Pace { return p.pacer.Pace() }

// Username is the account that is signed in, in the portal's spelling. It is empty for
// anonymous access and for apps.
func (p *Portal) Username(ctx context.Context) (string, error) {
	self, err := p.Self(ctx)
	if err != nil || self.User == nil {
		return "", err
	}
	return self.User.Username, nil
}

// owner answers username, or who is signed in if it is empty.
func (p *Portal) owner(ctx context.Context, op, username string) (string, error) {
	if username != "" {
		return username, nil
	}
	me, err := p.Username(ctx)
	if err != nil {
		return "", err
	}
	if me == "" {
		return "", refuse(ErrToken, op, "nobody is signed in whose content this could be: name an owner or sign in")
	}
	return me, nil
}
