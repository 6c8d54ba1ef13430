package policy

import (
	"bufio"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// kinds tells a route's kind by the first pattern that fits. Routes that fit none are about no
// object with states: pages, sign-in, the organization as a whole.
var kinds = []struct {
	pattern *regexp.Regexp
	kind    string
}{
	{regexp.MustCompile(`(^|/)(users/\{username\}(/\{folder\})?|content)/items/\{id\}(/|$)|/oauth2/(registerApp|apps/)`), "item"},
	{regexp.MustCompile(`/content/(itemsgroups|updateItems)$|/content/users/\{username\}/\w+(Items|Relationship)$`), "items"},
	{regexp.MustCompile(`^sharing/rest/search$|/users/\{username\}/tags$`), "found items"},
	{regexp.MustCompile(`/content/users/\{username\}`), "content"},
	{regexp.MustCompile(`/content/groups/\{id\}`), "group content"},
	{regexp.MustCompile(`/community/groups/\{id\}`), "group"},
	{regexp.MustCompile(`/community/groups$`), "found groups"},
	{regexp.MustCompile(`/createGroup$`), "new group"},
	{regexp.MustCompile(`/invite$|/createUser$`), "new account"},
	{regexp.MustCompile(`/listings/\{item\}/\w*[uU]ser\w+|/releaseLicense$`), "holder"},
	{regexp.MustCompile(`/roles/\{role\}`), "role"},
	{regexp.MustCompile(`/community/users|/portals/\{id\}/(users(/search)?|\w+Users|updateUser\w+)$`), "member"},
}

func kindOf(route string) string {
	for _, k := range kinds {
		if k.pattern.MatchString(route) {
			return k.kind
		}
	}
	return ""
}

// needs is what needs.tsv says: the states of each kind and access, and which of them a route
// can do without.
type needs struct {
	states map[string][]string          // by kind and access
	except map[string]map[string]string // route, state: reason
}

func loadNeeds(t *testing.T) *needs {
	t.Helper()
	f, err := os.Open("needs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := &needs{states: map[string][]string{}, except: map[string]map[string]string{}}
	lines := bufio.NewScanner(f)
	header := ""
	for lines.Scan() {
		line := lines.Text()
		cells := strings.Split(line, "\t")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case line == "kind\taccess\tstates", line == "route\tstates\treason":
			header = line
		case header == "" || len(cells) != 3 || strings.Contains(line, "\t\t") || strings.HasSuffix(line, "\t"):
			t.Errorf("needs.tsv: %q has not the three columns of its part", line)
		case strings.HasPrefix(header, "kind"):
			n.states[cells[0]+" "+cells[1]] = strings.Split(cells[2], ", ")
		default:
			n.put(cells)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *needs) put(cells []string) {
	for _, route := range alternatives(cells[0]) {
		if n.except[route] == nil {
			n.except[route] = map[string]string{}
		}
		for state := range strings.SplitSeq(cells[1], ", ") {
			n.except[route][state] = cells[2]
		}
	}
}

// accessOf tells whether a route reads or writes; empty: the portal does not have it.
func (t *table) accessOf(route string, states []string) string {
	access := ""
	for _, state := range states {
		for _, e := range t.want[place{route, state}] {
			switch {
			case e.effect != "-" && e.outcome != "unsupported" && e.outcome != "498":
				return "write"
			case e.outcome != "unsupported" && e.outcome != "498":
				access = "read"
			}
		}
	}
	return access
}

// TestStatesAreTried demands rows for every state of needs.tsv on every route of its kind.
func TestStatesAreTried(t *testing.T) {
	t.Parallel()
	tab, n := load(t), loadNeeds(t)
	names, states := tab.routes()
	used := map[string]bool{}
	for _, route := range names {
		access := tab.accessOf(route, states[route])
		if access == "" {
			continue
		}
		kind := kindOf(route)
		used[kind+" "+access] = true
		var missing []string
		for _, state := range n.states[kind+" "+access] {
			_, free := n.except[route][state]
			switch there := has(states[route], state); {
			case there && free:
				t.Errorf("needs.tsv lets %s off the state %q, which has rows", route, state)
			case !there && !free:
				missing = append(missing, state)
			}
			delete(n.except[route], state)
		}
		if len(missing) > 0 {
			t.Errorf("%s (%s, %s) has no rows for %s", route, kind, access, strings.Join(missing, ", "))
		}
	}
	for kind := range n.states {
		if !used[kind] {
			t.Errorf("needs.tsv: no route is %s", kind)
		}
	}
	for _, route := range slices.Sorted(maps.Keys(n.except)) {
		for state := range n.except[route] {
			t.Errorf("needs.tsv lets %s off the state %q, which nobody asks of it", route, state)
		}
	}
}

// has reports whether one of the states is the needed one, whatever else it says.
func has(states []string, need string) bool {
	words := strings.Split(need, " ")
	return slices.ContainsFunc(states, func(state string) bool {
		have := strings.Split(state, " ")
		if have[0] != words[0] {
			return false
		}
		for _, w := range words {
			if !slices.Contains(have, w) {
				return false
			}
		}
		return true
	})
}
