package clone

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// held is what one side has of some data: its sum, and what the source's names.
type held struct {
	there     bool
	hash      string
	treatment remap.Treatment
	report    remap.Report
	left      []finding
}

// data compares the data. Both sides are read at the same time, each to its end: texts as they
// must read after rewriting, files byte for byte and never kept.
func (x *itemCheck) data(ctx context.Context) error {
	if packaged(x.src) {
		return nil // the portal makes the data of such an item
	}
	load := func(ctx context.Context) (*content, error) { return x.loader().load(ctx, x.src, x.info) }
	open := func(ctx context.Context) (*gis.Data, error) { return x.dst.Data(ctx) }
	return x.contents(ctx, x.step, "data", "data", remap.PartData, load, open)
}

// contents compares what a copy must hold with what it holds.
func (x *itemCheck) contents(ctx context.Context, s Step, field, label string, part remap.Part, load func(context.Context) (*content, error), open opener) error {
	var want, got held
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		want, err = x.expected(gctx, load)
		return err
	})
	g.Go(func() (err error) {
		got, err = x.found(gctx, label, part, open)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	if want.there != got.there {
		x.compare(s, field, presence(want.there), presence(got.there))
		return nil
	}
	x.refs.add(x.step.Source, x.step.Title, label, want.report)
	x.scans.abroad(x.step.Source, want.report)
	x.leftovers(s, got.left, want.report)
	x.compare(s, field, want.hash, got.hash)
	return nil
}

// expected reads the source. It gives back what it holds of the texts' room before anybody
// waits for it again.
func (x *itemCheck) expected(ctx context.Context, load func(context.Context) (*content, error)) (h held, err error) {
	c, err := load(ctx)
	if err != nil {
		return h, err
	}
	defer c.Close()
	if c.kind == noData {
		return h, nil
	}
	h = held{there: true, hash: c.hash, treatment: c.treatment, report: c.report}
	if c.treatment != remap.TreatFile {
		return h, nil
	}
	if h.report, err = x.rw.Scan(c.body); err != nil {
		return h, err
	}
	h.report.Warnings = append(h.report.Warnings, c.report.Warnings...)
	c.drained()
	h.hash = c.hash
	return h, nil
}

// found reads the target and looks through texts for what is left of the source. Users' own
// files are not looked through: they keep what they name, which the source's scan reports.
func (x *itemCheck) found(ctx context.Context, label string, part remap.Part, open opener) (h held, err error) {
	d, err := optional(open(ctx))
	if err != nil || d == nil {
		return h, err
	}
	defer d.Close()
	r := bufio.NewReader(d)
	head, _ := r.Peek(probeLength) // an error comes again when the data is read
	h = held{there: true, treatment: x.treatment(part, d, head)}
	sum := sha256.New()
	in := io.TeeReader(r, sum)
	switch h.treatment {
	case remap.TreatText, remap.TreatTextFile:
		h.left, err = x.readText(ctx, label, part, d.Size, in)
	case remap.TreatArchive:
		h.left, err = x.readArchive(label, in)
	default:
		_, err = io.Copy(io.Discard, in)
	}
	if err != nil {
		return h, err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return h, err
	}
	h.hash = hexOf(sum)
	return h, nil
}

func (x *itemCheck) treatment(part remap.Part, d *gis.Data, head []byte) remap.Treatment {
	if part != remap.PartData {
		return remap.TypedResource(x.info, nameOfResource(part))
	}
	return remap.Typed(x.info, dataName(x.dst, d, head))
}

// readText looks through a text of the target, in memory where it fits.
func (x *itemCheck) readText(ctx context.Context, label string, part remap.Part, size int64, r io.Reader) ([]finding, error) {
	if size <= textLimit {
		release, err := x.texts.take(ctx, size)
		if err != nil {
			return nil, err
		}
		defer release()
		text, err := io.ReadAll(io.LimitReader(r, textLimit))
		if err != nil {
			return nil, err
		}
		if len(text) < textLimit {
			return x.lookThrough(label, part, text), nil
		}
		r = io.MultiReader(bytes.NewReader(text), r)
	}
	rep, err := x.rw.Scan(r)
	var out []finding
	for _, ref := range rep.Unresolved {
		if ref.Kept {
			out = append(out, finding{label, ref.Path, string(ref.Kind), ref.Value})
		}
	}
	return out, err
}

func presence(there bool) string {
	if !there {
		return "no data"
	}
	return "data"
}

// files compares the pictures, the metadata and the info files that apps keep.
func (x *itemCheck) files(ctx context.Context) error {
	from, to := infoFiles(x.src), infoFiles(x.dst)
	for _, name := range appInfo[x.src.Type] {
		from = append(from, infoFile{field: "info", path: name})
		to = append(to, infoFile{field: "info", path: name})
	}
	for _, field := range []string{"thumbnail", "largeThumbnail", "banner", "screenshot", "metadata", "info"} {
		of := func(list []infoFile) []infoFile {
			return slices.DeleteFunc(slices.Clone(list), func(f infoFile) bool { return f.field != field })
		}
		want, err := x.infoSums(ctx, x.src, of(from), true)
		if err != nil {
			return err
		}
		got, err := x.infoSums(ctx, x.dst, of(to), false)
		if err != nil {
			return err
		}
		name := field
		if field == "screenshot" {
			name = "screenshots"
		}
		x.compare(x.step, name, want, got)
	}
	return nil
}

// infoSums sums up files in their order; those that are not there are left out. The source's
// metadata and info files are rewritten, the target's looked through.
func (x *itemCheck) infoSums(ctx context.Context, it *gis.Item, list []infoFile, source bool) (string, error) {
	out := ""
	for _, f := range list {
		open := func() (*gis.Data, error) { return it.OpenInfo(ctx, f.path) }
		part := remap.Part("info/" + f.path)
		if f.field == "metadata" {
			open, part = func() (*gis.Data, error) { return it.OpenMetadata(ctx, "") }, remap.PartMetadata
		}
		b, err := readSmall(open)
		if err != nil {
			return "", err
		}
		if b == nil {
			continue
		}
		text := f.field == "metadata" || f.field == "info"
		switch {
		case text && source:
			mapped, rep, err := x.rw.Item(x.info, part, b)
			if err != nil {
				return "", err
			}
			x.refs.add(x.step.Source, x.step.Title, string(part), rep)
			b = mapped
		case text:
			x.leftovers(x.step, x.lookThrough(string(part), part, b), remap.Report{})
		}
		if f.field == "info" {
			out += f.path + " "
		}
		out += hashOf(b) + "\n"
	}
	if out == "" {
		return "none", nil
	}
	return out, nil
}

// readSmall reads a file of moderate size; nil where there is none.
func readSmall(open func() (*gis.Data, error)) ([]byte, error) {
	d, err := open()
	if errors.Is(err, gis.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return readLimited(d, smallLimit)
}
