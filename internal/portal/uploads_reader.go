package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// openBlob opens a blob: one that was just put from its own bytes, a stored one from the
// store.
func (p *Portal) openBlob(ctx context.Context, b Blob) (io.ReadSeekCloser, error) {
	if b.Inline != nil || b.Size == 0 {
		return nopCloser{bytes.NewReader(b.Inline)}, nil
	}
	return p.blobs.Open(ctx, b)
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// openData opens an item's data as one file. A single blob is opened at once; of several,
// each when the reader comes to it.
func (p *Portal) openData(ctx context.Context, blobs []Blob) (io.ReadSeekCloser, error) {
	switch len(blobs) {
	case 0:
		return nopCloser{bytes.NewReader(nil)}, nil
	case 1:
		return p.openBlob(ctx, blobs[0])
	}
	r := &dataReader{ctx: ctx, portal: p, blobs: blobs, at: -1}
	for _, b := range blobs {
		r.ends = append(r.ends, r.size()+b.Size)
	}
	return r, nil
}

// dataReader reads blobs as one after the other.
type dataReader struct {
	ctx    context.Context // of the request that reads; a reader does not outlive it
	portal *Portal
	blobs  []Blob
	ends   []int64 // where each blob ends
	pos    int64
	at     int // the blob that open reads; -1: none
	open   io.ReadSeekCloser
	openAt int64 // where open stands in the whole
}

func (r *dataReader) size() int64 {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

func (r *dataReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.pos >= r.size() {
		return 0, io.EOF
	}
	if err := r.seekBlob(); err != nil {
		return 0, err
	}
	left := r.ends[r.at] - r.pos
	n, err := r.open.Read(p[:min(int64(len(p)), left)])
	r.pos += int64(n)
	r.openAt = r.pos
	if errors.Is(err, io.EOF) {
		err = nil
		if int64(n) < left && n == 0 {
			return 0, fmt.Errorf("blob %s is shorter than its %d bytes: %w", r.blobs[r.at].Hash, r.blobs[r.at].Size, io.ErrUnexpectedEOF)
		}
	}
	return n, err
}

// seekBlob makes open stand where pos is.
func (r *dataReader) seekBlob() error {
	i := 0
	for r.ends[i] <= r.pos {
		i++
	}
	if i != r.at {
		if err := r.closeBlob(); err != nil {
			return err
		}
		open, err := r.portal.openBlob(r.ctx, r.blobs[i])
		if err != nil {
			return err
		}
		r.at, r.open, r.openAt = i, open, r.ends[i]-r.blobs[i].Size
	}
	if r.openAt == r.pos {
		return nil
	}
	if _, err := r.open.Seek(r.pos-(r.ends[i]-r.blobs[i].Size), io.SeekStart); err != nil {
		return err
	}
	r.openAt = r.pos
	return nil
}

func (r *dataReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.size()
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of the data")
	}
	r.pos = offset
	return offset, nil
}

func (r *dataReader) Close() error { return r.closeBlob() }

func (r *dataReader) closeBlob() error {
	if r.open == nil {
		return nil
	}
	err := r.open.Close()
	r.open, r.at = nil, -1
	return err
}

// contentHash names the bytes of several blobs read as one; for a single one it is the blob's.
func contentHash(blobs []Blob) string {
	if len(blobs) == 1 {
		return blobs[0].Hash
	}
	h := sha256.New()
	for _, b := range blobs {
		fmt.Fprintf(h, "%s %d\n", b.Hash, b.Size)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readerAt gives archive/zip random access to a seekable file; one goroutine uses it.
type readerAt struct{ io.ReadSeeker }

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.ReadSeeker, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
