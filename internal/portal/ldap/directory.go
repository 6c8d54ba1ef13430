package ldap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

const (
	dialTimeout   = 5 * time.Second
	answerTimeout = 15 * time.Second
	maxBinds      = 16 // passwords that are asked about at a time
	readers       = 8  // entries of a group that are read at a time
)

// Directory implements [portal.Directory] over an LDAP server. Its searches share one
// connection, which is made anew when it breaks.
type Directory struct {
	config   *Config
	password secret.Secret
	binds    chan struct{}

	mu   sync.Mutex
	conn *ldap.Conn
}

// Close ends the connection.
func (d *Directory) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conn == nil {
		return nil
	}
	err := d.conn.Close()
	d.conn = nil
	return err
}

// Check reports whether the server answers a search for people.
func (d *Directory) Check(ctx context.Context) error {
	_, err := d.People(ctx, "", 1)
	return err
}

// Settings implements [portal.Directory].
func (d *Directory) Settings() map[string]string {
	c := d.config
	return map[string]string{
		"ldapURLForUsers": c.URL, "user": c.BindDN, "usernameAttribute": c.UsernameAttr, "userGivenNameAttribute": c.FirstNameAttr,
		"userSurnameAttribute": c.LastNameAttr, "userEmailAttribute": c.EmailAttr, "ldapURLForRoles": c.GroupBase, "memberAttributeInRoles": c.MemberAttr,
	}
}

// dial makes a connection on which nobody is signed in.
func (d *Directory) dial() (*ldap.Conn, error) {
	conn, err := ldap.DialURL(d.config.URL, ldap.DialWithDialer(&net.Dialer{Timeout: dialTimeout}), ldap.DialWithTLSConfig(d.config.tls))
	if err != nil {
		return nil, fmt.Errorf("reach the directory: %w", err)
	}
	conn.SetTimeout(answerTimeout)
	if d.config.StartTLS {
		if err := conn.StartTLS(d.config.tls); err != nil {
			conn.Close()
			return nil, fmt.Errorf("encrypt the connection to the directory: %w", err)
		}
	}
	return conn, nil
}

// connection returns the shared connection, signed in as the searching account.
func (d *Directory) connection() (*ldap.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conn != nil && !d.conn.IsClosing() {
		return d.conn, nil
	}
	conn, err := d.dial()
	if err != nil {
		return nil, err
	}
	if d.config.BindDN != "" {
		if err := conn.Bind(d.config.BindDN, d.password.Reveal()); err != nil {
			conn.Close()
			return nil, fmt.Errorf("sign in to the directory as %s: %w", d.config.BindDN, err)
		}
	}
	d.conn = conn
	return conn, nil
}

// search asks for at most limit entries. A connection that turns out to be broken is replaced
// once: an idle one may have been closed by the server.
func (d *Directory) search(ctx context.Context, base string, scope int, filter string, limit int, attrs ...string) ([]*ldap.Entry, error) {
	var last error
	for range 2 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		conn, err := d.connection()
		if err != nil {
			return nil, err
		}
		res, err := conn.Search(ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, limit, int(answerTimeout.Seconds()), false, filter, attrs, nil))
		switch {
		case err == nil:
			return res.Entries, nil
		case ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) && res != nil:
			return res.Entries, nil // as many as were asked for
		case ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject):
			return nil, nil
		case !ldap.IsErrorWithCode(err, ldap.ErrorNetwork):
			return nil, fmt.Errorf("search the directory: %w", err)
		}
		last = fmt.Errorf("search the directory: %w", err)
		d.drop(conn)
	}
	return nil, last
}

// drop closes a broken connection.
func (d *Directory) drop(conn *ldap.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	conn.Close()
	if d.conn == conn {
		d.conn = nil
	}
}

func (d *Directory) attributes() []string {
	c := d.config
	return []string{c.UsernameAttr, c.FirstNameAttr, c.LastNameAttr, c.EmailAttr}
}

func (d *Directory) person(e *ldap.Entry) portal.Person {
	c := d.config
	name := e.GetAttributeValue(c.UsernameAttr)
	if c.Domain != "" {
		name = c.Domain + `\` + name
	}
	return portal.Person{
		Username: name, FirstName: e.GetAttributeValue(c.FirstNameAttr), LastName: e.GetAttributeValue(c.LastNameAttr), Email: e.GetAttributeValue(c.EmailAttr),
	}
}

// plain is a name without the domain in front of it or behind it.
func (d *Directory) plain(username string) string {
	if _, name, ok := strings.Cut(username, `\`); ok {
		return name
	}
	if name, domain, ok := strings.Cut(username, "@"); ok && d.config.Domain != "" && strings.EqualFold(domain, d.config.Domain) {
		return name
	}
	return username
}

// having is a filter for entries of which one attribute holds text; all pass an empty text.
func having(filter, text string, attrs ...string) string {
	if text == "" {
		return filter
	}
	var any strings.Builder
	for _, a := range attrs {
		fmt.Fprintf(&any, "(%s=*%s*)", a, ldap.EscapeFilter(text))
	}
	return "(&" + filter + "(|" + any.String() + "))"
}

// People implements [portal.Directory].
func (d *Directory) People(ctx context.Context, filter string, limit int) ([]portal.Person, error) {
	entries, err := d.search(ctx, d.config.UserBase, ldap.ScopeWholeSubtree, having(d.config.UserFilter, d.plain(filter), d.attributes()...), limit, d.attributes()...)
	if err != nil {
		return nil, err
	}
	out := make([]portal.Person, 0, len(entries))
	for _, e := range entries {
		if len(out) < limit && e.GetAttributeValue(d.config.UsernameAttr) != "" {
			out = append(out, d.person(e))
		}
	}
	return out, nil
}

// entry finds the one entry of a name. Two entries of one name are nobody: a password must not
// be asked of the wrong one.
func (d *Directory) entry(ctx context.Context, username string) (*ldap.Entry, error) {
	name := d.plain(username)
	if name == "" {
		return nil, portal.ErrAbsent
	}
	c := d.config
	entries, err := d.search(ctx, c.UserBase, ldap.ScopeWholeSubtree, fmt.Sprintf("(&%s(%s=%s))", c.UserFilter, c.UsernameAttr, ldap.EscapeFilter(name)), 2, d.attributes()...)
	if err != nil {
		return nil, err
	}
	if len(entries) != 1 {
		return nil, portal.ErrAbsent
	}
	return entries[0], nil
}

// Person implements [portal.Directory].
func (d *Directory) Person(ctx context.Context, username string) (*portal.Person, error) {
	e, err := d.entry(ctx, username)
	if err != nil {
		return nil, err
	}
	p := d.person(e)
	return &p, nil
}

// Groups implements [portal.Directory].
func (d *Directory) Groups(ctx context.Context, filter string, limit int) ([]string, error) {
	return d.groups(ctx, having(d.config.GroupFilter, filter, d.config.GroupNameAttr), limit)
}

func (d *Directory) groups(ctx context.Context, filter string, limit int) ([]string, error) {
	c := d.config
	if c.GroupBase == "" {
		return nil, nil
	}
	entries, err := d.search(ctx, c.GroupBase, ldap.ScopeWholeSubtree, filter, limit, c.GroupNameAttr)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if name := e.GetAttributeValue(c.GroupNameAttr); name != "" && len(out) < limit {
			out = append(out, name)
		}
	}
	return out, nil
}

// GroupsOf implements [portal.Directory].
func (d *Directory) GroupsOf(ctx context.Context, username, filter string, limit int) ([]string, error) {
	e, err := d.entry(ctx, username)
	if err != nil {
		return nil, err
	}
	member := e.DN
	if d.byName() {
		member = e.GetAttributeValue(d.config.UsernameAttr)
	}
	groups := having(d.config.GroupFilter, filter, d.config.GroupNameAttr)
	return d.groups(ctx, fmt.Sprintf("(&%s(%s=%s))", groups, d.config.MemberAttr, ldap.EscapeFilter(member)), limit)
}

// byName reports whether groups list usernames, not names of entries.
func (d *Directory) byName() bool { return strings.EqualFold(d.config.MemberAttr, "memberUid") }

// PeopleOf implements [portal.Directory].
func (d *Directory) PeopleOf(ctx context.Context, group, filter string, limit int) ([]portal.Person, error) {
	c := d.config
	if c.GroupBase == "" || group == "" {
		return nil, portal.ErrAbsent
	}
	groups, err := d.search(ctx, c.GroupBase, ldap.ScopeWholeSubtree, fmt.Sprintf("(&%s(%s=%s))", c.GroupFilter, c.GroupNameAttr, ldap.EscapeFilter(group)), 2, c.MemberAttr)
	if err != nil {
		return nil, err
	}
	if len(groups) != 1 {
		return nil, portal.ErrAbsent
	}
	members := groups[0].GetAttributeValues(c.MemberAttr)
	var out []portal.Person
	for len(members) > 0 && len(out) < limit {
		n := min(len(members), max(readers, limit-len(out)))
		some, err := d.read(ctx, members[:n], filter)
		if err != nil {
			return nil, err
		}
		out, members = append(out, some...), members[n:]
	}
	return out[:min(len(out), limit)], nil
}

// read returns the people among members whose names hold filter, in order.
func (d *Directory) read(ctx context.Context, members []string, filter string) ([]portal.Person, error) {
	found := make([]*portal.Person, len(members))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, m := range members {
		g.Go(func() error {
			base, scope, f := m, ldap.ScopeBaseObject, d.config.UserFilter
			if d.byName() {
				base, scope = d.config.UserBase, ldap.ScopeWholeSubtree
				f = fmt.Sprintf("(&%s(%s=%s))", f, d.config.UsernameAttr, ldap.EscapeFilter(m))
			}
			entries, err := d.search(ctx, base, scope, having(f, filter, d.attributes()...), 1, d.attributes()...)
			if err == nil && len(entries) == 1 {
				p := d.person(entries[0])
				found[i] = &p
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var out []portal.Person
	for _, p := range found {
		if p != nil {
			out = append(out, *p)
		}
	}
	return out, nil
}

// Verify implements [portal.Directory]: it signs in as the person on a connection of its own. For
// a name without an entry it does the same as an entry that does not exist, so that the time of
// the answer is alike.
func (d *Directory) Verify(ctx context.Context, username string, password secret.Secret) (bool, error) {
	if password == "" {
		return false, nil
	}
	select {
	case d.binds <- struct{}{}:
		defer func() { <-d.binds }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	dn, known := d.config.UserBase, true
	e, err := d.entry(ctx, username)
	switch {
	case errors.Is(err, portal.ErrAbsent):
		known, password = false, secret.New(12)
		dn = "cn=" + ldap.EscapeDN(secret.Hex(8)) + "," + dn
	case err != nil:
		return false, err
	default:
		dn = e.DN
	}
	conn, err := d.dial()
	if err != nil {
		return false, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	err = conn.Bind(dn, password.Reveal())
	switch {
	case err == nil:
		return known, nil
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultInvalidCredentials, ldap.LDAPResultNoSuchObject, ldap.LDAPResultUnwillingToPerform,
		ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultConstraintViolation, ldap.LDAPResultInsufficientAccessRights):
		return false, nil // wrong, or of a kind that the server does not take
	}
	return false, fmt.Errorf("ask the directory for a password: %w", err)
}
