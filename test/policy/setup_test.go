package policy

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// setup makes what the words of a state describe.
type setup func(*builder) *object

// builder is what a setup works with.
type builder struct {
	*world
	t      *testing.T
	route  string
	words  []string // of the state
	caller string   // whose the object is to be, in states that begin with "own"
	used   map[string]bool
}

// object is what a state holds: the things that a call names, and how to read them back.
type object struct {
	vars    map[string]string // variables of the route's pattern, and what parameters refer to
	gone    map[string]string // those of something that does not exist
	as      map[string]who    // callers of this object alone
	reads   []func() any      // what is stored, for an administrator
	needles []string          // texts that give the object away
	state   []string          // its words
	used    map[string]bool   // those that something asked for
}

func (b *builder) object(vars map[string]string) *object {
	return &object{vars: vars, gone: map[string]string{}, as: map[string]who{}, state: b.words, used: b.used}
}

// is reports whether the state has a word.
func (b *builder) is(word string) bool {
	if slices.Contains(b.words, word) {
		b.used[word] = true
		return true
	}
	return false
}

func (o *object) is(word string) bool {
	o.used[word] = true
	return slices.Contains(o.state, word)
}

// about reports whether the route contains one of the texts.
func (b *builder) about(parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(b.route, part) })
}

// one returns which of the words the state has; a state with none of them is no state.
func (b *builder) one(words ...string) string {
	b.t.Helper()
	for _, w := range words {
		if b.is(w) {
			return w
		}
	}
	b.t.Fatalf("the state %q has none of %v", strings.Join(b.words, " "), words)
	return ""
}

// ask makes a call in preparation.
func (b *builder) ask(as who, path string, form url.Values, files ...part) map[string]any {
	b.t.Helper()
	return b.must(b.t, as, path, form, files...)
}

// read adds addresses to what is read back.
func (b *builder) read(o *object, paths ...string) {
	for _, path := range paths {
		o.reads = append(o.reads, func() any { return b.stored(b.t, path, nil) })
	}
}

// stored is what an administrator reads at an address, without what changes by reading.
func (w *world) stored(t *testing.T, path string, form url.Values) any {
	a := w.send(t, w.admin, request{path: path, form: form})
	if a.doc == nil {
		return string(a.body)
	}
	return settled(a.doc)
}

// settled drops counters of views and sign-ins from a document.
func settled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		for k, e := range v {
			switch k {
			case "numViews", "lastViewed", "lastLogin", "userMembership":
				delete(out, k)
			default:
				out[k] = settled(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = settled(e)
		}
		return out
	}
	return v
}

// snapshot reads an object back.
func (o *object) snapshot() []any {
	out := make([]any, len(o.reads))
	for i, read := range o.reads {
		out[i] = read()
	}
	return out
}

// self is an account to whom an object of the state can belong: the caller in states that
// begin with "own", who may do everything until settle gives it its role.
func (b *builder) self(o *object) who {
	if !b.is("own") {
		return b.cast["owner"]
	}
	a := b.account(b.t, portaltest.RoleAdmin)
	o.as[b.caller] = a
	b.world.ownerOf.Store(a.name, true)
	return a
}

// settle gives the account of self the role of the caller.
func (b *builder) settle(a who) {
	if b.is("own") {
		role := b.roleOf(b.t, b.caller)
		b.ask(b.admin, rest+"portals/self/updateUserRole", url.Values{"user": {a.name}, "role": {role}})
		b.roles.Store(a.name, role)
	}
}

// nothing is for calls that are about nothing in particular.
func nothing(b *builder) *object {
	b.one("-", "other")
	return b.object(map[string]string{"id": "self"})
}

// noID is an id that nothing has.
const noID = "00000000000000000000000000000bad"
