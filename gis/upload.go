package gis

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Upload is a file to send. It is streamed, never held in memory as a whole.
//
// What Body can do decides what the SDK can: a Body that is an io.ReaderAt, such as *os.File
// or *bytes.Reader, is sent again after a failure, and in several parts at a time; one that is
// an io.Seeker is sent again; any other is read once, so that a failed request is not
// repeated. Parts of large uploads are buffered in that case, and repeated all the same.
//
// Body is read from its beginning if it is an io.ReaderAt, else from where it stands, and is
// not closed.
type Upload struct {
	Name        string // file name
	ContentType string // default application/octet-stream
	Size        int64  // -1: unknown
	Body        io.Reader
}

// BytesUpload is an upload from memory.
func BytesUpload(name string, data []byte) Upload {
	return Upload{Name: name, Size: int64(len(data)), Body: bytes.NewReader(data)}
}

func (u Upload) check(what string) error {
	switch {
	case u.Body == nil:
		return fmt.Errorf("%s: nothing to read from", what)
	case u.Name == "":
		return fmt.Errorf("%s: the file name is empty", what)
	case u.Size < -1:
		return fmt.Errorf("%s: a size of %d bytes; -1 means unknown", what, u.Size)
	}
	return nil
}

// settled fills in the size of bodies that tell it. A pipe or terminal is taken as the
// stream it is, although *os.File offers to read anywhere.
func (u Upload) settled() Upload {
	switch body := u.Body.(type) {
	case *os.File:
		info, err := body.Stat()
		if err != nil || !info.Mode().IsRegular() {
			u.Body = struct{ io.Reader }{body}
		} else if u.Size < 0 {
			u.Size = info.Size()
		}
	case interface{ Size() int64 }:
		if u.Size < 0 {
			u.Size = body.Size()
		}
	}
	return u
}

// file makes the part of a request, under the given field name.
func (u Upload) file(field string, progress func(int64)) wire.File {
	f := wire.File{Field: field, Name: u.Name, ContentType: u.ContentType, Size: u.Size}
	counted := func(r io.Reader) io.ReadCloser {
		if progress != nil {
			r = &countingReader{r: r, report: progress}
		}
		return io.NopCloser(r)
	}
	switch body := u.Body.(type) {
	case io.ReaderAt:
		size := u.Size
		if size < 0 {
			size = 1<<63 - 1
		}
		f.Open = func() (io.ReadCloser, error) { return counted(io.NewSectionReader(body, 0, size)), nil }
	case io.ReadSeeker:
		start, err := body.Seek(0, io.SeekCurrent)
		f.Open = func() (io.ReadCloser, error) {
			if err != nil {
				return nil, err
			}
			if _, err := body.Seek(start, io.SeekStart); err != nil {
				return nil, err
			}
			return counted(body), nil
		}
	default:
		f.Once = true
		f.Open = func() (io.ReadCloser, error) { return counted(body), nil }
	}
	return f
}

// countingReader reports the bytes of this reading so far.
type countingReader struct {
	r      io.Reader
	n      int64
	report func(int64)
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if n > 0 {
		c.n += int64(n)
		c.report(c.n)
	}
	return n, err
}
