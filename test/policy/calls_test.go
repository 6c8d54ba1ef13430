package policy

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
)

// call says how a route is called so that whoever may do it succeeds.
type call struct {
	setup setup
	like  string // the route that tells whether the object exists for a caller; empty: none does
	form  func(o *object, as who) url.Values
	files func(o *object) []part
	get   bool
	plain bool // without f
	fresh bool // each caller gets an object of his own
	rare  bool // the portal takes few such calls at a time
	// lonely is for what belongs to the organization as a whole.
	lonely bool
	// shows refines the outcome ok by what the answer shows of the object.
	shows func(a answer, o *object) string
}

// calls lists how each route is called.
func calls() map[string]call {
	out := map[string]call{}
	for _, part := range []map[string]call{rootCalls(), portalsCalls(), usersCalls(), licensesCalls(), groupsCalls(), contentCalls(), itemsCalls(), userItemCalls(), searchCalls(), signInCalls(), orgCalls(), appCalls()} {
		maps.Copy(out, part)
	}
	return out
}

// The routes that tell whether an item, a group or a member exists for a caller.
const (
	likeItem  = rest + "content/items/{id}"
	likeGroup = rest + "community/groups/{id}"
	likeUser  = rest + "community/users/{username}"
)

// fixed is the parameters of a call that are the same for every object.
func fixed(pairs ...string) func(*object, who) url.Values {
	return func(*object, who) url.Values { return values(pairs...) }
}

// vars is the parameters of a call whose values are variables of the object: name, variable.
func vars(pairs ...string) func(*object, who) url.Values {
	return func(o *object, _ who) url.Values {
		out := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			out.Set(pairs[i], o.vars[pairs[i+1]])
		}
		return out
	}
}

func values(pairs ...string) url.Values {
	out := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// parts is the file parts of a call that are the same for every object.
func parts(files ...part) func(*object) []part {
	return func(*object) []part { return files }
}

// among reports whether an answer names the object.
func among(a answer, o *object) string {
	shown := maps.Clone(a.doc)
	delete(shown, "query") // the caller's own words
	text := mustJSON(shown)
	for _, n := range o.needles {
		if strings.Contains(text, n) {
			return "found"
		}
	}
	return "absent"
}

// counted is among for an answer that holds the object alone: its total and its counts have
// to agree.
func counted(a answer, o *object) string {
	shown := among(a, o)
	want := 0.0
	if shown == "found" {
		want = 1
	}
	if a.doc["total"] != want {
		return fmt.Sprintf("%s with a total of %v", shown, a.doc["total"])
	}
	counts, _ := a.doc["aggregations"].(map[string]any)
	fields, _ := counts["counts"].([]any)
	for _, f := range fields {
		field := f.(map[string]any)
		sum := 0.0
		for _, v := range field["fieldValues"].([]any) {
			sum += v.(map[string]any)["count"].(float64)
		}
		if sum != want {
			return fmt.Sprintf("%s, but %v counted by %v", shown, sum, field["fieldName"])
		}
	}
	return shown
}

// profile tells how much of a member is shown.
func profile(doc map[string]any) string {
	switch {
	case doc["email"] != nil && doc["lastLogin"] != nil:
		return "full"
	case doc["role"] != nil:
		return "basic"
	}
	for _, secret := range []string{"email", "lastLogin", "disabled", "privileges", "roleId", "userLicenseTypeId", "favGroupId"} {
		if _, there := doc[secret]; there {
			return "public with " + secret
		}
	}
	return "public"
}

func profileOf(a answer, _ *object) string { return profile(a.doc) }

// listedProfile is profile for a list that holds the member alone.
func listedProfile(key string) func(answer, *object) string {
	return func(a answer, o *object) string {
		shown := counted(a, o)
		rows, _ := a.doc[key].([]any)
		if shown != "found" || len(rows) != 1 {
			return shown
		}
		return profile(rows[0].(map[string]any))
	}
}

// under makes calls below a path that need no more than a setup.
func under(path string, c call, operations ...string) map[string]call {
	out := map[string]call{}
	for _, op := range operations {
		out[path+"/"+op] = c
	}
	return out
}
