package policy

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Callers that every route has in every state, and those of states that begin with "own".
var (
	castNames = []string{"anonymous", "viewer", "member", "owner", "group_member", "group_manager", "group_owner", "administrator", "powerless"}
	ownNames  = []string{"viewer", "member", "administrator", "powerless"}
	// endedNames are accounts that are no more: what they held when they were is all they have.
	endedNames = []string{"disabled", "deleted"}
)

// row is one line of the table.
type row struct {
	line                    int
	routes, callers, states []string
	outcome, effect, source string
}

// place is a route in a state.
type place struct{ route, state string }

// expectation is what the table says of one caller at one place.
type expectation struct {
	line            int
	outcome, effect string
}

// table is the resolved form of the rows: for each place each caller once.
type table struct {
	places []place // in order of appearance
	want   map[place]map[string]expectation

	fields fieldTable

	rows, guesses int
}

const header = "route\tcaller\tstate\toutcome\teffect\tsource"

var (
	outcomeForm = regexp.MustCompile(`^(http[45]\d\d )?((row )?(ok|49[89]|403|40[49]|COM_\d{4}|CONT_\d{4}|refused:\S.*|refused)|unsupported|found|absent|full|basic|public|page:\S.*|redirect|as anonymous)$`)
	sourceForm  = regexp.MustCompile(`^(community \d+(\.\d+)?|content \d+(\.\d+)?|design \d+|guess)(: .+)?$`)
	callerForm  = regexp.MustCompile(`^(with|without) [a-z:]+:[A-Za-z]+(\+[a-z:]+:[A-Za-z]+)*$`)
)

// parseRows reads the table; every line that is wrong is an error of its own.
func parseRows(r io.Reader) ([]row, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var rows []row
	var bad []error
	seen := false
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case !seen:
			if seen = true; line != header {
				bad = append(bad, fmt.Errorf("line %d: the header is %q", n, header))
			}
			continue
		}
		rw, err := parseRow(line)
		if err != nil {
			bad = append(bad, fmt.Errorf("line %d: %w", n, err))
			continue
		}
		rw.line = n
		rows = append(rows, rw)
	}
	return rows, errors.Join(bad...)
}

func parseRow(line string) (row, error) {
	f := strings.Split(line, "\t")
	if len(f) != 6 {
		return row{}, fmt.Errorf("%d columns instead of 6", len(f))
	}
	for i, v := range f {
		if v == "" || v != strings.TrimSpace(v) {
			return row{}, fmt.Errorf("column %d is empty or has spaces at its ends", i+1)
		}
	}
	r := row{routes: alternatives(f[0]), callers: strings.Split(f[1], ", "), states: strings.Split(f[2], ", "), outcome: f[3], effect: f[4], source: f[5]}
	for _, c := range r.callers {
		if c != "*" && !slices.Contains(castNames, c) && !ended(c) && !callerForm.MatchString(c) {
			return r, fmt.Errorf("unknown caller %q", c)
		}
	}
	switch {
	case !outcomeForm.MatchString(r.outcome):
		return r, fmt.Errorf("unknown outcome %q", r.outcome)
	case r.effect != "changed" && r.effect != "unchanged" && r.effect != "-":
		return r, fmt.Errorf("unknown effect %q", r.effect)
	case !sourceForm.MatchString(r.source):
		return r, fmt.Errorf("unknown source %q", r.source)
	}
	return r, nil
}

// wide reports whether a row stands for every state of its routes.
func (r *row) wide() bool { return slices.Equal(r.states, []string{"*"}) }

// alternatives writes out a pattern with parts of the form (a|b).
func alternatives(pattern string) []string {
	head, rest, ok := strings.Cut(pattern, "(")
	if !ok {
		return []string{pattern}
	}
	inner, tail, _ := strings.Cut(rest, ")")
	var out []string
	for _, end := range alternatives(tail) {
		for one := range strings.SplitSeq(inner, "|") {
			out = append(out, head+one+end)
		}
	}
	return out
}

// resolve gives each caller of each place its row. A caller with two rows or with none is an
// error, and so is a row that says nothing.
func resolve(rows []row) (*table, error) {
	t := &table{want: map[place]map[string]expectation{}, rows: len(rows)}
	var bad []error
	rest := map[place]row{}
	for _, r := range rows {
		if strings.HasPrefix(r.source, "guess") {
			t.guesses++
		}
		if r.wide() {
			continue
		}
		want := expectation{r.line, r.outcome, r.effect}
		for _, route := range r.routes {
			for _, state := range r.states {
				p := place{route, state}
				if t.want[p] == nil {
					t.want[p] = map[string]expectation{}
					t.places = append(t.places, p)
				}
				for _, c := range r.callers {
					if c != "*" {
						bad = append(bad, t.put(p, c, want))
						continue
					}
					if other, twice := rest[p]; twice {
						bad = append(bad, fmt.Errorf("line %d: %s in the state %q has another * in line %d", r.line, route, state, other.line))
					}
					rest[p] = r
				}
			}
		}
	}
	for _, p := range t.places {
		bad = append(bad, t.complete(p, rest), t.pairs(p))
	}
	for _, everywhere := range []bool{false, true} { // the more special ones first
		for _, r := range rows {
			if r.wide() && everywhere == slices.Equal(r.routes, []string{"*"}) {
				bad = append(bad, t.putWide(r))
			}
		}
	}
	return t, errors.Join(bad...)
}

// putWide gives the callers of a wide row to all states of its routes, or of all routes, that
// name none for them. Wide rows are for ended accounts, which own nothing.
func (t *table) putWide(r row) error {
	used := false
	for _, p := range t.places {
		if !slices.Contains(r.routes, p.route) && !slices.Equal(r.routes, []string{"*"}) || len(callersOf(p.state)) == len(ownNames) {
			continue
		}
		for _, c := range r.callers {
			if !ended(c) {
				return fmt.Errorf("line %d: a row for all states is for %v alone", r.line, endedNames)
			}
			if _, named := t.want[p][c]; named {
				continue
			}
			used = true
			want := expectation{r.line, r.outcome, r.effect}
			if r.outcome == "as anonymous" {
				want = t.want[p]["anonymous"]
			}
			t.want[p][c] = want
		}
	}
	if !used {
		return fmt.Errorf("line %d: the row stands for nobody", r.line)
	}
	return nil
}

func (t *table) put(p place, caller string, want expectation) error {
	if other, twice := t.want[p][caller]; twice {
		return fmt.Errorf("line %d: %s is named for %s in the state %q in line %d already", want.line, caller, p.route, p.state, other.line)
	}
	if !slices.Contains(callersOf(p.state), caller) && !privileged(caller) && !ended(caller) {
		return fmt.Errorf("line %d: there is no caller %s in the state %q", want.line, caller, p.state)
	}
	t.want[p][caller] = want
	return nil
}

// complete gives the callers that no row names to the row with the *.
func (t *table) complete(p place, rest map[place]row) error {
	all, star := rest[p]
	used := false
	for _, c := range callersOf(p.state) {
		if _, named := t.want[p][c]; named {
			continue
		}
		if !star {
			return fmt.Errorf("%s in the state %q has no row for %s", p.route, p.state, c)
		}
		used = true
		t.want[p][c] = expectation{all.line, all.outcome, all.effect}
	}
	if star && !used {
		return fmt.Errorf("line %d: the * stands for nobody", all.line)
	}
	return nil
}

// pairs demands that a privilege is tried from both sides.
func (t *table) pairs(p place) error {
	sides := map[string]map[string]bool{"with": {}, "without": {}}
	for c := range t.want[p] {
		if privileged(c) {
			side, privileges := split(c)
			sides[side][privileges[0]] = true
		}
	}
	for side, other := range map[string]string{"with": "without", "without": "with"} {
		for privilege := range sides[side] {
			if !sides[other][privilege] {
				return fmt.Errorf("%s in the state %q names %q, but nobody %s it", p.route, p.state, side+" "+privilege, other)
			}
		}
	}
	return nil
}

// callersOf lists the callers of a state beside those with a privilege in question.
func callersOf(state string) []string {
	if first, _, _ := strings.Cut(state, " "); first == "own" {
		return ownNames
	}
	return castNames
}

// ended reports whether a caller is an account that is no more.
func ended(caller string) bool { return slices.Contains(endedNames, caller) }

// privileged reports whether a caller is one with or without a privilege.
func privileged(caller string) bool {
	return strings.HasPrefix(caller, "with ") || strings.HasPrefix(caller, "without ")
}

// split takes such a caller apart: its side, and the full names of the privileges.
func split(caller string) (side string, privileges []string) {
	side, names, _ := strings.Cut(caller, " ")
	for name := range strings.SplitSeq(names, "+") {
		if strings.Count(name, ":") == 1 && (strings.HasPrefix(name, "admin:") || strings.HasPrefix(name, "user:") || strings.HasPrefix(name, "publisher:")) {
			name = "portal:" + name
		}
		privileges = append(privileges, name)
	}
	return side, privileges
}

// callers lists who calls at a place: the fixed ones first, then the others by name.
func (t *table) callers(p place) []string {
	out := slices.Clone(callersOf(p.state))
	for _, c := range endedNames {
		if _, named := t.want[p][c]; named {
			out = append(out, c)
		}
	}
	var more []string
	for c := range t.want[p] {
		if privileged(c) {
			more = append(more, c)
		}
	}
	slices.SortFunc(more, func(a, b string) int {
		return cmp.Or(strings.Compare(a[strings.Index(a, " "):], b[strings.Index(b, " "):]), strings.Compare(a, b))
	})
	return append(out, more...)
}

// routes lists the routes of the table with their states, in order of appearance.
func (t *table) routes() (names []string, states map[string][]string) {
	states = map[string][]string{}
	for _, p := range t.places {
		if states[p.route] == nil {
			names = append(names, p.route)
		}
		states[p.route] = append(states[p.route], p.state)
	}
	return names, states
}

// unguarded names the routes that let an administrator do what a plain member may not, and
// that no row tries with and without the privilege.
func (t *table) unguarded() []string {
	names, states := t.routes()
	var out []string
	for _, route := range names {
		guarded, tried := false, false
		for _, state := range states[route] {
			want := t.want[place{route, state}]
			guarded = guarded || succeeds(want["administrator"].outcome) && !succeeds(want["member"].outcome)
			for c := range want {
				tried = tried || privileged(c)
			}
		}
		if guarded && !tried {
			out = append(out, route)
		}
	}
	return out
}

// succeeds reports whether an outcome is none of a refusal.
func succeeds(outcome string) bool {
	switch outcome {
	case "ok", "found", "full", "basic", "public", "redirect":
		return true
	}
	return strings.HasPrefix(outcome, "page:")
}

// differs says how what was observed departs from the expectation, empty where it does not. An
// empty outcome was not observed.
func (e expectation) differs(outcome, effect string) string {
	switch {
	case outcome != "" && !meets(e.outcome, outcome):
		return fmt.Sprintf("answered %q, line %d expects %q", outcome, e.line, e.outcome)
	case e.effect == "changed" && effect != "changed":
		return fmt.Sprintf("changed nothing, line %d expects a change", e.line)
	case e.effect != "changed" && effect == "changed":
		return fmt.Sprintf("changed what is stored, line %d expects that it does not", e.line)
	}
	return ""
}

// meets compares an outcome with the expected one, of which the text of a refusal or a page
// is a part.
func meets(want, got string) bool {
	if i := strings.Index(want, "refused:"); i >= 0 {
		i += len("refused:")
		return len(got) >= i && got[:i] == want[:i] && strings.Contains(got[i:], want[i:])
	}
	if text, ok := strings.CutPrefix(want, "page:"); ok {
		page, isPage := strings.CutPrefix(got, "page:")
		return isPage && strings.Contains(page, text)
	}
	return want == got
}
