package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Type keywords that name an item's key: while it is being made, and when it is complete.
const (
	keywordMaking = "demo-making-"
	keywordDone   = "demo-"
)

// itemState is what the portal holds of an item of the manifest.
type itemState int

const (
	absent itemState = iota
	making
	complete
)

func (s *seeder) makeItems(ctx context.Context) error {
	rw, err := s.rewriter()
	if err != nil {
		return err
	}
	have, err := s.existing(ctx)
	if err != nil {
		return err
	}
	return each(ctx, s, s.Items, func(e *itemEntry) string { return "item " + e.Title }, func(ctx context.Context, e *itemEntry) error {
		if have[e.Key] == complete {
			return nil
		}
		w := itemWriter{seeder: s, itemEntry: e, rw: rw}
		return w.run(ctx, have[e.Key])
	})
}

// existing lists the items of earlier calls by key.
func (s *seeder) existing(ctx context.Context) (map[string]itemState, error) {
	var mu sync.Mutex
	have := map[string]itemState{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, owner := range s.owners() {
		g.Go(func() error {
			for it, err := range s.p.Content.AllUserItems(ctx, owner) {
				if err != nil {
					return fmt.Errorf("content of %s: %w", owner, err)
				}
				if key, state := keyOf(it.TypeKeywords); state != absent {
					mu.Lock()
					have[key] = state
					mu.Unlock()
				}
			}
			return nil
		})
	}
	return have, g.Wait()
}

// owners are the members that own items of the manifest.
func (s *seeder) owners() []string {
	var out []string
	for _, it := range s.Items {
		out = append(out, s.account(it.Owner))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func keyOf(keywords []string) (string, itemState) {
	for _, k := range keywords {
		if key, ok := strings.CutPrefix(k, keywordMaking); ok {
			return key, making
		}
		if key, ok := strings.CutPrefix(k, keywordDone); ok {
			return key, complete
		}
	}
	return "", absent
}

// itemWriter makes one item.
type itemWriter struct {
	*seeder
	*itemEntry
	rw *remap.Rewriter
}

// run makes the item, properties and files in one call, or goes on with one that an earlier call
// left. The other calls set a state, so that they can be repeated; the keyword that says that the
// item is complete comes last.
func (w *itemWriter) run(ctx context.Context, state itemState) error {
	owner, folder := w.account(w.Owner), w.folders[folderKey(w.Owner, w.Folder)]
	it := w.p.Content.Handle(owner, folder, w.itemID(w.Key))
	spec, opts, err := w.spec()
	if err != nil {
		return err
	}
	spec.ID, spec.Owner, spec.Folder = it.ID, owner, folder
	if state == absent {
		_, err := w.p.Content.Add(ctx, spec, opts...)
		if errors.Is(err, gis.ErrConflict) && w.elsewhere(ctx, it.ID) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if err := w.addResources(ctx, it); err != nil {
		return err
	}
	if err := w.share(ctx, it); err != nil {
		return err
	}
	if err := w.register(ctx, it); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	if err := w.mark(ctx, it); err != nil {
		return err
	}
	keywords := append(w.keywords(), keywordDone+w.Key)
	return it.Update(ctx, gis.ItemUpdate{TypeKeywords: &keywords}, gis.WithoutRefresh())
}

// elsewhere reports whether the item is complete in the content of another member, to whom
// somebody gave it.
func (w *itemWriter) elsewhere(ctx context.Context, id esri.ItemID) bool {
	it, err := w.p.Content.Get(ctx, id)
	return err == nil && slices.Contains(it.TypeKeywords, keywordDone+w.Key)
}

// spec maps the references in every property and reads the files.
func (w *itemWriter) spec() (gis.ItemSpec, []gis.WriteOption, error) {
	str := func(v string) string {
		out, _ := w.rw.String(v)
		return out
	}
	spec := gis.ItemSpec{
		Title: str(w.Title), Type: w.Type, TypeKeywords: append(w.keywords(), keywordMaking+w.Key), Tags: w.Tags,
		Snippet: str(w.Snippet), Description: str(w.Description), URL: str(w.URL), SpatialReference: w.SpatialReference,
		AccessInformation: w.AccessInformation, LicenseInfo: w.LicenseInfo, Culture: w.Culture, Documentation: str(w.Documentation),
		Categories: w.Categories,
	}
	if e := w.Extent; len(e) == 4 {
		spec.Extent = &esri.Extent{XMin: e[0], YMin: e[1], XMax: e[2], YMax: e[3]}
	}
	if len(w.Properties) > 0 {
		out, _, err := w.rw.JSON(w.Properties)
		if err != nil {
			return spec, nil, fmt.Errorf("properties: %w", err)
		}
		spec.Properties = out
	}
	opts, err := w.files()
	return spec, append(opts, gis.WithoutRefresh()), err
}

// keywords maps the item's own type keywords; some apps put ids there.
func (w *itemWriter) keywords() []string {
	var out []string
	for _, k := range w.TypeKeywords {
		k, _ = w.rw.String(k)
		out = append(out, k)
	}
	return out
}

// files reads data, thumbnail and metadata.
func (w *itemWriter) files() ([]gis.WriteOption, error) {
	var opts []gis.WriteOption
	switch {
	case w.Text != "":
		doc, err := text(w.rw, w.Text)
		if err != nil {
			return nil, err
		}
		opts = append(opts, gis.WithText(string(doc)))
	case w.File != "":
		b, err := w.file()
		if err != nil {
			return nil, err
		}
		name := w.Name
		if name == "" {
			name = path.Base(w.File)
		}
		opts = append(opts, gis.WithData(gis.BytesUpload(name, b)))
	case len(w.Archive) > 0:
		b, err := w.archive()
		if err != nil {
			return nil, err
		}
		opts = append(opts, gis.WithData(gis.BytesUpload(w.Name, b)))
	}
	pic, err := upload(w.Thumbnail, w.Picture)
	if err != nil {
		return nil, err
	}
	if pic != nil {
		opts = append(opts, gis.WithThumbnail(*pic))
	}
	meta, err := upload(w.Metadata, "metadata.xml")
	if err != nil {
		return nil, err
	}
	if meta != nil {
		opts = append(opts, gis.WithMetadata(*meta))
	}
	return opts, nil
}

// file returns the bytes of the item's file, or of the part that it takes.
func (w *itemWriter) file() ([]byte, error) {
	b, err := read(w.File)
	if err == nil && w.Rows != nil {
		b, err = w.Rows.apply(b)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.File, err)
	}
	if w.Mapped {
		b, _ = w.rw.Text(b)
	}
	return b, nil
}

// part returns the bytes of a resource or of a member of an archive.
func (w *itemWriter) part(r resourceEntry) ([]byte, error) {
	if r.Mapped {
		return text(w.rw, r.File)
	}
	return read(r.File)
}

// archive packs the members; the result depends on nothing but their bytes.
func (w *itemWriter) archive() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, r := range w.Archive {
		b, err := w.part(r)
		if err != nil {
			return nil, err
		}
		member, err := z.CreateHeader(&zip.FileHeader{Name: r.Name, Method: zip.Deflate})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		if _, err := member.Write(b); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", w.Name, err)
	}
	return out.Bytes(), nil
}

// addResources adds those that are not there.
func (w *itemWriter) addResources(ctx context.Context, it *gis.Item) error {
	for _, r := range w.Resources {
		b, err := w.part(r)
		if err != nil {
			return err
		}
		spec := gis.ResourceSpec{Name: r.Name, Upload: gis.Upload{Name: path.Base(r.Name), Size: int64(len(b)), Body: bytes.NewReader(b)}}
		if r.Private {
			spec.Access = gis.ResourcePrivate
		}
		if err := it.Resources().Add(ctx, spec); err != nil && !errors.Is(err, gis.ErrConflict) {
			return fmt.Errorf("resource %s: %w", r.Name, err)
		}
	}
	return nil
}

func (w *itemWriter) share(ctx context.Context, it *gis.Item) error {
	sh := gis.Share{AllowMembersToEdit: true}
	if w.Access == string(gis.AccessOrg) || w.Access == string(gis.AccessPublic) {
		sh.Access = gis.Access(w.Access)
	}
	for _, title := range w.Groups {
		sh.Groups = append(sh.Groups, w.groups[title])
	}
	if sh.Access == "" && len(sh.Groups) == 0 {
		return nil
	}
	if err := it.Share(ctx, sh); err != nil {
		return fmt.Errorf("share: %w", err)
	}
	return nil
}
