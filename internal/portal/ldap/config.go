package ldap

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Config is the file of rhumb serve --ldap. The password of BindDN is not in it: it comes from
// the environment.
type Config struct {
	URL      string `json:"url"`      // ldaps://host:636, or ldap://host:389 with startTLS or on this machine
	StartTLS bool   `json:"startTLS"` // encrypt a connection that begins in the clear
	CA       string `json:"ca"`       // file of the authority to trust, beside the config; empty: those of the system
	BindDN   string `json:"bindDN"`   // who searches; empty: anonymous
	Domain   string `json:"domain"`   // put before names, as in DOMAIN\name; empty: plain names

	UserBase      string `json:"userBase"`
	UserFilter    string `json:"userFilter"`    // default (objectClass=inetOrgPerson)
	UsernameAttr  string `json:"usernameAttr"`  // default uid
	FirstNameAttr string `json:"firstNameAttr"` // default givenName
	LastNameAttr  string `json:"lastNameAttr"`  // default sn
	EmailAttr     string `json:"emailAttr"`     // default mail

	GroupBase     string `json:"groupBase"`     // empty: no groups
	GroupFilter   string `json:"groupFilter"`   // default (objectClass=groupOfNames)
	GroupNameAttr string `json:"groupNameAttr"` // default cn
	MemberAttr    string `json:"memberAttr"`    // default member, which holds names of entries; memberUid holds usernames

	tls *tls.Config
}

// ReadConfig reads and checks a file. Mistakes name the field.
func ReadConfig(file string) (*Config, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	c := &Config{}
	if err := dec.Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if c.CA != "" && !filepath.IsAbs(c.CA) {
		c.CA = filepath.Join(filepath.Dir(file), c.CA)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// check fills in defaults and finds what cannot work before the server is asked.
func (c *Config) check() error {
	for _, f := range []struct {
		field *string
		value string
	}{
		{&c.UserFilter, "(objectClass=inetOrgPerson)"}, {&c.UsernameAttr, "uid"}, {&c.FirstNameAttr, "givenName"}, {&c.LastNameAttr, "sn"},
		{&c.EmailAttr, "mail"}, {&c.GroupFilter, "(objectClass=groupOfNames)"}, {&c.GroupNameAttr, "cn"}, {&c.MemberAttr, "member"},
	} {
		if *f.field == "" {
			*f.field = f.value
		}
	}
	if c.UserBase == "" {
		return errors.New("userBase: name the entry below which people are, such as ou=people,dc=example,dc=org")
	}
	for _, f := range []struct{ name, dn string }{{"userBase", c.UserBase}, {"groupBase", c.GroupBase}, {"bindDN", c.BindDN}} {
		if _, err := ldap.ParseDN(f.dn); err != nil {
			return fmt.Errorf("%s: %q is not the name of an entry: %w", f.name, f.dn, err)
		}
	}
	for _, f := range []struct{ name, filter string }{{"userFilter", c.UserFilter}, {"groupFilter", c.GroupFilter}} {
		if _, err := ldap.CompileFilter(f.filter); err != nil {
			return fmt.Errorf("%s: %q is not a filter: %w", f.name, f.filter, err)
		}
	}
	return c.checkURL()
}

func (c *Config) checkURL() error {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "ldap" && u.Scheme != "ldaps") || u.User != nil {
		return fmt.Errorf("url: %q must be ldaps://host or ldap://host, with a port where it is not 636 or 389", c.URL)
	}
	if u.Scheme == "ldap" && !c.StartTLS && !thisMachine(u.Hostname()) {
		return errors.New("url: passwords would travel in the clear; use ldaps, or set startTLS")
	}
	if u.Scheme == "ldaps" && c.StartTLS {
		return errors.New("startTLS: ldaps is encrypted from the start; use one of the two")
	}
	c.tls = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	if c.CA == "" {
		return nil
	}
	pem, err := os.ReadFile(c.CA)
	if err != nil {
		return fmt.Errorf("ca: %w", err)
	}
	c.tls.RootCAs = x509.NewCertPool()
	if !c.tls.RootCAs.AppendCertsFromPEM(pem) {
		return fmt.Errorf("ca: %s holds no certificate in PEM form", c.CA)
	}
	return nil
}

func thisMachine(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// New makes a directory. It does no I/O: see [Directory.Check].
func New(c *Config, password secret.Secret) (*Directory, error) {
	if c.BindDN != "" && password == "" {
		return nil, fmt.Errorf("bindDN: the password of %s is missing; set RHUMB_LDAP_PASSWORD", c.BindDN)
	}
	return &Directory{config: c, password: password, binds: make(chan struct{}, maxBinds)}, nil
}
