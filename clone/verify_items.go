package clone

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// itemCheck is the comparison of one item with its copy.
type itemCheck struct {
	*comparison
	step     Step
	src, dst *gis.Item
	info     remap.ItemInfo // of the source
	app      *gis.AppInfo   // the registration of the source; nil: it has none
}

// compareItem compares an item with its copy: properties, folder, data, pictures, info files,
// resources, and registration as an app; and looks through the copy for what is left of the
// source.
func (c *comparison) compareItem(ctx context.Context, s Step) error {
	if c.v.stays(s.Source) {
		c.stayed.Add(1)
		return nil
	}
	if c.unchanged(s) {
		c.unread.Add(1)
		return nil
	}
	x := &itemCheck{comparison: c, step: s}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		x.src, err = c.v.src.Content.UserItem(gctx, s.Owner, esri.ItemID(s.Source))
		return err
	})
	g.Go(func() (err error) {
		x.dst, err = c.v.dst.Content.UserItem(gctx, c.v.ownerOnTarget(s), esri.ItemID(s.Target))
		if errors.Is(err, gis.ErrNotFound) {
			return nil
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	if x.dst == nil {
		c.missing(s)
		return nil
	}
	var err error
	if x.info, err = infoOf(ctx, c.v.src, c.v.dst, x.src, x.dst.Owner); err != nil {
		return err
	}
	if err := x.registration(ctx); err != nil {
		return err
	}
	x.properties()
	for _, part := range []func(context.Context) error{x.data, x.files, x.resources} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// unchanged reports whether an item was copied by an earlier run, and neither side's listing
// shows a change since. Only the verification that follows a run goes by that.
func (c *comparison) unchanged(s Step) bool {
	if !c.quick || c.v.opts.Full || s.Action != Match {
		return false
	}
	t := c.v.to.item(s.Target)
	it := c.v.from.item(s.Source)
	return t != nil && it != nil && t.Copied != nil && t.Copied.Modified == it.Modified && t.Copied.Size == it.Size &&
		c.v.journal.sealedBefore(KindItem, s.Source) == t.Modified
}

// properties compares what stands in the item's JSON, and its place.
func (x *itemCheck) properties() {
	for _, f := range itemFacts {
		want := f.read(x.src)
		if f.want != nil {
			want = f.want(x, want)
		}
		x.compare(x.step, f.name, want, f.read(x.dst))
	}
	if want := x.v.folders[string(x.src.OwnerFolder)]; want != string(x.dst.OwnerFolder) {
		x.compare(x.step, "folder", x.folderTitle(x.v.from, string(x.src.OwnerFolder)), x.folderTitle(x.v.to, string(x.dst.OwnerFolder)))
	}
	x.referencesOf()
	for _, t := range itemTexts(x.dst) {
		x.leftovers(x.step, x.lookThrough(t.label, t.part, []byte(t.value)), remap.Report{})
	}
}

// folderTitle names a folder of either side for a reader.
func (c *comparison) folderTitle(in *census, id string) string {
	if id == "" {
		return "the root folder"
	}
	for _, f := range in.folders {
		if string(f.ID) == id {
			return f.Title + " (" + id + ")"
		}
	}
	return id
}

func (x *itemCheck) mapped(s string) string { return x.rewriteString(s) }

func (x *itemCheck) mappedJSON(s string) string { return x.rewriteJSON(s) }

func (x *itemCheck) wantProperties(s string) string {
	if s == "" {
		return ""
	}
	out, _, err := x.rw.Item(x.info, remap.PartProperties, []byte(s))
	if err != nil {
		return s
	}
	return canonicalJSON(out)
}

// wantKeywords leaves out the keyword of a registration that the source itself does not have any
// more.
func (x *itemCheck) wantKeywords(string) string {
	list, _ := x.rw.Keywords(x.info, x.src.TypeKeywords)
	return set(slices.DeleteFunc(plainKeywords(list), func(k string) bool { return k == registeredKeyword && x.app == nil }))
}

// wantTitle is the title that the plan gave the copy, else the source's.
func (x *itemCheck) wantTitle(s string) string {
	if x.src.Name != "" {
		return x.mapped(s)
	}
	return x.renamed(x.step, x.mapped(s), x.dst.Title, numbered)
}

// wantName is the file name likewise, for an item that has one.
func (x *itemCheck) wantName(s string) string {
	if s == "" {
		return ""
	}
	return x.renamed(x.step, s, x.dst.Name, numberedFile)
}

// Forms of the names that copies get whose own is taken.
var (
	numbered     = regexp.MustCompile(`^(.*) \([0-9]+\)$`)
	numberedFile = regexp.MustCompile(`^(.*)_[0-9]+(\.[^.]*)?$`)
)

// renamed is the name that a copy must have: the one of the plan where that is known, else the
// source's. An earlier run may have renamed what it made, and its plan is gone: then a number is
// taken for that.
func (c *comparison) renamed(s Step, own, got string, form *regexp.Regexp) string {
	if name, known := c.planned[objectKey{s.Kind, s.Source}]; known {
		if name != "" {
			return name
		}
		if c.v.journal != nil && c.v.journal.madeNow(s.Kind, s.Source) {
			return own
		}
	}
	if m := form.FindStringSubmatch(got); m != nil && own != "" && c.v.made(s.Kind, s.Source) != "" && strings.Join(m[1:], "") == own {
		return got
	}
	return own
}

// referencesOf reports what the properties of the item name without a counterpart.
func (x *itemCheck) referencesOf() {
	for _, p := range []struct{ name, text string }{
		{"description", x.src.Description}, {"snippet", x.src.Snippet}, {"url", x.src.URL}, {"accessInformation", x.src.AccessInformation},
		{"licenseInfo", x.src.LicenseInfo}, {"documentation", x.src.Documentation},
	} {
		_, rep := x.rw.String(p.text)
		x.refs.add(x.step.Source, x.step.Title, p.name, rep)
	}
	if props := withoutMarker(x.src.Properties); len(props) > 0 {
		if _, rep, err := x.rw.Item(x.info, remap.PartProperties, props); err == nil {
			x.refs.add(x.step.Source, x.step.Title, "properties", rep)
		}
	}
}

// loader reads what copies must hold. It counts no bytes: comparing does.
func (c *comparison) loader() *loader {
	return &loader{rw: c.rw, texts: c.texts, dir: c.scratchFolder(), m: c.m}
}

// scratchFolder is where archives stand while they are looked through.
func (c *comparison) scratchFolder() string {
	if c.v.journal != nil {
		return filepath.Dir(c.v.journal.Path())
	}
	return os.TempDir()
}

// registration compares the registration of an app. Client ids and secrets belong to each portal.
func (x *itemCheck) registration(ctx context.Context) (err error) {
	if !slices.Contains(x.src.TypeKeywords, registeredKeyword) {
		return nil
	}
	if x.app, err = appOf(ctx, x.v.src, x.src.Owner, x.step.Source); err != nil || x.app == nil {
		return err
	}
	to, err := appOf(ctx, x.v.dst, x.dst.Owner, x.step.Target)
	if err != nil {
		return err
	}
	if to == nil {
		x.compare(x.step, "appType", string(x.app.Type), "not registered")
		return nil
	}
	x.compare(x.step, "appType", string(x.app.Type), string(to.Type))
	x.compare(x.step, "appRedirectURIs", set(mapped(x.rw, x.app.RedirectURIs)), set(to.RedirectURIs))
	x.compare(x.step, "appHttpReferrers", set(mapped(x.rw, x.app.HTTPReferrers)), set(to.HTTPReferrers))
	x.compare(x.step, "appPrivileges", set(mapped(x.rw, x.app.Privileges)), set(to.Privileges))
	return nil
}

type opener func(context.Context) (*gis.Data, error)

// thumbnailOf opens a thumbnail, nil where the object has none.
func thumbnailOf(name string, open opener) opener {
	if name == "" {
		return nil
	}
	return open
}

// compareFiles compares two small files by their bytes; a nil opener is a file that is not there.
func (c *comparison) compareFiles(ctx context.Context, s Step, field string, from, to opener) error {
	sum := func(open opener) (string, error) {
		if open == nil {
			return "none", nil
		}
		d, err := optional(open(ctx))
		if err != nil || d == nil {
			return "none", err
		}
		defer d.Close()
		b, err := readLimited(d, smallLimit)
		return hashOf(b), err
	}
	w, err := sum(from)
	if err != nil {
		return err
	}
	g, err := sum(to)
	if err != nil {
		return err
	}
	c.compare(s, field, w, g)
	return nil
}

// optional turns "not found" into nil.
func optional(d *gis.Data, err error) (*gis.Data, error) {
	if errors.Is(err, gis.ErrNotFound) {
		return nil, nil
	}
	return d, err
}
