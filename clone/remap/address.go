package remap

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// address is a portal's or service's address in canonical form.
type address struct {
	scheme string // https or http
	host   string // lower-case, with its port unless that is the default of the scheme
	path   string // "" or "/…", as written, without trailing slash
}

// parseAddress reads an address with or without scheme.
func parseAddress(text string) (address, error) {
	switch {
	case strings.HasPrefix(text, "//"):
		text = "https:" + text
	case !strings.Contains(text, "://"):
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return address{}, errors.New("is not a URL")
	}
	a := address{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(u.Host)}
	switch {
	case a.scheme != "http" && a.scheme != "https":
		return address{}, errors.New("must be an http or https address")
	case u.Hostname() == "":
		return address{}, errors.New("has no host")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return address{}, errors.New("must be an address without user, query and fragment")
	}
	if port := u.Port(); port == "" || port == map[string]string{"http": "80", "https": "443"}[a.scheme] {
		a.host = strings.TrimSuffix(strings.TrimSuffix(a.host, port), ":")
	}
	a.path = strings.TrimRight(u.EscapedPath(), "/")
	return a, nil
}

func (a address) hasPort() bool {
	return strings.LastIndexByte(a.host, ':') > strings.LastIndexByte(a.host, ']')
}

// key is what two spellings of the address have in common.
func (a address) key() string {
	path, err := url.PathUnescape(a.path)
	if err != nil {
		path = a.path
	}
	return a.host + strings.ToLower(path)
}

// text is the address as a URL that starts with scheme, "//" or the host alone.
func (a address) text(form urlForm) string {
	switch form {
	case withScheme:
		return a.scheme + "://" + a.host + a.path
	case relative:
		return "//" + a.host + a.path
	}
	return a.host + a.path
}

// urlForm is how much of a URL stands before the host.
type urlForm int

const (
	bare       urlForm = iota // nothing
	relative                  // two slashes, or a scheme that is not http(s)
	withScheme                // http:// or https://
)

// A pattern is one lower-case spelling "host:port/context" of a portal's address.
type pattern struct {
	text     string
	to       *address // what takes its place
	target   bool     // of the target: stays as it is
	hostOnly bool     // without context path
	bare     bool     // recognized without scheme and slashes
}

// patterns are the spellings of an address: ports 80 and 443 stand for none.
func (a address) patterns(target bool) []pattern {
	var list []pattern
	ports := []string{"", ":443", ":80"}
	if a.hasPort() {
		ports = ports[:1]
	}
	path := strings.TrimPrefix(a.key(), a.host)
	for _, port := range ports {
		list = append(list, pattern{
			text:     a.host + port + path,
			target:   target,
			hostOnly: path == "",
			bare:     strings.Contains(a.host, ".") || a.hasPort(),
		})
	}
	return list
}

// onlineHosts serve public content of every ArcGIS Online organization, so that their address
// alone does not mean the source portal.
var onlineHosts = []string{"www.arcgis.com", "cdn.arcgis.com", "arcgis.com"}

func (r *Rewriter) addPortals(source []string, to string) error {
	if len(source) == 0 && to == "" {
		return nil
	}
	if to == "" {
		return errors.New("remap: Target: the address of the target portal is required beside Source")
	}
	var err error
	if r.to, err = parseAddress(to); err != nil {
		return fmt.Errorf("remap: Target %q %w", to, err)
	}
	r.portals = r.to.patterns(true)
	for i, text := range source {
		a, err := parseAddress(text)
		if err != nil {
			return fmt.Errorf("remap: Source[%d] %q %w", i, text, err)
		}
		for _, suffix := range []string{"/home/index.html", "/home", "/sharing/rest", "/sharing"} {
			a.path = strings.TrimSuffix(a.path, suffix)
		}
		r.addSource(a)
	}
	return nil
}

// addSource adds one address of the source and, for a host without port, the internal
// addresses under which the portal itself listens behind its web adaptor.
func (r *Rewriter) addSource(a address) {
	if slices.Contains(onlineHosts, a.host) {
		return
	}
	list := []address{a}
	if !a.hasPort() && !strings.HasSuffix(a.host, ".arcgis.com") {
		list = append(list, address{"https", a.host + ":7443", "/arcgis"}, address{"http", a.host + ":7080", "/arcgis"})
	}
	for _, a := range list {
		for _, p := range a.patterns(false) {
			if !slices.ContainsFunc(r.portals, func(q pattern) bool { return q.text == p.text }) {
				r.portals = append(r.portals, p)
			}
		}
		if rest, ok := strings.CutPrefix(a.key(), r.to.key()); ok && strings.HasPrefix(rest, "/") {
			r.repeats = append(r.repeats, rest)
		}
	}
}

func (r *Rewriter) addServices(list []Service) error {
	for i, s := range list {
		from, err := parseService(s.From)
		if err != nil {
			return fmt.Errorf("remap: Services[%d].From %q %w", i, s.From, err)
		}
		to, err := parseService(s.To)
		if err != nil {
			return fmt.Errorf("remap: Services[%d].To %q %w", i, s.To, err)
		}
		keep := from.key() == to.key()
		for n, m := range s.Layers {
			if n < 0 || m < 0 || keep && n != m {
				return fmt.Errorf("remap: Services[%d].Layers[%d]: cannot become %d", i, n, m)
			}
		}
		if had, ok := r.services[from.key()]; ok && had.to != to {
			return fmt.Errorf("remap: Services[%d].From %q: already mapped to another service", i, s.From)
		}
		r.services[from.key()] = service{to, keep, maps.Clone(s.Layers)}
		r.renumbers = r.renumbers || s.Layers != nil
		if err := r.addLayers(s); err != nil {
			return fmt.Errorf("remap: Services[%d].Item %q %w", i, s.Item, err)
		}
	}
	for from, s := range r.services {
		if _, ok := r.services[s.to.key()]; ok && !s.keep {
			return fmt.Errorf("remap: Services: %s maps to %s, which is itself mapped", from, s.to.key())
		}
		if text := []byte(s.to.key()); r.isSource(text) {
			return fmt.Errorf("remap: Services: %s maps to %s, which is on the source portal", from, text)
		}
	}
	return nil
}

// addLayers notes the layer numbers of a service whose item moves.
func (r *Rewriter) addLayers(s Service) error {
	if s.Item == "" || s.Layers == nil {
		return nil
	}
	if !esri.IsID(s.Item) {
		return errors.New("is not 32 lower-case hexadecimal characters")
	}
	if r.layers == nil {
		r.layers = map[[idLen / 2]byte]map[int]int{}
	}
	r.layers[packID([]byte(s.Item))] = maps.Clone(s.Layers)
	return nil
}

// isSource reports whether an address in canonical spelling is one of the source portal.
func (r *Rewriter) isSource(key []byte) bool {
	p, _ := r.portal(key, 0)
	return p != nil && !p.target
}

// parseService reads the address of a service and makes sure that it ends where addresses in
// text are cut.
func parseService(text string) (address, error) {
	a, err := parseAddress(text)
	if err != nil {
		return a, err
	}
	if key := a.key(); serviceEnd([]byte(key)) != len(key) {
		return a, errors.New("must end with the service type, as in …/rest/services/Name/FeatureServer")
	}
	return a, nil
}

func (r *Rewriter) addRoots(list []string) error {
	for i, text := range list {
		a, err := parseAddress(text)
		if err != nil {
			return fmt.Errorf("remap: ServiceRoots[%d] %q %w", i, text, err)
		}
		r.roots = append(r.roots, a.patterns(false)...)
	}
	sortPatterns(r.roots)
	for _, p := range r.roots {
		r.lookahead = max(r.lookahead, len(p.text))
	}
	return nil
}

// sortPatterns puts longer patterns before the shorter ones that they may start with.
func sortPatterns(list []pattern) {
	slices.SortStableFunc(list, func(a, b pattern) int { return cmp.Compare(len(b.text), len(a.text)) })
}

func upper(c byte) byte {
	if c-'a' < 26 {
		return c &^ 0x20
	}
	return c
}
