package gis

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// maxParts is the most parts that a portal takes.
const maxParts = 10_000

const itemPath = "content/users/{username}/{folder?}/items/{id}"

func (it *Item) request(kind func(string, ...string) *wire.Request, verb string) *wire.Request {
	return kind(itemPath+"/"+verb, it.Owner, string(it.OwnerFolder), string(it.ID))
}

// sendParts sends the data of an item that is open for parts, commits them and waits until
// the portal has put them together. Parts of an upload that failed are dropped. An error is
// ambiguous if the parts were committed and nobody knows what became of them.
func (it *Item) sendParts(ctx context.Context, w *write, fill func(*wire.Request)) error {
	if err := it.uploadParts(ctx, w); err != nil {
		cleanup, cancel := detached(ctx)
		defer cancel()
		_ = it.p.do(cleanup, it.request(wire.Write, "cancel"), nil)
		return withAmbiguity(err, false)
	}
	err := it.commit(ctx, fill)
	if err != nil {
		return err
	}
	status, err := it.settle(ctx)
	if err != nil {
		return withAmbiguity(err, true)
	}
	if status.State != StatusCompleted {
		return &Error{Op: "POST content/users/{username}/items/{id}/commit", kind: ErrServer,
			Message: fmt.Sprintf("the portal could not put the parts of %s together: %s %s", w.data.Name, status.State, status.Message)}
	}
	return nil
}

// maxCommits is how many times a commit is tried that does not seem to arrive.
const maxCommits = 3

// commit has the parts put together. After an answer that was lost, the item's status tells
// whether the commit arrived.
func (it *Item) commit(ctx context.Context, fill func(*wire.Request)) error {
	for n := 1; ; n++ {
		r := it.request(wire.Once, "commit")
		fill(r)
		err := it.p.do(ctx, r, nil)
		if err == nil || !Ambiguous(err) || ctx.Err() != nil {
			return err
		}
		status, statusErr := it.Status(ctx, StatusQuery{})
		switch {
		case statusErr != nil:
			return err
		case status.State != StatusPartial:
			return nil
		case n == maxCommits:
			return withAmbiguity(err, false)
		}
	}
}

// detached answers a context for cleaning up, which outlives the end of ctx for a moment.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
}

// uploadParts sends the data in parts, several at a time.
func (it *Item) uploadParts(ctx context.Context, w *write) error {
	size := w.partSize
	if w.data.Size > 0 {
		size = max(size, (w.data.Size+maxParts-1)/maxParts)
	}
	progress := &partProgress{report: w.report, parts: map[int]int64{}}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.parallel)
	next := it.streamParts(w, size)
	if at, ok := w.data.Body.(io.ReaderAt); ok && w.data.Size >= 0 {
		next = sectionParts(at, w.data.Size, size)
	}
	for n := 1; ; n++ {
		part, done, err := next()
		if err == io.EOF && n > 1 {
			break
		}
		if err != nil && err != io.EOF {
			group.Go(func() error { return err })
			break
		}
		if ctx.Err() != nil || n > maxParts {
			if n > maxParts {
				group.Go(func() error {
					return refuse(ErrInvalid, "POST content/users/{username}/items/{id}/addPart", "%s needs more than %d parts of %d bytes: use larger parts", w.data.Name, maxParts, size)
				})
			}
			done()
			break
		}
		group.Go(func() error {
			defer done()
			return it.addPart(ctx, n, w.data.Name, part, progress)
		})
	}
	return group.Wait()
}

func (it *Item) addPart(ctx context.Context, n int, name string, part *io.SectionReader, progress *partProgress) error {
	u := Upload{Name: name, Size: part.Size(), Body: part}
	r := it.request(wire.Write, "addPart").Query("partNum", strconv.Itoa(n)).Int("size", int(part.Size()))
	return it.p.do(ctx, r.File(u.file("file", func(done int64) { progress.set(n, done) })), nil)
}

// parts answers one part after the other, and a function to call when it is not needed any
// more; io.EOF after the last. Empty data has one empty part.
type parts func() (*io.SectionReader, func(), error)

// sectionParts cuts data that can be read anywhere.
func sectionParts(at io.ReaderAt, total, size int64) parts {
	var offset int64
	return func() (*io.SectionReader, func(), error) {
		n := min(size, total-offset)
		section := io.NewSectionReader(at, offset, n)
		offset += n
		if n == 0 {
			return section, func() {}, io.EOF
		}
		return section, func() {}, nil
	}
}

// streamParts reads data that comes once into buffers, as many as parts go at a time, so
// that a part can be repeated.
func (it *Item) streamParts(w *write, size int64) parts {
	free := make(chan []byte, w.parallel+1)
	for range cap(free) {
		free <- nil
	}
	var total int64
	return func() (*io.SectionReader, func(), error) {
		buf := <-free
		if buf == nil {
			buf = make([]byte, size)
		}
		n, err := io.ReadFull(w.data.Body, buf)
		total += int64(n)
		done := func() { free <- buf }
		part := io.NewSectionReader(bytesAt(buf), 0, int64(n))
		switch {
		case w.data.Size >= 0 && total > w.data.Size:
			err = fmt.Errorf("%s holds more than the %d bytes announced", w.data.Name, w.data.Size)
		case (err == io.EOF || err == io.ErrUnexpectedEOF) && w.data.Size >= 0 && total < w.data.Size:
			err = fmt.Errorf("%s ended after %d of %d bytes", w.data.Name, total, w.data.Size)
		case err == io.ErrUnexpectedEOF:
			err = nil
		}
		return part, done, err
	}
}

type bytesAt []byte

func (b bytesAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// partProgress adds up what the parts report.
type partProgress struct {
	mu     sync.Mutex
	report func(int64)
	parts  map[int]int64
	total  int64
}

func (p *partProgress) set(part int, done int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += done - p.parts[part]
	p.parts[part] = done
	p.report(p.total)
}
