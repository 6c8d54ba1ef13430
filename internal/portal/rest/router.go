package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// contexts are the paths that the portal answers under.
var contexts = [...]string{"portal", "arcgis"}

// table finds the route of a path. It is a tree of segments, so one lookup visits each of its
// nodes at most once, whatever the path holds.
type table struct {
	root   *node
	routes []Route
}

type node struct {
	fixed    map[string]*node // by lower-case segment
	variable *node
	route    *target // a pattern that ends here
	rest     *target // a pattern that takes all that follows
}

// target is a route with the names of its variables in order of appearance.
type target struct {
	*Route
	names []string
}

// newTable builds the tree; two routes with patterns that match the same paths are an error.
func newTable(routes []Route) (*table, error) {
	t := &table{root: &node{}, routes: routes}
	for i := range routes {
		if err := t.add(&routes[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *table) add(r *Route) error {
	if r.Handle == nil {
		return fmt.Errorf("route %q has no handler", r.Pattern)
	}
	n, tg := t.root, &target{Route: r}
	segments := strings.Split(r.Pattern, "/")
	for i, s := range segments {
		name, isVar := variableName(s)
		if rest, ok := strings.CutSuffix(name, "..."); isVar && ok {
			if i != len(segments)-1 {
				return fmt.Errorf("route %q: %s must come last", r.Pattern, s)
			}
			tg.names = append(tg.names, rest)
			return place(&n.rest, tg)
		}
		if isVar {
			tg.names = append(tg.names, name)
			if n.variable == nil {
				n.variable = &node{}
			}
			n = n.variable
			continue
		}
		n = n.child(strings.ToLower(s))
	}
	return place(&n.route, tg)
}

func (n *node) child(segment string) *node {
	c := n.fixed[segment]
	if c == nil {
		if n.fixed == nil {
			n.fixed = map[string]*node{}
		}
		c = &node{}
		n.fixed[segment] = c
	}
	return c
}

func place(slot **target, tg *target) error {
	if *slot != nil {
		return fmt.Errorf("routes %q and %q match the same paths", (*slot).Pattern, tg.Pattern)
	}
	*slot = tg
	return nil
}

func variableName(segment string) (string, bool) {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

// find returns the route of a path below the context and its variables.
func (t *table) find(segments []string) (*Route, map[string]string) {
	tg, values := t.root.find(segments, nil)
	if tg == nil {
		return nil, nil
	}
	vars := make(map[string]string, len(values))
	for i, name := range tg.names {
		vars[name] = values[i]
	}
	return tg.Route, vars
}

func (n *node) find(segments, values []string) (*target, []string) {
	if len(segments) == 0 {
		if n.route != nil {
			return n.route, values
		}
		if n.rest != nil {
			return n.rest, append(values, "")
		}
		return nil, nil
	}
	if c := n.fixed[strings.ToLower(segments[0])]; c != nil {
		if tg, v := c.find(segments[1:], values); tg != nil {
			return tg, v
		}
	}
	if n.variable != nil {
		if tg, v := n.variable.find(segments[1:], append(values[:len(values):len(values)], segments[0])); tg != nil {
			return tg, v
		}
	}
	if n.rest != nil {
		return n.rest, append(values[:len(values):len(values)], strings.Join(segments, "/"))
	}
	return nil, nil
}

// maxSegments is more than any route has.
const maxSegments = 64

// segmentsOf splits the path of a request: empty segments (doubled and trailing slashes) are
// dropped and escapes undone. ok is false for a path that no route can have.
func segmentsOf(h *http.Request) (segments []string, ok bool) {
	for s := range strings.SplitSeq(h.URL.EscapedPath(), "/") {
		if s == "" {
			continue
		}
		u, err := url.PathUnescape(s)
		if err != nil || u == "." || u == ".." || strings.ContainsRune(u, 0) || len(segments) == maxSegments {
			return nil, false
		}
		segments = append(segments, u)
	}
	return segments, true
}

// cutContext drops the portal's context from the segments of a path.
func cutContext(segments []string) ([]string, bool) {
	if len(segments) == 0 {
		return nil, false
	}
	for _, c := range contexts {
		if strings.EqualFold(segments[0], c) {
			return segments[1:], true
		}
	}
	return nil, false
}
