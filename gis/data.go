package gis

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Data is a file of the portal, read as a stream. The caller closes it.
//
// When the connection breaks in the middle, reading goes on where it stopped, provided that
// the portal identifies the file's version; a file that changed meanwhile fails the reading
// with [ErrConflict].
type Data struct {
	io.ReadCloser
	ContentType string
	Name        string // file name that the portal offers; empty: none
	Size        int64  // -1: unknown
	Modified    time.Time
	ETag        string // version of the file, in quotes as HTTP writes it
}

// openFile reads a file. An empty answer without a file name is no file: [ErrNotFound].
func (p *Portal) openFile(ctx context.Context, request func() *wire.Request) (*Data, error) {
	r := request()
	res, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	d := describeFile(res)
	reader := &resumer{ctx: ctx, p: p, request: request, body: res.Body, size: d.Size, validator: validator(res.Header)}
	buffered := bufio.NewReaderSize(reader, 64<<10)
	if _, err := buffered.Peek(1); err != nil {
		switch {
		case err != io.EOF:
			_ = reader.Close()
			return nil, err
		case d.Name == "":
			_ = reader.Close()
			return nil, refuse(ErrNotFound, r.Op(), "there is no such file: the portal's answer is empty")
		}
		d.Size = 0
	}
	d.ReadCloser = struct {
		*bufio.Reader
		io.Closer
	}{buffered, reader}
	return d, nil
}

func describeFile(res *wire.Response) *Data {
	d := &Data{ContentType: res.Header.Get("Content-Type"), Size: res.Size, ETag: res.Header.Get("ETag")}
	if _, params, err := mime.ParseMediaType(res.Header.Get("Content-Disposition")); err == nil {
		d.Name = params["filename"]
	}
	if t, err := http.ParseTime(res.Header.Get("Last-Modified")); err == nil {
		d.Modified = t.UTC()
	}
	return d
}

// validator answers what identifies the file's version for a range request: a strong entity
// tag, or the time of its last change.
func validator(h http.Header) string {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return h.Get("Last-Modified")
}

// maxResumes is how many times in a row a reading that gains nothing is continued.
const maxResumes = 4

// resumer reads a file across broken connections.
type resumer struct {
	ctx       context.Context
	p         *Portal
	request   func() *wire.Request
	body      io.ReadCloser
	offset    int64
	size      int64
	validator string
	fruitless int
	failed    error
}

// Read hides a broken connection if the file can be continued.
func (r *resumer) Read(b []byte) (int, error) {
	for {
		if r.failed == nil && r.ctx.Err() != nil {
			r.failed = context.Cause(r.ctx)
		}
		if r.failed != nil {
			return 0, r.failed
		}
		n, err := r.body.Read(b)
		r.offset += int64(n)
		if n > 0 {
			r.fruitless = 0
		}
		if err == io.EOF && r.size >= 0 && r.offset < r.size {
			err = io.ErrUnexpectedEOF
		}
		if err == nil || err == io.EOF {
			return n, err
		}
		r.failed = r.resume(err)
		if n > 0 {
			return n, nil
		}
	}
}

func (r *resumer) resume(broken error) error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	req := r.request()
	if r.fruitless++; r.validator == "" || r.fruitless > maxResumes {
		return &Error{Op: req.Op(), Message: fmt.Sprintf("the connection broke after %d bytes", r.offset), kind: ErrTransport, retryable: true, cause: broken}
	}
	_ = r.body.Close()
	r.body = io.NopCloser(bytes.NewReader(nil))
	res, err := r.p.openAt(r.ctx, req.Urgent(), r.offset, r.validator)
	if err == nil {
		r.body = res.Body
	}
	return err
}

// openAt reads a file from an offset on, if its version is still the one that validator
// names; else [ErrConflict].
func (p *Portal) openAt(ctx context.Context, req *wire.Request, offset int64, validator string) (*wire.Response, error) {
	res, err := p.open(ctx, req.Header("Range", fmt.Sprintf("bytes=%d-", offset)).Header("If-Range", validator))
	if err != nil {
		return nil, err
	}
	var first int64
	if _, err := fmt.Sscanf(res.Header.Get("Content-Range"), "bytes %d-", &first); res.Status != http.StatusPartialContent || err != nil || first != offset {
		_ = res.Body.Close()
		return nil, refuse(ErrConflict, req.Op(), "the file changed while it was read: read it again from the start")
	}
	return res, nil
}

// openRest reads what follows offset of a file that was opened before as d.
func (p *Portal) openRest(ctx context.Context, request func() *wire.Request, d *Data, offset int64) (*Data, error) {
	res, err := p.openAt(ctx, request(), offset, d.validator())
	if err != nil {
		return nil, err
	}
	rest := *d
	rest.ReadCloser = &resumer{ctx: ctx, p: p, request: request, body: res.Body, offset: offset, size: d.Size, validator: d.validator()}
	return &rest, nil
}

// Close ends the reading.
func (r *resumer) Close() error {
	if r.failed == nil {
		r.failed = errors.New("the file is closed")
	}
	return r.body.Close()
}
