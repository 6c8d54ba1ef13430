package clone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// Settings of the organization that name groups and items, beside the group queries.
const (
	settingSchema      = "categorySchema"
	settingHelpers     = "helperServices"
	settingResource    = "resource:" // before the key of a file of the organization
	settingQuerySuffix = "GroupQuery"
)

// plainSettings are the properties of an organization, beside its group queries, that hold ids.
var plainSettings = [...]string{
	"defaultBasemap", "defaultVectorBasemap", "default3DBasemapQuery", "featuredGroups", "homePageFeaturedContent", "portalProperties", "rotatorPanels",
}

// settings reads one setting after the other on both portals and says what the target's should
// be.
type settings struct {
	src, dst *site
	rw       *remap.Rewriter
	users    func(name string) string         // the account that stands for one of the source; empty: none
	group    func(title, owner string) string // title that the copy of a group has; empty: there is no copy
}

// settingFact is one setting: what the target's should be, and what it is. Both are canonical.
type settingFact struct {
	name      string
	want, got string
	lacks     []remap.Ref // what it refers to and has no copy
	left      string      // why it is not copied; empty: it is
}

// names lists the properties of the source that are settings here, in the order of a plan.
func (c *settings) names() []string {
	var out []string
	for name := range properties(c.src.self) {
		if strings.HasSuffix(name, settingQuerySuffix) || slices.Contains(plainSettings[:], name) || name == settingHelpers {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// properties are the properties of an organization by name.
func properties(self *gis.Self) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal(self.Raw(), &all) != nil {
		return nil
	}
	return all
}

// fact compares one property of the organization.
func (c *settings) fact(name string) settingFact {
	src := properties(c.src.self)[name]
	f := settingFact{name: name, got: c.now(name)}
	if name == settingHelpers {
		f.want = settingText(src)
		f.left = "helper services are servers of the source; register those of the target there"
		if f.want == f.got || !hasAddress(f.want) {
			f.want, f.left = f.got, ""
		}
		return f
	}
	want, lacks, err := c.wanted(name, src)
	if err != nil {
		f.left = err.Error()
	}
	f.want, f.lacks = settingText(want), lacks
	return f
}

// now is the property on the target.
func (c *settings) now(name string) string {
	return settingText(withoutSecrets(properties(c.dst.self)[name]))
}

// wanted is what a property should be on the target.
func (c *settings) wanted(name string, src json.RawMessage) (json.RawMessage, []remap.Ref, error) {
	var text string
	if json.Unmarshal(src, &text) == nil {
		out, lacks, err := c.query(text)
		return mustJSON(out), lacks, err
	}
	if len(src) == 0 {
		return nil, nil, nil
	}
	src = c.owners(withoutSecrets(src))
	out, rep, err := c.rw.JSON(src)
	return out, rep.Unresolved, err
}

// query maps a text that finds groups: ids in it, or the title and owner of one group.
func (c *settings) query(text string) (string, []remap.Ref, error) {
	title, owner := queryTitle.FindStringSubmatch(text), queryOwner.FindStringSubmatch(text)
	if title == nil || owner == nil || queryID.MatchString(text) {
		out, rep := c.rw.String(text)
		return out, rep.Unresolved, nil
	}
	if isSystem(owner[1]) {
		return text, nil, nil // the portal's own group, of the same name everywhere
	}
	t, o := c.group(title[1], owner[1]), c.users(owner[1])
	if t == "" || o == "" {
		return text, []remap.Ref{{Kind: remap.KindGroup, Value: title[1]}}, nil
	}
	text = strings.Replace(text, title[0], strings.Replace(title[0], title[1], t, 1), 1)
	return strings.Replace(text, owner[0], strings.Replace(owner[0], owner[1], o, 1), 1), nil, nil
}

// owners maps the account names that stand under owner in lists of groups.
func (c *settings) owners(doc json.RawMessage) json.RawMessage {
	var list []map[string]json.RawMessage
	if json.Unmarshal(doc, &list) != nil {
		return doc
	}
	for _, e := range list {
		var owner string
		if json.Unmarshal(e["owner"], &owner) == nil && c.users(owner) != "" {
			e["owner"] = mustJSON(c.users(owner))
		}
	}
	return mustJSON(list)
}

var secretKey = regexp.MustCompile(`(?i)secret|password|token|api_?key|credential`)

// withoutSecrets drops the members of a document whose names say that they hold a secret.
func withoutSecrets(doc json.RawMessage) json.RawMessage {
	v, err := jsonValue(doc)
	if err != nil || !dropSecrets(v) {
		return doc
	}
	return mustJSON(v)
}

func dropSecrets(v any) (dropped bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Collect(maps.Keys(v)) {
			if secretKey.MatchString(k) {
				delete(v, k)
				dropped = true
			} else if dropSecrets(v[k]) {
				dropped = true
			}
		}
	case []any:
		for _, e := range v {
			if dropSecrets(e) {
				dropped = true
			}
		}
	}
	return dropped
}

// keepSecrets puts the members of have that hold secrets into want, so that writing want takes
// none away.
func keepSecrets(want, have any) {
	w, ok := want.(map[string]any)
	h, ok2 := have.(map[string]any)
	if !ok || !ok2 {
		return
	}
	for k, v := range h {
		if _, there := w[k]; !there && secretKey.MatchString(k) {
			w[k] = v
		} else if there {
			keepSecrets(w[k], v)
		}
	}
}

// settingText is the canonical form of a property: nothing, null, and empty texts, lists and
// objects are alike.
func settingText(raw json.RawMessage) string {
	switch s := canonicalJSON(raw); s {
	case `""`, "[]":
		return ""
	default:
		return s
	}
}

func hasAddress(text string) bool { return strings.Contains(text, "://") }

// schema compares the categories that items of the organization can have.
func (c *settings) schema(ctx context.Context) (settingFact, error) {
	f := settingFact{name: settingSchema}
	for _, side := range []struct {
		s  *site
		to *string
	}{{c.src, &f.want}, {c.dst, &f.got}} {
		trees, err := side.s.Content.Categories().Schema(ctx)
		if errors.Is(err, gis.ErrUnsupported) || errors.Is(err, gis.ErrNotFound) {
			continue
		}
		if err != nil {
			return f, fmt.Errorf("categories of %s: %w", side.s.side.Address, err)
		}
		if len(trees) > 0 {
			*side.to = canonicalJSON(mustJSON(trees))
		}
	}
	return f, nil
}
