package remap

import (
	"slices"
	"strings"
)

// Prefixes of type keywords whose rest is no id: the subdomain of an Enterprise site, and the
// resource that holds the draft of a story.
const (
	sitePrefix  = "hubsubdomain|"
	draftPrefix = "smdraftresourceid:"
)

// Keywords rewrites the type keywords of an item: ids, the subdomain of a site, the resource of a
// draft, and whatever else the map knows. Of the markers of clones ([ParseMarker]) only that of
// the item itself stays, as it is; the others tell of earlier clones. The result is list itself
// if nothing changes.
func (r *Rewriter) Keywords(it ItemInfo, list []string) ([]string, Report) {
	var rep Report
	out := slices.DeleteFunc(slices.Clone(list), func(k string) bool {
		id, ok := ParseMarker(k)
		return ok && id != it.ID
	})
	for i, k := range out {
		if _, ok := ParseMarker(k); ok {
			continue
		}
		if to, rule := r.keyword(k); rule != "" {
			if to != k {
				rep.Changes = append(rep.Changes, Change{Path: "$", Rule: rule, Before: k, After: to})
			}
			out[i] = to
			continue
		}
		to, sub := r.String(k)
		out[i] = to
		rep.add(sub)
	}
	if slices.Equal(out, list) {
		return list, rep
	}
	return out, rep
}

// keyword rewrites the keywords that have a prefix of their own; rule is "" for others.
func (r *Rewriter) keyword(k string) (to, rule string) {
	if name, ok := strings.CutPrefix(k, sitePrefix); ok {
		if to, ok := r.sites[strings.ToLower(name)]; ok {
			return sitePrefix + strings.ToLower(to), RuleSite // such keywords are in lower case
		}
		return k, RuleSite
	}
	if name, ok := strings.CutPrefix(k, draftPrefix); ok {
		return draftPrefix + r.ResourceName(name), string(KindItem)
	}
	return k, ""
}

// ResourceName is the name of a resource on the target. It changes only where the name holds
// an id that moves, as texts that name the resource do: draft_<id>.json.
func (r *Rewriter) ResourceName(name string) string {
	to, _ := r.String(name)
	return to
}
