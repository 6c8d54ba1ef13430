package remap

import (
	"fmt"
	"slices"
	"strings"
)

// ItemInfo is what the typed rules know of an item of the source.
type ItemInfo struct {
	ID           string
	Type         string
	TypeKeywords []string

	// OwnerEmail is the address of the member who owns the copy. Where an app keeps the address
	// of its owner, this one takes its place; "" leaves it.
	OwnerEmail string
}

// hasKeyword reports whether the item carries a type keyword, in any case.
func (it ItemInfo) hasKeyword(word string) bool {
	for _, k := range it.TypeKeywords {
		if strings.EqualFold(k, word) {
			return true
		}
	}
	return false
}

// Part names one text of an item.
type Part string

// Parts of an item. A resource is named by [Resource].
const (
	PartData        Part = "data"
	PartProperties  Part = "properties"  // JSON
	PartMetadata    Part = "metadata"    // XML
	PartURL         Part = "url"         // the address of an app or service
	PartDescription Part = "description" // and every other property that is prose
)

const resourcePrefix = "resources/"

// Resource is the part that a resource is, named as the portal lists it: config/config.json.
func Resource(name string) Part { return Part(resourcePrefix + name) }

// member is the part that a member of an archive is.
func member(name string) Part { return Part("data/" + name) }

// Item rewrites one text of an item: by the rule that its type has, and everywhere by the rules
// of [Rewriter.JSON] and [Rewriter.Text]. Text that is JSON is walked, whatever its name; the
// result is data itself if nothing changes. The error names the item; data then comes back
// unchanged. Only properties that are no JSON are one.
func (r *Rewriter) Item(it ItemInfo, part Part, data []byte) (out []byte, rep Report, err error) {
	switch part {
	case PartDescription, PartURL:
		s, rep := r.String(string(data))
		if len(rep.Changes) == 0 {
			return data, rep, nil
		}
		return []byte(s), rep, nil
	case PartProperties:
		if out, rep, err = r.typed(it, part, data); err != nil {
			return data, Report{}, fmt.Errorf("remap: properties of item %s: %w", it.ID, err)
		}
		return out, rep, nil
	}
	if looksLikeJSON(data) {
		if out, rep, err = r.typed(it, part, data); err == nil {
			return out, rep, nil
		}
	}
	rep = Report{}
	return r.text(data, &rep, entryFor(it).rule.code), rep, nil
}

// typed rewrites a document that is JSON, first by the rule of its item.
func (r *Rewriter) typed(it ItemInfo, part Part, data []byte) (out []byte, rep Report, err error) {
	ru := entryFor(it).rule
	doc, err := r.fix(ru, it, part, data, &rep)
	if err != nil {
		return data, Report{}, err
	}
	if out, err = r.json(doc, &rep, ru.code); err != nil {
		return data, Report{}, err
	}
	if len(rep.Unresolved) > 0 {
		rep.Unresolved = withoutLocal(rep.Unresolved, r.localPlaces(ru, it, part, data))
	}
	return out, rep, nil
}

// withoutLocal drops ids that the map does not know in places where they name nothing outside
// the document.
func withoutLocal(refs []Ref, places []string) []Ref {
	if len(places) == 0 {
		return refs
	}
	return slices.DeleteFunc(refs, func(ref Ref) bool {
		return ref.Kind == KindItem && !ref.Lacking && !ref.Mapped &&
			slices.ContainsFunc(places, func(place string) bool { return isWithin(ref.Path, place) })
	})
}
