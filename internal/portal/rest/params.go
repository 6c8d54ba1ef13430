package rest

import (
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Has reports whether a parameter was sent, even empty.
func (r *Request) Has(name string) bool {
	_, ok := r.params[r.key(name)]
	return ok
}

// Str returns a parameter's first value, unchanged; empty where it was not sent.
func (r *Request) Str(name string) string {
	if v := r.params[r.key(name)]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// All returns every value of a repeated parameter.
func (r *Request) All(name string) []string { return r.params[r.key(name)] }

// Need returns a parameter that must be there and not blank.
func (r *Request) Need(name string) (string, error) {
	s := r.Str(name)
	if strings.TrimSpace(s) == "" {
		return "", portal.ErrMissingParam(name)
	}
	return s, nil
}

// Ptr returns a parameter, or nil where it was not sent: "leave unchanged".
func (r *Request) Ptr(name string) *string {
	if !r.Has(name) {
		return nil
	}
	s := r.Str(name)
	return &s
}

// File returns the first file part of a name; ok is false where there is none.
func (r *Request) File(name string) (f portal.File, ok bool) {
	if v := r.files[r.key(name)]; len(v) > 0 {
		return v[0], true
	}
	return portal.File{}, false
}

// FileParts returns every file part of a name, in order.
func (r *Request) FileParts(name string) []portal.File { return r.files[r.key(name)] }

// key is a parameter's name as the maps hold it.
func (r *Request) key(name string) string {
	name = strings.ToLower(name)
	if r.asked != nil {
		r.asked[name] = true
	}
	return name
}

// unasked lists the parameters that the handler never looked at, sorted. Names are a caller's
// own words: a body in another form than it claims to have arrives as names, a raw & in a
// password makes a name of its end. So what does not read as a name is not listed, and of a
// request with a password nothing is.
func (r *Request) unasked() []string {
	var out []string
	list := func(name string) {
		if readsAsName(name) {
			out = append(out, name)
		}
	}
	for name := range r.params {
		if strings.Contains(name, "password") || strings.Contains(name, "secret") {
			return nil
		}
		if !r.asked[name] {
			list(name)
		}
	}
	for name := range r.files {
		if !r.asked[name] && r.params[name] == nil {
			list(name)
		}
	}
	slices.Sort(out)
	return out
}

// maxNameLogged is longer than any parameter of the API.
const maxNameLogged = 40

// readsAsName reports whether a parameter's name is a word such as the API has.
func readsAsName(s string) bool {
	return s != "" && len(s) <= maxNameLogged && !strings.ContainsFunc(s, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '.')
	})
}
