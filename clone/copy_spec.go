package clone

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// spec maps every writable property.
func (c *itemCopy) spec(m marker) (gis.ItemSpec, error) {
	s := c.src
	props, err := c.properties(m)
	if err != nil {
		return gis.ItemSpec{}, err
	}
	spec := gis.ItemSpec{
		Owner: c.owner, Folder: c.folder, ID: c.id,
		Title: c.title(), Type: s.Type, Tags: s.Tags, TypeKeywords: c.keywords(),
		Description: c.text("description", s.Description), Snippet: c.text("snippet", s.Snippet), URL: c.url(),
		SpatialReference: s.SpatialReference, AccessInformation: c.text("accessInformation", s.AccessInformation),
		LicenseInfo: c.text("licenseInfo", s.LicenseInfo), Culture: s.Culture, Documentation: c.text("documentation", s.Documentation),
		Extent: s.Extent, Properties: props, Categories: s.Categories,
		AppCategories: s.AppCategories, Industries: s.Industries, Languages: s.Languages,
		CommentsEnabled: &s.CommentsEnabled, DataURL: c.text("dataUrl", c.dataURL), Extra: url.Values{},
	}
	for name, value := range c.besides() {
		if value != "" || c.have != nil {
			spec.Extra.Set(name, value)
		}
	}
	for _, l := range lists(&spec) {
		if slices.ContainsFunc(*l.values, func(v string) bool { return strings.Contains(v, ",") }) {
			spec.Extra.Set(l.name, string(mustJSON(*l.values)))
			*l.values = nil
		}
	}
	if c.have == nil {
		c.attach(&spec)
	}
	if !c.dst.features.HonorsItemIDToCreate {
		spec.ID = ""
	}
	return spec, nil
}

// title is the source's, or the one that this plan or an earlier one gives the copy because the
// source's was taken.
func (c *itemCopy) title() string {
	if c.step.Rename != "" && c.src.Name == "" {
		return c.step.Rename
	}
	title := c.text("title", c.src.Title)
	if c.step.Action == Update && hasNumber(c.have.Title, title+" (", ")") {
		return c.have.Title
	}
	return title
}

// fileName is the name of the file on the target, likewise.
func (c *itemCopy) fileName(name string) string {
	ext := path.Ext(name)
	switch {
	case c.step.Rename != "":
		return c.step.Rename
	case c.step.Action == Update && hasNumber(c.have.Name, strings.TrimSuffix(name, ext)+"_", ext):
		return c.have.Name
	}
	return name
}

// hasNumber reports whether a name is a number between before and after.
func hasNumber(name, before, after string) bool {
	rest, ok := strings.CutPrefix(name, before)
	if !ok {
		return false
	}
	rest, ok = strings.CutSuffix(rest, after)
	_, err := strconv.ParseUint(rest, 10, 32)
	return ok && err == nil
}

func (c *itemCopy) text(field, s string) string {
	out, rep := c.rw.String(s)
	c.rewrote(field, rep)
	return out
}

// list is a property that the wire joins by commas.
type list struct {
	name   string
	values *[]string
}

func lists(s *gis.ItemSpec) []list {
	return []list{
		{"tags", &s.Tags}, {"typeKeywords", &s.TypeKeywords}, {"categories", &s.Categories},
		{"appCategories", &s.AppCategories}, {"industries", &s.Industries}, {"languages", &s.Languages},
	}
}

// checkLists reads the copy back where an entry of a list holds a comma. Such a list is sent as
// JSON, which not every portal splits where it was joined.
func (c *itemCopy) checkLists(ctx context.Context) error {
	commas := func(it *gis.Item) (out []list) {
		s := gis.ItemSpec{Tags: it.Tags, TypeKeywords: plainKeywords(it.TypeKeywords), Categories: it.Categories,
			AppCategories: it.AppCategories, Industries: it.Industries, Languages: it.Languages}
		for _, l := range lists(&s) {
			if slices.ContainsFunc(*l.values, func(v string) bool { return strings.Contains(v, ",") }) {
				out = append(out, l)
			}
		}
		return out
	}
	want := commas(c.src)
	if len(want) == 0 {
		return nil
	}
	it, err := c.dst.Content.UserItem(ctx, c.owner, c.id)
	if err != nil {
		return fmt.Errorf("read it back: %w", err)
	}
	got := commas(it)
	for _, w := range want {
		same := slices.ContainsFunc(got, func(g list) bool { return g.name == w.name && set(*g.values) == set(*w.values) })
		if i := slices.IndexFunc(*w.values, func(v string) bool { return strings.Contains(v, ",") }); !same && w.name != "typeKeywords" {
			return fmt.Errorf("%s: the target splits %q at its comma; rename it on the source", w.name, (*w.values)[i])
		}
	}
	return nil
}

// keywords maps the type keywords and adds the one that names the source. A copied service
// item refers to the source's service and must not look hosted on the target; an item is
// registered as an app when the target has registered it.
func (c *itemCopy) keywords() []string {
	list, rep := c.rw.Keywords(c.info, c.src.TypeKeywords)
	c.rewrote("typeKeywords", rep)
	out := slices.DeleteFunc(slices.Clone(list), func(k string) bool {
		_, marked := remap.ParseMarker(k)
		return marked || k == hostedKeyword || k == registeredKeyword && !c.registered(string(c.src.ID))
	})
	return append(out, remap.Marker(string(c.src.ID)))
}

// properties maps the JSON that apps keep with the item, once, and puts the marker into it.
func (c *itemCopy) properties(m marker) (json.RawMessage, error) {
	props := withoutMarker(c.src.Properties)
	if len(props) > 0 && c.props == nil {
		out, rep, err := c.rw.Item(c.info, remap.PartProperties, props)
		if err != nil {
			return nil, err
		}
		c.rewrote("properties", rep)
		c.props = out
	}
	return withMarker(c.props, m), nil
}

// besides are the properties of the source that the SDK has no fields for, by the name of their
// parameter and as the copy shall have them.
func (c *itemCopy) besides() map[string]string {
	out := besidesOf(c.src)
	for _, name := range []string{"proxyFilter", "advancedSettings"} {
		if mapped, rep, err := c.rw.JSON([]byte(out[name])); err == nil {
			c.rewrote(name, rep)
			out[name] = string(mapped)
		}
	}
	return out
}

// besidesOf reads these properties of an item. What is not there is empty.
func besidesOf(it *gis.Item) map[string]string {
	var raw struct {
		MetadataEditable *bool    `json:"metadataEditable"`
		MetadataFormats  []string `json:"metadataFormats"`
	}
	out := map[string]string{"proxyFilter": string(it.ProxyFilter), "advancedSettings": string(it.AdvancedSettings)}
	if json.Unmarshal(it.Raw(), &raw) == nil {
		if raw.MetadataEditable != nil {
			out["metadataEditable"] = yesNo(*raw.MetadataEditable)
		}
		out["metadataFormats"] = strings.Join(raw.MetadataFormats, ",")
	}
	return out
}

// fetchedFrom is the address that the portal fetched the data of an item from, "" for uploads.
func fetchedFrom(it *gis.Item) string {
	var raw struct {
		DataURL string `json:"dataUrl"`
	}
	if json.Unmarshal(it.Raw(), &raw) != nil {
		return ""
	}
	return raw.DataURL
}

// given reports whether a property of an item's JSON holds anything.
func given(raw json.RawMessage, name string) bool {
	var obj map[string]json.RawMessage
	if json.Unmarshal(raw, &obj) != nil {
		return false
	}
	switch v := bytes.TrimSpace(obj[name]); string(v) {
	case "", "null", "{}", "[]", `""`, "false":
		return false
	}
	return true
}

// updateOf turns what an item is created with into an update.
func updateOf(s gis.ItemSpec) gis.ItemUpdate {
	u := gis.ItemUpdate{
		Title: &s.Title, Description: &s.Description, Snippet: &s.Snippet, URL: &s.URL, SpatialReference: &s.SpatialReference,
		AccessInformation: &s.AccessInformation, LicenseInfo: &s.LicenseInfo, Culture: &s.Culture, Documentation: &s.Documentation,
		TypeKeywords: &s.TypeKeywords, Tags: &s.Tags, Categories: &s.Categories,
		AppCategories: &s.AppCategories, Industries: &s.Industries, Languages: &s.Languages,
		Extent: s.Extent, ClearExtent: s.Extent == nil, Properties: s.Properties, CommentsEnabled: s.CommentsEnabled, Extra: s.Extra,
	}
	if s.DataURL != "" {
		u.Extra.Set("dataUrl", s.DataURL)
	}
	return u
}

// changedFrom leaves of u what differs from the item that is there, and reports whether anything
// does. The marker is left out of the comparison.
func changedFrom(u gis.ItemUpdate, have *gis.Item) (gis.ItemUpdate, bool) {
	out := gis.ItemUpdate{Extra: url.Values{}}
	any := false
	text := func(to **string, want *string, have string) {
		if *want != have {
			*to, any = want, true
		}
	}
	words := func(name string, to **[]string, want *[]string, have []string) {
		if sent := u.Extra.Get(name); sent != "" {
			var list []string
			if json.Unmarshal([]byte(sent), &list) == nil && set(list) != set(have) {
				out.Extra.Set(name, sent)
				any = true
			}
		} else if set(*want) != set(have) {
			*to, any = want, true
		}
	}
	text(&out.Title, u.Title, have.Title)
	text(&out.Description, u.Description, have.Description)
	text(&out.Snippet, u.Snippet, have.Snippet)
	text(&out.URL, u.URL, have.URL)
	text(&out.SpatialReference, u.SpatialReference, have.SpatialReference)
	text(&out.AccessInformation, u.AccessInformation, have.AccessInformation)
	text(&out.LicenseInfo, u.LicenseInfo, have.LicenseInfo)
	text(&out.Culture, u.Culture, have.Culture)
	text(&out.Documentation, u.Documentation, have.Documentation)
	words("typeKeywords", &out.TypeKeywords, u.TypeKeywords, have.TypeKeywords)
	words("tags", &out.Tags, u.Tags, have.Tags)
	words("categories", &out.Categories, u.Categories, have.Categories)
	words("appCategories", &out.AppCategories, u.AppCategories, have.AppCategories)
	words("industries", &out.Industries, u.Industries, have.Industries)
	words("languages", &out.Languages, u.Languages, have.Languages)
	if extentText(u.Extent) != extentText(have.Extent) {
		out.Extent, out.ClearExtent, any = u.Extent, u.ClearExtent, true
	}
	if *u.CommentsEnabled != have.CommentsEnabled {
		out.CommentsEnabled, any = u.CommentsEnabled, true
	}
	if canonicalJSON(withoutMarker(u.Properties)) != canonicalJSON(withoutMarker(have.Properties)) {
		out.Properties, any = u.Properties, true
	}
	for name, now := range besidesOf(have) {
		if want, sent := u.Extra[name]; sent && canonicalJSON(json.RawMessage(want[0])) != canonicalJSON(json.RawMessage(now)) {
			out.Extra.Set(name, want[0])
			any = true
		}
	}
	return out, any
}
