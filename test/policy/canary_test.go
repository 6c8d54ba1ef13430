package policy

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// The texts that give an object away, whatever they stand in: an address, the title of an item,
// of a group or of a folder, the last name of a member, the name of one who is hidden.
var canary = regexp.MustCompile(`user\d{5,}x@example\.com|(Item [0-9a-f]{32}|(?:Group |Folder |Last|hidden)\d{5,}x)`)

// secret is a text that few may read.
type secret struct {
	owners    []string // accounts
	privilege string   // who holds it may, too
}

// hide notes that a text is for its owners and for who holds a privilege.
func (w *world) hide(text, privilege string, owners ...string) {
	w.secrets.Store(text, secret{owners, privilege})
}

// tell forgets a secret, which a state or a call has told.
func (w *world) tell(texts ...string) {
	for _, text := range texts {
		w.secrets.Delete(text)
	}
}

// leaked lists the texts of an answer that its caller may not read. What the caller has said
// himself is no news to him.
func (w *world) leaked(as who, r request, body []byte) []string {
	var out []string
	for _, m := range canary.FindAll(body, -1) {
		text := string(m)
		if slices.Contains(out, text) || w.mayRead(as, text) || r.says(text) {
			continue
		}
		out = append(out, text)
	}
	return out
}

func (w *world) mayRead(as who, text string) bool {
	if name, isAddress := strings.CutSuffix(text, "@example.com"); isAddress {
		return as.name == name || w.holds(as, "portal:admin:viewUsers")
	}
	v, ok := w.secrets.Load(text)
	if !ok {
		return true
	}
	s := v.(secret)
	return slices.Contains(s.owners, as.name) || w.holds(as, s.privilege)
}

// says reports whether a call holds a text.
func (r request) says(text string) bool {
	for _, values := range r.form {
		if slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, text) }) {
			return true
		}
	}
	return strings.Contains(r.path, text)
}

// holds reports whether an account has a privilege by the role that it was given.
func (w *world) holds(as who, privilege string) bool {
	role, ok := w.roles.Load(as.name)
	if !ok {
		return false
	}
	held, _ := w.privilegesIn.Load(role)
	list, _ := held.([]string)
	return slices.Contains(list, privilege)
}

// scan looks for what the caller may not read in an answer, and in what the same call is
// answered in another format where it changes nothing.
func (k *walk) scan(o *object, caller string, as who, r request, a answer) {
	k.t.Helper()
	report := func(format string, texts []string) {
		if len(texts) > 0 {
			k.report("%s reads %s by f=%s", caller, strings.Join(texts, ", "), format)
		}
	}
	report("json", k.leaked(as, r, a.body))
	report("json", k.fields.shown(k.world, as, a.doc))
	if why := miscounted(a.doc); why != "" {
		k.report("%s: %s", caller, why)
	}
	if k.call.plain || k.call.rare || k.tab.want[k.at][caller].effect != "-" || k.seesAll(as) {
		return
	}
	other := r
	other.format = []string{"html", "pjson"}[len(caller)%2]
	shown := k.send(k.t, as, other)
	report(other.format, append(k.leaked(as, r, shown.body), k.fields.shown(k.world, as, shown.doc)...))
	report(other.format, k.fields.named(a.body, shown.body))
	if k.hidden(caller, k.outcome(a, o)) {
		k.indistinguishable(o, caller, other.format, shown)
		return
	}
	if k.outcome(a, o) != "absent" {
		return
	}
	for _, n := range o.needles {
		if strings.Contains(string(shown.body), n) && !strings.Contains(string(a.body), n) && !r.says(n) {
			k.report("%s reads %s by f=%s, but not by f=json", caller, n, other.format)
		}
	}
}

// miscounted says how the total of a list and the rows that it shows disagree: a total that
// counts what is not shown tells that it is there.
func miscounted(doc map[string]any) string {
	total, counted := doc["total"].(float64)
	if !counted || doc["start"] != 1.0 {
		return ""
	}
	shown, name := -1, ""
	for key, v := range doc {
		if rows, ok := v.([]any); ok && key != "folders" {
			if shown >= 0 {
				return "two lists in an answer with one total: " + key + " and " + name
			}
			shown, name = len(rows), key
		}
	}
	switch num, _ := doc["num"].(float64); {
	case shown < 0:
		return ""
	case doc["nextStart"] == -1.0 && shown != int(total) && num > 0, shown > int(total):
		return fmt.Sprintf("a total of %v for %d %s that are all", total, shown, name)
	case doc["nextStart"] != -1.0 && shown != int(num):
		return fmt.Sprintf("%d %s on a page of %v with more to come", shown, name, num)
	}
	return ""
}

// seesAll reports whether nothing of the portal is hidden from an account.
func (w *world) seesAll(as who) bool {
	return w.holds(as, "portal:admin:viewUsers") && w.holds(as, "portal:admin:viewItems") && w.holds(as, "portal:admin:viewGroups")
}

// inFormat is the form of a call with the format that it asks for.
func (r request) inFormat() url.Values {
	form := url.Values{"f": {"json"}}
	if r.format != "" {
		form.Set("f", r.format)
	}
	maps.Copy(form, r.form)
	if r.format == "none" {
		form.Del("f")
	}
	return form
}
