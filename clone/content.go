package clone

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"os"
	"unicode/utf8"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// loader reads the data of items and turns it into what their copies hold.
type loader struct {
	rw    *remap.Rewriter
	texts *budget
	dir   string // where texts and archives stand that are too long for memory
	m     *Meter
}

// contentKind is how the data of an item was given.
type contentKind int

const (
	noData contentKind = iota
	textData
	fileData
)

// content is what the data of a copy is to be. Close gives back what it holds.
type content struct {
	kind        contentKind
	treatment   remap.Treatment
	name        string // of the file
	contentType string
	size        int64     // of body, -1: unknown
	body        io.Reader // of a file, and of a text that is too long for memory
	text        []byte    // of a text otherwise
	report      remap.Report

	sourceHash string // SHA-256 of the source's data, known when it was read to its end
	hash       string // of the copy's, likewise
	bytes      int64  // of the source's, likewise
	closers    []func()
}

// Close is for a content that is not needed any more.
func (c *content) Close() {
	for i := len(c.closers) - 1; i >= 0; i-- {
		c.closers[i]()
	}
	c.closers = nil
}

func (c *content) later(f func()) { c.closers = append(c.closers, f) }

// load reads the data of an item. What kind it is shows in the item and in the data, not in the
// type: portals differ in that, and so do the tools that made the items.
func (l *loader) load(ctx context.Context, src *gis.Item, info remap.ItemInfo) (*content, error) {
	d, err := src.Data(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return &content{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	c := &content{kind: fileData, contentType: d.ContentType, size: d.Size}
	c.later(func() { d.Close() })
	r := bufio.NewReader(d)
	head, _ := r.Peek(probeLength) // an error comes again when the data is read
	c.name = dataName(src, d, head)
	if c.name == "" {
		c.kind = textData
	}
	c.treatment = remap.Typed(info, c.name)
	switch c.treatment {
	case remap.TreatText, remap.TreatTextFile:
		err = l.loadText(ctx, c, info, r)
	case remap.TreatArchive:
		err = l.loadArchive(c, info, r)
	default:
		err = l.loadFile(ctx, c, r)
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("read the data: %w", err)
	}
	return c, nil
}

// probeLength is how much of the data is looked at to tell text from bytes.
const probeLength = 1024

// dataName is the name of the file that was uploaded as the data of an item, "" where the data
// is a text. A service has a name too, which is its own.
func dataName(it *gis.Item, d *gis.Data, head []byte) string {
	switch {
	case isFile(it):
		return it.Name
	case d.Name != "" && (it.Name == d.Name || !isText(head)):
		return d.Name
	case isText(head):
		return ""
	}
	ext := ".bin"
	if list, err := mime.ExtensionsByType(d.ContentType); err == nil && len(list) > 0 {
		ext = list[0]
	}
	return string(it.ID) + ext
}

// isFile reports whether the data of an item was uploaded as a file: it has a file name and is
// no service or app with an address.
func isFile(it *gis.Item) bool { return it.Name != "" && it.URL == "" }

// isText reports whether data that begins with head can be sent as text.
func isText(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	for cut := 0; cut < utf8.UTFMax && cut <= len(head); cut++ { // the last character may be cut
		if utf8.Valid(head[:len(head)-cut]) {
			return true
		}
	}
	return false
}

// loadText rewrites a text, in memory where it fits.
func (l *loader) loadText(ctx context.Context, c *content, info remap.ItemInfo, r io.Reader) error {
	if c.size > textLimit {
		return l.loadLongText(c, r)
	}
	release, err := l.texts.take(ctx, c.size)
	if err != nil {
		return err
	}
	c.later(release)
	return l.rewriteText(c, info, remap.PartData, r)
}

// rewriteText rewrites a text for which there is room in memory. One that turns out to be longer
// goes through a file.
func (l *loader) rewriteText(c *content, info remap.ItemInfo, part remap.Part, r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, textLimit+1))
	if err != nil {
		return err
	}
	if len(raw) > textLimit {
		return l.loadLongText(c, io.MultiReader(bytes.NewReader(raw), r))
	}
	out, rep, err := l.rw.Item(info, part, raw)
	if err != nil {
		return err
	}
	l.m.addBytes(int64(len(raw)))
	c.report, c.bytes, c.sourceHash, c.hash = rep, int64(len(raw)), hashOf(raw), hashOf(out)
	c.size = int64(len(out))
	if c.kind == textData {
		c.text = out
	} else {
		c.body = bytes.NewReader(out)
	}
	return nil
}

// loadLongText rewrites a text piece by piece, through a file of its own.
func (l *loader) loadLongText(c *content, r io.Reader) error {
	f, err := l.scratch(c)
	if err != nil {
		return err
	}
	in := &hashingReader{r: r, sum: sha256.New(), meter: l.m}
	sum := sha256.New()
	if c.report, err = rewriteStream(l.rw, in, io.MultiWriter(f, sum)); err != nil {
		return err
	}
	c.sourceHash, c.bytes, c.hash = hexOf(in.sum), in.n, hexOf(sum)
	return c.rewind(f)
}

// loadArchive rewrites a zip file of an app. One that cannot be read as such is copied as it is,
// and the report says so.
func (l *loader) loadArchive(c *content, info remap.ItemInfo, r io.Reader) error {
	from, err := l.scratch(c)
	if err != nil {
		return err
	}
	in := &hashingReader{r: r, sum: sha256.New(), meter: l.m}
	if _, err := io.Copy(from, in); err != nil {
		return err
	}
	c.sourceHash, c.bytes = hexOf(in.sum), in.n
	to, err := l.scratch(c)
	if err != nil {
		return err
	}
	sum := sha256.New()
	rep, err := l.rw.Archive(info, from, in.n, io.MultiWriter(to, sum))
	if errors.Is(err, remap.ErrArchive) {
		c.treatment, c.hash = remap.TreatFile, c.sourceHash
		c.report.Warnings = append(c.report.Warnings, remap.Warning{Path: c.name, Text: "the file is copied as it is, because " + err.Error()})
		return c.rewind(from)
	}
	if err != nil {
		return err
	}
	c.report, c.hash = rep, hexOf(sum)
	return c.rewind(to)
}

// loadFile takes a user's own file as it is: a small one into memory, since its hash then
// travels with it, a large one as the stream that it is.
func (l *loader) loadFile(ctx context.Context, c *content, r io.Reader) error {
	if c.size < 0 || c.size > wholeLimit {
		c.body = &hashingReader{r: r, sum: sha256.New(), meter: l.m}
		return nil
	}
	release, err := l.texts.take(ctx, c.size)
	if err != nil {
		return err
	}
	c.later(release)
	raw, err := readLimited(r, wholeLimit)
	if err != nil {
		return err
	}
	l.m.addBytes(int64(len(raw)))
	c.bytes, c.sourceHash, c.body = int64(len(raw)), hashOf(raw), bytes.NewReader(raw)
	c.size, c.hash = c.bytes, c.sourceHash
	return nil
}

// drained notes the sums of a stream that was read to its end.
func (c *content) drained() {
	if h, ok := c.body.(*hashingReader); ok && c.hash == "" {
		c.sourceHash, c.bytes = hexOf(h.sum), h.n
		c.hash = c.sourceHash
	}
}

// scratch makes a file that nobody else can read and that goes with the content.
func (l *loader) scratch(c *content) (*os.File, error) {
	f, err := os.CreateTemp(l.dir, ".item-*") // made with mode 0600
	if err != nil {
		return nil, fmt.Errorf("a file beside the journal: %w", err)
	}
	c.later(func() { f.Close(); os.Remove(f.Name()) })
	return f, nil
}

// rewind makes what was written to f the body.
func (c *content) rewind(f *os.File) error {
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	c.body, c.size = f, fi.Size()
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// hashingReader sums and counts what is read through it.
type hashingReader struct {
	r     io.Reader
	sum   hash.Hash
	n     int64
	meter *Meter
}

func (h *hashingReader) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.sum.Write(p[:n])
	h.n += int64(n)
	h.meter.addBytes(int64(n))
	return n, err
}

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// readLimited reads r to the end, which must come within limit bytes.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("it is longer than %d MiB", limit>>20)
	}
	return b, err
}
