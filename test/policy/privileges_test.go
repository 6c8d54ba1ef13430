package policy

import (
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
)

// loadPrivileges reads privileges.tsv: the routes that each privilege gates, in order.
func loadPrivileges(t *testing.T) (names []string, gates map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("privileges.tsv")
	if err != nil {
		t.Fatal(err)
	}
	gates = map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || cells[0] == "privilege" {
			continue
		}
		if len(cells) != 3 || !sourceForm.MatchString(cells[2]) || slices.Contains(names, cells[0]) {
			t.Fatalf("privileges.tsv: %q is no row, or a second one", line)
		}
		names = append(names, cells[0])
		if cells[1] != "-" {
			gates[cells[0]] = strings.Split(cells[1], ", ")
		}
	}
	return names, gates
}

// gatedAt finds a state of a route in which a privilege makes the difference, and the callers
// with and without it. States of the caller's own come last.
func (t *table) gatedAt(route, privilege string) (p place, with, without string) {
	for _, own := range []bool{false, true} {
		for _, p := range t.places {
			if p.route != route || strings.HasPrefix(p.state, "own ") != own {
				continue
			}
			with, without := "", ""
			for _, c := range t.callers(p) {
				if !privileged(c) {
					continue
				}
				switch side, named := split(c); {
				case named[0] != privilege:
				case side == "with" && succeeds(t.want[p][c].outcome):
					with = c
				case side == "without":
					without = c
				}
			}
			if with != "" && without != "" && t.want[p][without].outcome != t.want[p][with].outcome {
				return p, with, without
			}
		}
	}
	return place{}, "", ""
}

// TestPrivilegesGate demands that every privilege of the portal stands in privileges.tsv, and
// rows that try it from both sides on every route that it gates.
func TestPrivilegesGate(t *testing.T) {
	t.Parallel()
	tab := load(t)
	names, gates := loadPrivileges(t)
	all := newWorld(t).all
	for _, name := range all {
		if !slices.Contains(names, name) {
			t.Errorf("privileges.tsv does not name %s of the portal", name)
		}
	}
	tried := map[string]bool{}
	for _, name := range names {
		if !slices.Contains(all, name) {
			t.Errorf("the portal does not have %s", name)
		}
		for _, route := range gates[name] {
			if _, with, _ := tab.gatedAt(route, name); with == "" {
				t.Errorf("no rows try %s with and without %s", route, name)
			}
		}
	}
	for _, want := range tab.want {
		for c := range want {
			if privileged(c) {
				_, named := split(c)
				tried[named[0]] = true
			}
		}
	}
	for name := range tried {
		if gates[name] == nil {
			t.Errorf("rows try %s, which gates nothing by privileges.tsv", name)
		}
	}
}

// TestStrippedAtOnce takes each privilege from a member who has just used it: by another set of
// privileges for his role, and by another role. His token stays, and does no more.
func TestStrippedAtOnce(t *testing.T) {
	t.Parallel()
	tab := load(t)
	w := newWorld(t)
	names, gates := loadPrivileges(t)
	var g errgroup.Group
	var lonely []func() // what is about the organization goes last
	g.SetLimit(workers)
	for _, name := range names {
		for _, route := range gates[name] {
			p, with, _ := tab.gatedAt(route, name)
			if with == "" {
				continue // TestPrivilegesGate reports it
			}
			if calls()[route].lonely {
				lonely = append(lonely, func() { stripped(t, w, tab, p, with, "setPrivileges") })
				continue
			}
			g.Go(func() error {
				for _, way := range []string{"setPrivileges", "updateUserRole"} {
					stripped(t, w, tab, p, with, way)
				}
				return nil
			})
		}
	}
	_ = g.Wait() // the calls report to t
	for _, one := range lonely {
		one()
	}
}

// stripped calls with a privilege, and once more when it is gone.
func stripped(t *testing.T, w *world, tab *table, p place, with, way string) {
	t.Helper()
	k := newWalk(t, w, tab, p, calls()[p.route])
	prepare := func() (*object, who) {
		o := k.build(with)
		if _, own := o.as[with]; !own {
			o.as[with] = w.account(t, w.role(t, w.privilegesOf(t, with)))
		}
		return o, o.as[with]
	}
	o, a := prepare()
	if got := k.outcome(k.send(t, a, k.request(o, a)), o); !meets(tab.want[p][with].outcome, got) {
		t.Errorf("%s in the state %q %s: %q, want %q", p.route, p.state, with, got, tab.want[p][with].outcome)
		return
	}
	_, named := split(with)
	left := "powerless"
	if strings.Contains(named[0], ":admin:") {
		left = "member"
	}
	o, a = prepare()
	w.strip(t, a, way, left)
	if got := k.outcome(k.send(t, a, k.request(o, a)), o); !meets(tab.want[p][left].outcome, got) {
		t.Errorf("%s in the state %q, %s taken away by %s: %q, want %q as %s", p.route, p.state, with, way, got, tab.want[p][left].outcome, left)
	}
}

// strip leaves an account with what another caller of the table has.
func (w *world) strip(t *testing.T, a who, way, left string) {
	t.Helper()
	var privileges []string
	if left == "member" {
		privileges = w.user
	}
	if way == "updateUserRole" {
		w.must(t, w.admin, rest+"portals/self/updateUserRole", url.Values{"user": {a.name}, "role": {w.role(t, privileges)}})
		return
	}
	role, _ := w.roles.Load(a.name)
	w.must(t, w.admin, rest+"portals/self/roles/"+role.(string)+"/setPrivileges", url.Values{"privileges": {mustJSON(map[string]any{"privileges": append([]string{}, privileges...)})}})
}
