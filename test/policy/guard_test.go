package policy

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The tests of this file show that the walk and its table can fail.

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	const line = "r\t%s\t%s\t%s\t%s\t%s\n"
	row := func(v ...any) string { return fmt.Sprintf(line, v...) }
	everybody := row("*", "-", "ok", "-", "guess")
	tests := []struct{ name, text, want string }{
		{"nothing wrong", everybody, ""},
		{"a column missing", "r\t*\t-\tok\t-\n", "5 columns"},
		{"an empty column", "r\t*\t\tok\t-\tguess\n", "column 3 is empty"},
		{"an unknown caller", row("somebody", "-", "ok", "-", "guess"), `unknown caller "somebody"`},
		{"an unknown outcome", row("*", "-", "fine", "-", "guess"), `unknown outcome "fine"`},
		{"an unknown effect", row("*", "-", "ok", "some", "guess"), `unknown effect "some"`},
		{"an unknown source", row("*", "-", "ok", "-", "the code"), `unknown source "the code"`},
		{"a caller twice", everybody + row("viewer", "-", "ok", "-", "guess") + row("viewer", "-", "403", "-", "guess"), "viewer is named"},
		{"everybody twice", everybody + everybody, "another *"},
		{"a caller missing", row("viewer", "-", "ok", "-", "guess"), "has no row for anonymous"},
		{"a * for nobody", everybody + row(strings.Join(castNames, ", "), "-", "ok", "-", "guess"), "stands for nobody"},
		{"one side of a privilege", everybody + row("with admin:viewItems", "-", "ok", "-", "guess"), "nobody without it"},
		{"a caller who has nothing", row("*, anonymous", "own private", "ok", "-", "guess"), "there is no caller anonymous"},
		{"the other route of two", "r(a|b)\t*\t-\tok\t-\tguess\nrb\tviewer\t-\tok\t-\tguess\nrb\tviewer\t-\tok\t-\tguess\n", "viewer is named for rb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := parseRows(strings.NewReader("# text\n" + header + "\n" + tt.text))
			if err == nil {
				_, err = resolve(rows)
			}
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestFlipsDiffer turns the expectations of the table over, one at a time.
func TestFlipsDiffer(t *testing.T) {
	t.Parallel()
	tab := load(t)
	var outcomes []string
	for _, want := range tab.want {
		for _, e := range want {
			if !slices.Contains(outcomes, e.outcome) {
				outcomes = append(outcomes, e.outcome)
			}
		}
	}
	slices.Sort(outcomes)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		p := tab.places[random.IntN(len(tab.places))]
		e := tab.want[p][tab.callers(p)[random.IntN(len(tab.callers(p)))]]
		effect := strings.ReplaceAll(e.effect, "-", "unchanged")
		if why := e.differs(e.outcome, effect); why != "" {
			t.Fatalf("%s in the state %q: what is expected differs: %s", p.route, p.state, why)
		}
		flipped := e
		for flipped.outcome == e.outcome {
			flipped.outcome = outcomes[random.IntN(len(outcomes))]
		}
		if _, text, _ := strings.Cut(flipped.outcome, ":"); text != "" && strings.Contains(e.outcome, text) {
			continue // one text is part of the other
		}
		if flipped.differs(e.outcome, effect) == "" {
			t.Errorf("%q is taken for %q", e.outcome, flipped.outcome)
		}
		if flipped = flip(e); flipped.differs(e.outcome, effect) == "" {
			t.Errorf("the effect %q is taken for %q", effect, flipped.effect)
		}
	}
}

// flip turns the effect of an expectation over.
func flip(e expectation) expectation {
	if e.effect == "changed" {
		e.effect = "unchanged"
	} else {
		e.effect = "changed"
	}
	return e
}

// TestWalkFails walks routes whose rows are wrong for one caller each.
func TestWalkFails(t *testing.T) {
	t.Parallel()
	tab := load(t)
	w := newWorld(t)
	known := calls()
	random := rand.New(rand.NewPCG(3, 4))
	for _, p := range []place{
		{likeItem, "private"}, {likeGroup, "org"}, {likeUser, "public"}, {likeUser + "/update", "org"}, {likeGroup + "/delete", "private"},
		{rest + "search", "shared"}, {userContent + "/items/{id}/protect", "org"}, {userContent + "/deleteItems", "private own-path"},
		{org + "/disableUsers", "org"}, {userContent + "/addItem", "own org"}, {rest + "generateToken", "wrong"},
	} {
		callers := tab.callers(p)
		caller := callers[random.IntN(len(callers))]
		right := tab.want[p][caller]
		wrong := expectation{right.line, "unsupported", right.effect}
		messages := walkWith(t, w, tab, p, caller, wrong, known[p.route])
		if len(messages) != 1 || !strings.HasPrefix(messages[0], caller+": ") {
			t.Errorf("%s in the state %q, wrong outcome for %s: %q", p.route, p.state, caller, messages)
		}
		if right.effect == "-" {
			continue
		}
		messages = walkWith(t, w, tab, p, caller, flip(right), known[p.route])
		if !slices.ContainsFunc(messages, func(m string) bool { return strings.HasPrefix(m, caller+": ") && strings.Contains(m, "chang") }) {
			t.Errorf("%s in the state %q, wrong effect for %s: %q", p.route, p.state, caller, messages)
		}
	}
}

// walkWith walks a place with another expectation for one caller and returns what is reported.
func walkWith(t *testing.T, w *world, tab *table, p place, caller string, want expectation, c call) []string {
	t.Helper()
	other := *tab
	other.want = maps.Clone(tab.want)
	other.want[p] = maps.Clone(tab.want[p])
	other.want[p][caller] = want
	var messages []string
	k := newWalk(t, w, &other, p, c)
	k.report = func(format string, args ...any) { messages = append(messages, fmt.Sprintf(format, args...)) }
	k.run()
	return messages
}

// TestHiddenIsCompared shows that an answer which tells a hidden object from a missing one is
// reported.
func TestHiddenIsCompared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := calls()[likeItem]
	p := place{likeItem, "private"}
	for form, want := range map[string]int{"": 0, "title": 1} {
		k := newWalk(t, w, load(t), p, c)
		n := 0
		k.report = func(string, ...any) { n++ }
		o := k.build("member")
		a := k.send(t, w.cast["member"], k.request(o, w.cast["member"]))
		if form != "" {
			a.body = append(a.body, o.vars[form]...)
		}
		k.indistinguishable(o, "member", "", a)
		if n != want {
			t.Errorf("an answer with the %q of a hidden item: %d reports, want %d", form, n, want)
		}
	}
}

// TestLeaksAreReported shows that what a caller may not read is reported, whatever answers it.
func TestLeaksAreReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	member, admin, tab := w.cast["member"], w.cast["administrator"], load(t)
	b := &builder{world: w, t: t}
	private := b.item(w.cast["owner"], "")
	group, title := w.group(t, nil, "")
	for _, path := range []string{"community/users/" + w.receiver.name, "content/items/" + private, "community/groups/" + group} {
		r := request{path: rest + path}
		a := w.send(t, admin, r)
		if got := w.leaked(admin, r, a.body); got != nil {
			t.Errorf("%s: an administrator may not read %q", path, got)
		}
		if got := w.leaked(member, r, a.body); len(got) != 1 {
			t.Errorf("%s: a member's leaks are %q, want one", path, got)
		}
		if got := w.leaked(member, request{path: r.path, form: values("q", "Item "+private+title+w.receiver.name+"@example.com")}, a.body); got != nil {
			t.Errorf("%s: what the caller said is a leak: %q", path, got)
		}
		if got := tab.fields.shown(w, admin, a.doc); got != nil {
			t.Errorf("%s: fields that an administrator may not see: %q", path, got)
		}
		if got := tab.fields.shown(w, member, a.doc); (len(got) > 0) == strings.HasPrefix(path, "community/groups/") {
			t.Errorf("%s: fields that a member may not see: %q", path, got)
		}
	}
}

func TestMiscounted(t *testing.T) {
	t.Parallel()
	rows := func(n int) []any { return make([]any, n) }
	for _, tt := range []struct {
		total, num, next float64
		shown            int
		fine             bool
	}{
		{0, 10, -1, 0, true}, {2, 10, -1, 2, true}, {2, 10, -1, 1, false}, {1, 10, -1, 2, false}, {12, 10, 11, 10, true}, {12, 10, 11, 9, false}, {12, 0, -1, 0, true},
	} {
		doc := map[string]any{"total": tt.total, "start": 1.0, "num": tt.num, "nextStart": tt.next, "items": rows(tt.shown), "folders": rows(5)}
		if why := miscounted(doc); (why == "") != tt.fine {
			t.Errorf("%+v: %q", tt, why)
		}
	}
}
