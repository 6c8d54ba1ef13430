package main

import (
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal/oauth"
	"github.com/rhumb-gis/rhumb/internal/portal/rest"
	"github.com/rhumb-gis/rhumb/tools/directive"
)

// restPrefix is where the operations that directives name are served.
const restPrefix = "sharing/rest/"

// route is one entry of the server's route table.
type route struct {
	pattern string // below sharing/rest, or the whole path
	write   bool
}

func (r route) String() string {
	if r.write {
		return "POST " + r.pattern
	}
	return "GET " + r.pattern
}

// serves reports whether the route answers the operation: fixed segments match without
// regard to case, a variable matches any segment, a last {name...} any rest.
func (r route) serves(op directive.Operation) bool {
	if r.write && op.Verb != "POST" {
		return false
	}
	want, have := strings.Split(op.Path, "/"), strings.Split(r.pattern, "/")
	for i, h := range have {
		if strings.HasSuffix(h, "...}") {
			return i < len(want)
		}
		if i >= len(want) || !variable(h) && !strings.EqualFold(h, want[i]) {
			return false
		}
	}
	return len(want) == len(have)
}

func variable(segment string) bool { return strings.HasPrefix(segment, "{") }

// served reads the route tables of the server itself.
func served() []route {
	var out []route
	add := func(pattern string, write bool) {
		out = append(out, route{strings.TrimPrefix(pattern, restPrefix), write})
	}
	for _, r := range rest.New(rest.Config{}).Routes() {
		add(r.Pattern, r.Write)
	}
	for _, op := range (&oauth.Service{}).Ops() {
		add(op.Path, op.Post)
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.pattern, b.pattern) })
	return slices.Compact(out)
}
