package wire

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// File is a file part of a request.
type File struct {
	Field       string
	Name        string
	ContentType string // default application/octet-stream
	Size        int64  // -1: unknown
	Open        func() (io.ReadCloser, error)
	Once        bool // Open works a single time
}

// form is a multipart body as a row of segments: bytes that are known, and files that are
// opened when the reader reaches them.
type form struct {
	contentType string
	size        int64 // -1: unknown
	segments    []segment
}

type segment struct {
	bytes []byte
	file  *File
}

func newForm(params url.Values, files []File) (*form, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	f := &form{contentType: w.FormDataContentType()}
	cut := func() {
		if b := bytes.Clone(buf.Bytes()); len(b) > 0 {
			f.segments = append(f.segments, segment{bytes: b})
			f.grow(int64(len(b)))
		}
		buf.Reset()
	}
	for _, name := range slices.Sorted(keys(params)) {
		for _, v := range params[name] {
			if err := w.WriteField(name, v); err != nil {
				return nil, err
			}
		}
	}
	for i := range files {
		if _, err := w.CreatePart(partHeader(files[i])); err != nil {
			return nil, err
		}
		cut()
		f.segments = append(f.segments, segment{file: &files[i]})
		f.grow(files[i].Size)
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	cut()
	return f, nil
}

func keys(v url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range v {
			if !yield(name) {
				return
			}
		}
	}
}

func (f *form) grow(n int64) {
	if n < 0 || f.size < 0 {
		f.size = -1
		return
	}
	f.size += n
}

func partHeader(f File) textproto.MIMEHeader {
	escape := strings.NewReplacer("\\", "\\\\", `"`, "\\\"", "\r", "", "\n", "").Replace
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, escape(f.Field), escape(f.Name)))
	contentType := f.ContentType
	if contentType == "" || strings.ContainsAny(contentType, "\r\n") {
		contentType = "application/octet-stream"
	}
	if _, _, err := mime.ParseMediaType(contentType); err != nil {
		contentType = "application/octet-stream"
	}
	h.Set("Content-Type", contentType)
	return h
}

func (f *form) open() io.ReadCloser { return &formReader{rest: f.segments} }

// formReader reads the segments in turn. A file that is shorter or longer than announced
// fails the request: the length was already promised to the host.
type formReader struct {
	rest  []segment
	known *bytes.Reader
	file  io.ReadCloser
	info  *File
	read  int64
}

func (r *formReader) Read(p []byte) (int, error) {
	for {
		switch {
		case r.known != nil:
			n, err := r.known.Read(p)
			if err == io.EOF {
				r.known = nil
				continue
			}
			return n, err
		case r.file != nil:
			n, err := r.readFile(p)
			if n == 0 && err == nil && r.file == nil {
				continue
			}
			return n, err
		case len(r.rest) == 0:
			return 0, io.EOF
		default:
			if err := r.advance(); err != nil {
				return 0, err
			}
		}
	}
}

func (r *formReader) advance() error {
	next := r.rest[0]
	r.rest = r.rest[1:]
	if next.file == nil {
		r.known = bytes.NewReader(next.bytes)
		return nil
	}
	file, err := next.file.Open()
	if err != nil {
		return &sourceError{fmt.Errorf("open %s: %w", next.file.Name, err)}
	}
	r.file, r.info, r.read = file, next.file, 0
	return nil
}

func (r *formReader) readFile(p []byte) (int, error) {
	n, err := r.file.Read(p)
	r.read += int64(n)
	if r.info.Size >= 0 && r.read > r.info.Size {
		return 0, &sourceError{fmt.Errorf("%s holds more than the %d bytes announced", r.info.Name, r.info.Size)}
	}
	if err == nil {
		return n, nil
	}
	if err != io.EOF {
		return n, &sourceError{fmt.Errorf("read %s: %w", r.info.Name, err)}
	}
	if r.info.Size >= 0 && r.read < r.info.Size {
		return n, &sourceError{fmt.Errorf("%s ended after %d of %d bytes", r.info.Name, r.read, r.info.Size)}
	}
	err = r.file.Close()
	r.file = nil
	return n, err
}

// sourceError marks failures of what is to be sent, as opposed to the sending.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

// Close closes the file being read, if any.
func (r *formReader) Close() error {
	r.rest, r.known = nil, nil
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
