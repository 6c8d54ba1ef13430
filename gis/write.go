package gis

import "github.com/rhumb-gis/rhumb/internal/wire"

// Defaults of uploads.
const (
	defaultThreshold = 64 << 20
	defaultPartSize  = 10 << 20
	defaultParallel  = 3
)

// WriteOption adds content to [Content.Add] and [Item.Update].
type WriteOption func(*write)

type write struct {
	text      *string
	textFile  *Upload
	data      *Upload
	thumbnail *Upload
	metadata  *Upload
	pictures  []picture
	progress  func(done, total int64)
	threshold int64
	partSize  int64
	parallel  int
	norefresh bool
}

// WithText stores text, such as the JSON of a web map, as the item's data.
func WithText(text string) WriteOption { return func(w *write) { w.text = &text } }

// WithTextFile stores text as the item's data like [WithText], as a stream: for text that is too
// long for a parameter. It goes as a file part, which names no file of the item.
//
// guess: portals document text as a parameter only; how long that may be is not known.
func WithTextFile(u Upload) WriteOption { return func(w *write) { w.textFile = &u } }

// WithData stores a file as the item's data. Large files, and files of unknown size, go in
// parts: see [WithParts].
func WithData(u Upload) WriteOption { return func(w *write) { w.data = &u } }

// WithThumbnail sets the item's picture.
func WithThumbnail(u Upload) WriteOption { return func(w *write) { w.thumbnail = &u } }

// WithMetadata sets the item's metadata document, an XML file.
func WithMetadata(u Upload) WriteOption { return func(w *write) { w.metadata = &u } }

// WithProgress calls f with the bytes of the item's data sent so far and their total, -1 if
// that is unknown. After a failure that is repeated, done falls back. One goroutine at a time
// calls f, which must not block.
func WithProgress(f func(done, total int64)) WriteOption { return func(w *write) { w.progress = f } }

// WithParts sets from which size on data goes in parts, how large these are, and how many go
// at a time: 64 MiB, 10 MiB and 3 unless told; zero keeps. Memory is needed only for data that
// cannot be read twice: about partSize times parallel. Parts grow where more than 10,000 would
// be needed, the most that portals take.
func WithParts(threshold, partSize int64, parallel int) WriteOption {
	return func(w *write) {
		if threshold > 0 {
			w.threshold = threshold
		}
		if partSize > 0 {
			w.partSize = partSize
		}
		if parallel > 0 {
			w.parallel = parallel
		}
	}
}

// WithoutRefresh does not read the item back afterwards, which saves a request.
func WithoutRefresh() WriteOption { return func(w *write) { w.norefresh = true } }

func newWrite(opts []WriteOption) *write {
	w := &write{threshold: defaultThreshold, partSize: defaultPartSize, parallel: defaultParallel}
	for _, o := range opts {
		o(w)
	}
	if w.data != nil {
		u := w.data.settled()
		w.data = &u
	}
	return w
}

// inParts reports whether the data goes in parts.
func (w *write) inParts() bool {
	return w.data != nil && (w.data.Size < 0 || w.data.Size > w.threshold)
}

// attach adds the content to r, but for data that goes in parts.
func (w *write) attach(r *wire.Request) {
	r.TextIf("text", w.text)
	if w.textFile != nil {
		attach(r, "text", *w.textFile)
	}
	if w.thumbnail != nil {
		attach(r, "thumbnail", *w.thumbnail)
	}
	for _, p := range w.pictures {
		attach(r, p.field, p.file)
	}
	if w.metadata != nil {
		m := *w.metadata
		m.Name = "metadata.xml" // the portal insists on it
		attach(r, "metadata", m)
	}
	if w.data == nil || w.inParts() {
		return
	}
	if err := w.data.check("file"); err != nil {
		r.Fail(err)
		return
	}
	r.File(w.data.file("file", w.report))
}

func (w *write) report(done int64) {
	if w.progress != nil {
		w.progress(done, w.data.Size)
	}
}
