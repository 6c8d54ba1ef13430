package rest

import (
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Has reports whether a parameter was sent, even empty.
func (r *Request) Has(name string) bool {
	_, ok := r.params[strings.ToLower(name)]
	return ok
}

// Str returns a parameter's first value, unchanged; empty where it was not sent.
func (r *Request) Str(name string) string {
	if v := r.params[strings.ToLower(name)]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// All returns every value of a repeated parameter.
func (r *Request) All(name string) []string { return r.params[strings.ToLower(name)] }

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
	if v := r.files[strings.ToLower(name)]; len(v) > 0 {
		return v[0], true
	}
	return portal.File{}, false
}

// FileParts returns every file part of a name, in order.
func (r *Request) FileParts(name string) []portal.File { return r.files[strings.ToLower(name)] }
