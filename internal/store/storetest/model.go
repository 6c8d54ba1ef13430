package storetest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// sees is the policy for items in its plainest form.
func (w *world) sees(v portal.Visibility, it *portal.Item) bool {
	if v.All || it.Access == portal.Public || v.Member && it.Access == portal.InOrg || v.Username != "" && strings.EqualFold(v.Username, it.Owner) {
		return true
	}
	return slices.ContainsFunc(w.shares[it.ID], func(g esri.GroupID) bool { return slices.Contains(v.Groups, g) })
}

func (w *world) seesGroup(v portal.Visibility, id esri.GroupID) bool {
	i := slices.IndexFunc(w.groups, func(g *portal.Group) bool { return g.ID == id })
	access := w.groups[i].Access
	return v.All || access == portal.Public || v.Member && access == portal.InOrg || slices.Contains(v.Groups, id)
}

// matches evaluates a query on one item.
func (w *world) matches(n search.Node, v portal.Visibility, it *portal.Item) bool {
	switch n := n.(type) {
	case *search.And:
		return !slices.ContainsFunc(n.Parts, func(part search.Node) bool { return !w.matches(part, v, it) })
	case *search.Or:
		return slices.ContainsFunc(n.Parts, func(part search.Node) bool { return w.matches(part, v, it) })
	case *search.Not:
		return !w.matches(n.Part, v, it)
	case *search.Range:
		return above(it.NumViews, n.From, n.FromOpen) && below(it.NumViews, n.To, n.ToOpen)
	case *search.Term:
		return w.term(n, v, it)
	}
	return false
}

func above(n int64, from string, open bool) bool {
	f, err := strconv.ParseInt(from, 10, 64)
	return err != nil || n > f || n == f && !open
}

func below(n int64, to string, open bool) bool {
	f, err := strconv.ParseInt(to, 10, 64)
	return err != nil || n < f || n == f && !open
}

func (w *world) term(n *search.Term, v portal.Visibility, it *portal.Item) bool {
	texts := map[string][]string{
		"title": {it.Title}, "snippet": {it.Snippet}, "description": {it.Description}, "type": {it.Type}, "tags": it.Tags,
	}
	switch n.Field {
	case "owner":
		return strings.EqualFold(it.Owner, n.Text)
	case "access":
		return string(it.Access) == n.Text
	case "id":
		return string(it.ID) == n.Text
	case "orgid":
		return strings.EqualFold(n.Text, "org")
	case "group":
		return slices.Contains(w.shares[it.ID], esri.GroupID(n.Text)) && w.seesGroup(v, esri.GroupID(n.Text))
	case "":
		for _, values := range texts {
			if contains(values, n) {
				return true
			}
		}
		return false
	default:
		return contains(texts[n.Field], n)
	}
}

// contains reports whether one of the values holds the words of a term in their order.
func contains(values []string, n *search.Term) bool {
	want := strings.Fields(n.Text)
	return slices.ContainsFunc(values, func(value string) bool {
		have := strings.Fields(value)
		for i := range len(have) - len(want) + 1 {
			if slices.EqualFunc(have[i:i+len(want)], want, func(have, want string) bool {
				if n.Kind == search.Pattern {
					ok, err := path.Match(want, have)
					return ok && err == nil
				}
				return stems[have] == stems[want]
			}) {
				return true
			}
		}
		return false
	})
}

func intersects(box, e *esri.Extent) bool {
	if box == nil {
		return true
	}
	return e != nil && e.XMin <= box.XMax && e.XMax >= box.XMin && e.YMin <= box.YMax && e.YMax >= box.YMin
}

func less(sort string, desc bool) func(a, b *portal.Item) int {
	return func(a, b *portal.Item) int {
		var c int
		switch sort {
		case "title":
			c = cmp.Compare(a.Title, b.Title)
		case "created":
			c = a.Created.Compare(b.Created)
		case "numviews":
			c = cmp.Compare(a.NumViews, b.NumViews)
		case "owner":
			c = cmp.Compare(strings.ToLower(a.Owner), strings.ToLower(b.Owner))
		}
		if desc {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.ID, b.ID))
	}
}

// countsOf counts tags and access in the form of printCounts.
func countsOf(items []*portal.Item) string {
	tags, access := map[string]int{}, map[string]int{}
	for _, it := range items {
		access[string(it.Access)]++
		distinct := slices.Clone(it.Tags)
		slices.Sort(distinct)
		for _, tag := range slices.Compact(distinct) {
			tags[tag]++
		}
	}
	list := func(counts map[string]int) string {
		var values []string
		for v := range counts {
			values = append(values, v)
		}
		slices.SortFunc(values, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
		for i, v := range values {
			values[i] = fmt.Sprint(v, " ", counts[v])
		}
		return strings.Join(values, ", ")
	}
	return "tags: " + list(tags) + "; access: " + list(access)
}
