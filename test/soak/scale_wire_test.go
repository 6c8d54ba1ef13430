package soak

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// wiretap stands in front of a portal and counts what is asked of it.
type wiretap struct {
	mu     sync.Mutex
	calls  map[string]int             // by method and route
	writes map[string]map[string]bool // ids that were written, by route
	data   map[string]bool            // ids of items whose data was read
}

// reset forgets what was counted.
func (w *wiretap) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.writes, w.data = map[string]int{}, map[string]map[string]bool{}, map[string]bool{}
}

func (w *wiretap) wrap(next http.Handler) http.Handler {
	w.reset()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		route, id := routeOf(r.URL.Path)
		if r.Method == http.MethodPost && !strings.HasSuffix(route, "/generateToken") {
			w.written(route, id, r)
		}
		w.mu.Lock()
		w.calls[r.Method+" "+route]++
		if strings.HasSuffix(route, "/data") {
			w.data[id] = true
		}
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
}

// written notes the items that a write is about. Those that name them in the form are read, and
// the body is put back.
func (w *wiretap) written(route, id string, r *http.Request) {
	ids := []string{id}
	if field := itemsInForm[route[strings.LastIndexByte(route, '/')+1:]]; field != "" {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if form, perr := url.ParseQuery(string(body)); err == nil && perr == nil {
			ids = strings.Split(form.Get(field), ",")
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writes[route] == nil {
		w.writes[route] = map[string]bool{}
	}
	for _, id := range ids {
		w.writes[route][id] = true
	}
}

// itemsInForm are the operations that name their items in a form field.
var itemsInForm = map[string]string{"addRelationship": "originItemId", "deleteRelationship": "originItemId", "shareItems": "items", "unshareItems": "items"}

var idInPath = regexp.MustCompile(`[0-9a-f]{32}`)

// routeOf is a path without what names one object, and the last id in it.
func routeOf(path string) (route, id string) {
	parts := strings.Split(strings.TrimPrefix(path, "/portal/sharing/rest"), "/")
	for i, p := range parts {
		switch {
		case idInPath.MatchString(p):
			parts[i], id = "*", p
		case i > 0 && parts[i-1] == "users" && p != "createUser":
			parts[i] = "*"
		case i > 1 && (parts[i-2] == "items" || parts[i-1] == "resources" || parts[i-1] == "info"):
			if parts[i-1] == "resources" || parts[i-1] == "info" {
				return strings.Join(parts[:i], "/") + "/*", id
			}
		}
	}
	return strings.Join(parts, "/"), id
}

// total is the number of calls, and count that of the routes that end so.
func (w *wiretap) total() int { return w.count("") }

func (w *wiretap) count(suffix string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for route, calls := range w.calls {
		if strings.HasSuffix(route, suffix) {
			n += calls
		}
	}
	return n
}

// downloaded lists the items whose data was read, by the ids that names has for them.
func (w *wiretap) downloaded(names map[string]string) (ids []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id := range w.data {
		if name := names[id]; name != "" {
			id = name
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// wrote returns what was written, ids by the last part of the route.
func (w *wiretap) wrote() map[string][]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string][]string{}
	for route, ids := range w.writes {
		op := route[strings.LastIndexByte(route, '/')+1:]
		out[op] = append(out[op], slices.Collect(maps.Keys(ids))...)
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

// table lists the routes with most calls first.
func (w *wiretap) table() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	routes := slices.SortedFunc(maps.Keys(w.calls), func(a, b string) int { return w.calls[b] - w.calls[a] })
	var b strings.Builder
	for _, route := range routes {
		fmt.Fprintf(&b, "%9d %s\n", w.calls[route], route)
	}
	return b.String()
}
