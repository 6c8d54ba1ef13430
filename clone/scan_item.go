package clone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// itemScan is the reading of one item. Only texts are read; files of users are not.
type itemScan struct {
	sc   *scanner
	it   *censusItem
	out  *scanned
	seen map[string]bool
}

func (r *itemScan) info() remap.ItemInfo { return remap.ItemInfo{ID: r.it.ID, Type: r.it.Type} }

func (r *itemScan) handle() *gis.Item {
	it := r.sc.v.src.Content.Handle(r.it.Owner, esri.FolderID(r.it.Folder), esri.ItemID(r.it.ID))
	it.Type = r.it.Type
	return it
}

// text adds the references in one text. label is how the part is named to people.
func (r *itemScan) text(label string, part remap.Part, text []byte) {
	r.add(label, r.sc.rw.References(r.info(), part, text))
}

// add notes references, each object once.
func (r *itemScan) add(label string, refs []remap.Ref) {
	for _, ref := range refs {
		switch ref.Kind {
		case remap.KindItem, remap.KindGroup:
			id := strings.ToLower(ref.Value)
			if id != r.it.ID && !r.seen[id] && esri.IsID(id) {
				r.seen[id] = true
				r.out.named = append(r.out.named, named{id: id, kind: ref.Kind, part: label, path: ref.Path})
			}
		case remap.KindService:
			r.service(label, ref)
		}
	}
}

// service notes the address of a service: of the source's own by its place, of others by the
// host.
func (r *itemScan) service(label string, ref remap.Ref) {
	address := ref.Value
	if _, rest, ok := strings.Cut(address, "//"); ok {
		address = rest
	}
	host, _, _ := strings.Cut(strings.ToLower(address), "/")
	for _, root := range r.sc.roots {
		if !strings.HasPrefix(strings.ToLower(address), root) {
			continue
		}
		if key := "service " + strings.ToLower(address); !r.seen[key] {
			r.seen[key] = true
			r.out.byRef = append(r.out.byRef, Reference{
				Class: ByReference, Item: r.it.ID, Title: r.it.Title, Part: label, Path: ref.Path, Kind: string(ref.Kind), Value: ref.Value,
			})
		}
		return
	}
	if host != "" {
		r.out.hosts[host] = true
	}
}

// itemText is one property of an item that may name other objects.
type itemText struct {
	label string
	part  remap.Part
	value string
}

func itemTexts(it *gis.Item) []itemText {
	return []itemText{
		{"properties", remap.PartProperties, string(withoutMarker(it.Properties))},
		{"url", remap.PartURL, it.URL},
		{"title", remap.PartDescription, it.Title},
		{"description", remap.PartDescription, it.Description},
		{"snippet", remap.PartDescription, it.Snippet},
		{"accessInformation", remap.PartDescription, it.AccessInformation},
		{"licenseInfo", remap.PartDescription, it.LicenseInfo},
		{"documentation", remap.PartDescription, it.Documentation},
		{"typeKeywords", remap.PartDescription, strings.Join(withoutSourceKeywords(it.TypeKeywords), "\n")},
	}
}

// mayRefer is a quick look that tells most texts without a reference from others.
func mayRefer(text string) bool {
	run := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			if run++; run == 32 {
				return true
			}
		default:
			run = 0
		}
	}
	return strings.Contains(text, "/services/")
}

// properties reads the item anew where its listing showed that a property may hold a reference.
func (r *itemScan) properties(ctx context.Context) error {
	if !r.it.Texts {
		return nil
	}
	it, err := r.sc.v.src.Content.UserItem(ctx, r.it.Owner, esri.ItemID(r.it.ID))
	if err != nil {
		return fmt.Errorf("read the item: %w", err)
	}
	for _, t := range itemTexts(it) {
		if mayRefer(t.value) {
			r.text(t.label, t.part, []byte(t.value))
		}
	}
	return nil
}

// fileName is what tells how the data is treated: the name of the file that it was uploaded as.
func (r *itemScan) fileName() string {
	if !r.it.File {
		return ""
	}
	return r.it.Name
}

// data reads a text, or the texts in an archive of an app.
func (r *itemScan) data(ctx context.Context) error {
	treatment := remap.Typed(r.info(), r.fileName())
	if treatment == remap.TreatFile {
		return nil
	}
	return r.read(ctx, "data", r.handle().Data, func(raw []byte) error {
		if treatment == remap.TreatArchive {
			return r.archive(raw)
		}
		if bytes.IndexByte(raw[:min(len(raw), 1024)], 0) < 0 { // a text, whatever the type is
			r.text("data", remap.PartData, raw)
		}
		return nil
	})
}

// archive reads the texts in a zip file. One that is no zip file is copied as it is.
func (r *itemScan) archive(raw []byte) error {
	refs, err := r.sc.rw.ArchiveReferences(r.info(), bytes.NewReader(raw), int64(len(raw)))
	if errors.Is(err, remap.ErrArchive) {
		return nil
	}
	r.add("data", refs)
	return err
}

func (r *itemScan) metadata(ctx context.Context) error {
	if !r.it.Metadata {
		return nil
	}
	open := func(ctx context.Context) (*gis.Data, error) { return r.handle().OpenMetadata(ctx, "") }
	return r.read(ctx, "metadata", open, func(raw []byte) error {
		r.text("metadata", remap.PartMetadata, raw)
		return nil
	})
}

// resources reads those resources of an app that are texts.
func (r *itemScan) resources(ctx context.Context) error {
	if remap.Typed(r.info(), r.fileName()) == remap.TreatFile {
		return nil
	}
	list, err := gis.Collect(r.handle().Resources().List(ctx, nil))
	if err != nil {
		return fmt.Errorf("list the resources: %w", err)
	}
	var errs []error
	for _, res := range list {
		if remap.TypedResource(r.info(), res.Name) != remap.TreatTextFile {
			continue
		}
		label := string(remap.Resource(res.Name))
		open := func(ctx context.Context) (*gis.Data, error) { return r.handle().Resources().Open(ctx, res.Name) }
		errs = append(errs, r.read(ctx, label, open, func(raw []byte) error {
			r.text(label, remap.Resource(res.Name), raw)
			return nil
		}))
	}
	return errors.Join(errs...)
}

// read opens a file, waits for room in memory and hands it over whole. What is not there is
// nothing to read.
func (r *itemScan) read(ctx context.Context, label string, open func(context.Context) (*gis.Data, error), use func([]byte) error) error {
	d, err := open(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", label, err)
	}
	defer d.Close()
	release, err := r.sc.texts.take(ctx, d.Size)
	if err != nil {
		return err
	}
	defer release()
	raw, err := io.ReadAll(io.LimitReader(d, textLimit+1))
	switch {
	case err != nil:
		return fmt.Errorf("read %s: %w", label, err)
	case len(raw) > textLimit:
		return fmt.Errorf("%s is longer than %d MiB and was not searched for references", label, textLimit>>20)
	}
	return use(raw)
}
