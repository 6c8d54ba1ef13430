package policy

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
)

// workers is how many routes are walked at a time; they wait for the disk most of the time.
const workers = 8

// TestPolicy walks expect.tsv: each route, in each state, called by everybody.
func TestPolicy(t *testing.T) {
	t.Parallel()
	tab := load(t)
	first := newWorld(t)
	matchRoutes(t, tab, first.p.Routes())
	second := newWorld(t) // sign-in pages are limited by network and portal: one for each prefix
	names, states := tab.routes()
	known := calls()
	var g errgroup.Group
	var lonely []string
	g.SetLimit(workers)
	for _, route := range names {
		c, ok := known[route]
		if !ok {
			continue // reported by matchRoutes
		}
		w := first
		if strings.HasPrefix(route, "sharing/oauth2") {
			w = second
		}
		if c.lonely {
			lonely = append(lonely, route)
			continue
		}
		g.Go(func() error {
			walkRoute(t, w, tab, route, states[route], c)
			return nil
		})
	}
	// What belongs to the organization as a whole is walked one after the other, in a world of
	// its own: others would read it back changed.
	g.Go(func() error {
		w := newWorld(t)
		for _, route := range lonely {
			walkRoute(t, w, tab, route, states[route], known[route])
		}
		return nil
	})
	_ = g.Wait() // the walks report to t
	pairs := 0
	for _, want := range tab.want {
		pairs += len(want)
	}
	t.Logf("%d routes, %d rows of which %d are guesses, %d routes in a state, %d calls by somebody in one", len(names), tab.rows, tab.guesses, len(tab.places), pairs)
}

// walkRoute walks one route in each of its states.
func walkRoute(t *testing.T, w *world, tab *table, route string, states []string, c call) {
	t.Run(strings.ReplaceAll(route, "/", "."), func(t *testing.T) {
		for _, state := range states {
			t.Run(strings.ReplaceAll(state, " ", "_"), func(t *testing.T) {
				newWalk(t, w, tab, place{route, state}, c).run()
			})
		}
	})
}

func load(t *testing.T) *table {
	t.Helper()
	f, err := os.Open("expect.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := parseRows(f)
	if err != nil {
		t.Fatalf("expect.tsv:\n%v", err)
	}
	tab, err := resolve(rows)
	if err != nil {
		t.Fatalf("expect.tsv:\n%v", err)
	}
	tab.fields = loadFields(t)
	return tab
}

// matchRoutes holds the routes of the table and of the calls against those of the server.
func matchRoutes(t *testing.T, tab *table, served []string) {
	t.Helper()
	names, _ := tab.routes()
	known := calls()
	for _, route := range served {
		if !slices.Contains(names, route) {
			t.Errorf("expect.tsv has no rows for the route %s", route)
		}
		if _, ok := known[route]; !ok {
			t.Errorf("no call is known for the route %s", route)
		}
	}
	for _, route := range names {
		if !slices.Contains(served, route) {
			t.Errorf("expect.tsv has rows for %s, which is no route of the server", route)
		}
	}
	for _, route := range slices.Sorted(maps.Keys(known)) {
		if !slices.Contains(served, route) {
			t.Errorf("a call is known for %s, which is no route of the server", route)
		}
	}
}

// walk is one route in one state.
type walk struct {
	*world
	t      *testing.T
	tab    *table
	at     place
	call   call
	words  []string
	used   map[string]bool
	fields fieldTable
	// report takes what departs from the table: t.Errorf, but for tests of the walk itself.
	report func(format string, args ...any)
}

func newWalk(t *testing.T, w *world, tab *table, at place, c call) *walk {
	return &walk{world: w, t: t, tab: tab, at: at, call: c, words: strings.Split(at.state, " "), used: map[string]bool{}, fields: tab.fields, report: t.Errorf}
}

// run calls the route as everybody. Callers who are to change nothing share an object, which
// is read back when all of them have called.
func (k *walk) run() {
	var sharing []string
	for _, caller := range k.tab.callers(k.at) {
		want := k.tab.want[k.at][caller]
		if k.words[0] != "own" && !k.call.fresh && want.effect != "changed" {
			sharing = append(sharing, caller)
			continue
		}
		k.alone(caller)
	}
	if len(sharing) > 0 {
		o := k.build(sharing[0])
		before := o.snapshot()
		for _, caller := range sharing {
			k.try(o, caller, "unchanged")
		}
		if !reflect.DeepEqual(before, o.snapshot()) {
			k.blame(sharing)
		}
	}
	for _, word := range k.words {
		if !k.used[word] {
			k.report("nothing asks for the word %q of the state", word)
		}
	}
}

// alone calls as one caller on an object that nobody else has touched.
func (k *walk) alone(caller string) {
	o := k.build(caller)
	before := o.snapshot()
	a := k.ask(o, caller)
	effect := "unchanged"
	if after := o.snapshot(); !reflect.DeepEqual(before, after) {
		effect = "changed"
	}
	k.judge(o, caller, a, effect)
}

// blame finds out which of several callers changed what is stored.
func (k *walk) blame(callers []string) {
	for _, caller := range callers {
		o := k.build(caller)
		before := o.snapshot()
		k.send(k.t, k.as(o, caller), k.request(o, k.as(o, caller)))
		if after := o.snapshot(); !reflect.DeepEqual(before, after) {
			k.report("%s: %s: %s", caller, k.tab.want[k.at][caller].differs("", "changed"), difference(before, after))
		}
	}
}

func (k *walk) build(caller string) *object {
	k.t.Helper()
	return k.call.setup(&builder{world: k.world, t: k.t, route: k.at.route, words: k.words, caller: caller, used: k.used})
}

// as is the account that calls.
func (k *walk) as(o *object, caller string) who {
	k.t.Helper()
	if as, special := o.as[caller]; special {
		return as
	}
	return k.caller(k.t, caller)
}

// try calls as one caller, with an effect that is known beforehand.
func (k *walk) try(o *object, caller, effect string) {
	k.judge(o, caller, k.ask(o, caller), effect)
}

// ask makes the call, and looks for what its caller may not read in the answer.
func (k *walk) ask(o *object, caller string) answer {
	as := k.as(o, caller)
	r := k.request(o, as)
	if k.tab.want[k.at][caller].effect == "changed" {
		k.tell("Item "+o.vars["id"], "Item "+o.vars["items"], o.vars["title"]) // whom it is for may change
	}
	a := k.send(k.t, as, r)
	k.scan(o, caller, as, r, a)
	return a
}

// judge holds an answer and its effect against the table.
func (k *walk) judge(o *object, caller string, a answer, effect string) {
	outcome := k.outcome(a, o)
	if why := k.tab.want[k.at][caller].differs(outcome, effect); why != "" {
		k.report("%s: %s", caller, why)
		return
	}
	if k.hidden(caller, outcome) {
		k.indistinguishable(o, caller, "", a)
	}
}

// request is the call of the route for an object.
func (k *walk) request(o *object, as who) request {
	r := request{get: k.call.get}
	if k.call.plain {
		r.format = "none"
	}
	path := k.at.route
	for strings.Contains(path, "{") {
		head, rest, _ := strings.Cut(path, "{")
		name, tail, _ := strings.Cut(rest, "}")
		path = head + k.variable(o, as, strings.TrimSuffix(name, "...")) + tail
	}
	r.path = path
	if k.call.form != nil {
		r.form = k.call.form(o, as)
	}
	if k.call.files != nil {
		r.files = k.call.files(o)
	}
	return r
}

func (k *walk) variable(o *object, as who, name string) string {
	k.t.Helper()
	switch name {
	case "notification", "invitation", "comment":
		return noID // there is none of these
	case "username":
		if o.is("own-path") && as.name != "" {
			return as.name
		}
	}
	v, ok := o.vars[name]
	if !ok {
		k.t.Fatalf("the setup names no %s", name)
	}
	return v
}

func (k *walk) outcome(a answer, o *object) string {
	outcome := outcomeOf(a)
	if outcome == "ok" && k.call.shows != nil {
		return k.call.shows(a, o)
	}
	return outcome
}

// hidden reports whether the object does not exist for a caller: by the answer itself, or by
// what the table says of the route that reads it.
func (k *walk) hidden(caller, outcome string) bool {
	for _, code := range []string{"CONT_0001", "COM_0003", "COM_0018"} {
		if strings.HasSuffix(outcome, code) {
			return true
		}
	}
	access := k.words[0]
	if access == "groups" && k.call.like == likeGroup {
		access = k.words[1]
	}
	read := k.tab.want[place{k.call.like, access}][caller].outcome
	return k.call.like != "" && (read == "CONT_0001" || read == "COM_0003" || read == "COM_0018")
}

// indistinguishable compares an answer with the one about an object that does not exist.
func (k *walk) indistinguishable(o *object, caller, format string, got answer) {
	as, none := k.as(o, caller), *o
	none.vars = maps.Clone(o.vars)
	maps.Copy(none.vars, o.gone)
	r := k.request(&none, as)
	if format != "" {
		r.format = format
	}
	gone := k.send(k.t, as, r)
	body := string(got.body)
	for name, v := range o.gone {
		body = strings.ReplaceAll(body, o.vars[name], v)
	}
	if got.status != gone.status || body != string(gone.body) {
		k.report("%s can tell what is hidden from what is not there:\n\t%d %s\n\t%d %s", caller, got.status, body, gone.status, gone.body)
	}
}

// difference shows the first reading that differs.
func difference(before, after []any) string {
	for i := range before {
		if !reflect.DeepEqual(before[i], after[i]) {
			return fmt.Sprintf("\n\t%s\n\t%s", mustJSON(before[i]), mustJSON(after[i]))
		}
	}
	return "nothing"
}
