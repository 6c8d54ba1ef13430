package portal

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxDirectory bounds how much of an archive's directory is read, and with it the memory that
// an archive of very many entries takes.
const maxDirectory = 2 << 20

var errLargeDirectory = errors.New("its directory is too large")

// openArchive reads the directory of a zip archive. What is wrong with the archive itself is
// an error for the caller to see.
func openArchive(r io.ReadSeeker) (*zip.Reader, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	b := &budgetReader{r: readerAt{r}, left: maxDirectory}
	var z *zip.Reader
	if err = plainDirectory(b, size); err == nil {
		z, err = zip.NewReader(b, size)
	}
	switch {
	case b.failed != nil:
		return nil, b.failed
	case err != nil:
		return nil, ErrBadParam("file", "cannot be read as a zip archive: "+err.Error())
	}
	b.lifted = true
	return z, nil
}

// budgetReader reads at most so many bytes until the budget is lifted. It keeps its own
// failures apart from those of the archive.
type budgetReader struct {
	r      io.ReaderAt
	left   int
	lifted bool
	failed error
}

func (b *budgetReader) ReadAt(p []byte, off int64) (int, error) {
	if !b.lifted {
		if b.left -= len(p); b.left < 0 {
			return 0, errLargeDirectory
		}
	}
	n, err := b.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		b.failed = fmt.Errorf("read an archive: %w", err)
	}
	return n, err
}

// plainDirectory refuses archives whose directory is of the 64-bit form: there the number of
// entries, which the reader of the directory makes room for, is whatever the file claims.
// The end of the directory is found where archive/zip finds it.
func plainDirectory(r io.ReaderAt, size int64) error {
	const endLen = 22
	for _, tail := range []int64{1024, 65 * 1024} {
		b := make([]byte, min(tail, size))
		if _, err := r.ReadAt(b, size-int64(len(b))); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		i := bytes.LastIndex(b[:max(len(b)-endLen+4, 0)], []byte("PK\x05\x06"))
		if i < 0 || i+endLen > len(b) {
			continue
		}
		le := binary.LittleEndian
		if le.Uint16(b[i+10:]) == 0xffff || le.Uint32(b[i+12:]) == 0xffffffff || le.Uint32(b[i+12:]) == 0xffff || le.Uint32(b[i+16:]) == 0xffffffff {
			return errLargeDirectory
		}
		return nil
	}
	return zip.ErrFormat
}

// unpack stores the files of a zip archive.
func (p *Portal) unpack(ctx context.Context, archive Blob) ([]newFile, error) {
	r, err := p.openBlob(ctx, archive)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	z, err := openArchive(r)
	if err != nil {
		return nil, err
	}
	budget := max(int64(minUnpackLimit), archive.Size*maxUnpackRatio)
	var out []newFile
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if len(out) == maxResourceFiles {
			return nil, ErrBadParam("file", fmt.Sprintf("must not hold more than %d files", maxResourceFiles))
		}
		if !f.Mode().IsRegular() {
			return nil, ErrBadParam("file", "holds '"+f.Name+"', which is no regular file")
		}
		if _, err := cleanPath("file", f.Name, maxResourcePath); err != nil {
			return nil, err
		}
		open, err := f.Open()
		if err != nil {
			return nil, errArchive(f.Name, err)
		}
		b, err := p.unpackFile(ctx, open, f.Name, min(budget, maxResourceSize))
		if err != nil {
			return nil, err
		}
		budget -= b.Size
		out = append(out, newFile{f.Name, File{Blob: b}})
	}
	if len(out) == 0 {
		return nil, ErrBadParam("file", "is an archive without files")
	}
	return out, nil
}

// errArchive tells what is wrong with an archive from what failed in reading it.
func errArchive(name string, err error) error {
	var corrupt flate.CorruptInputError
	for _, fault := range []error{zip.ErrFormat, zip.ErrAlgorithm, zip.ErrChecksum, io.ErrUnexpectedEOF} {
		if errors.Is(err, fault) || errors.As(err, &corrupt) {
			return ErrBadParam("file", "holds '"+name+"', which cannot be unpacked: "+err.Error())
		}
	}
	return fmt.Errorf("unpack %s: %w", name, err)
}

// unpackFile stores one file of an archive, at most limit bytes of it.
func (p *Portal) unpackFile(ctx context.Context, f io.ReadCloser, name string, limit int64) (Blob, error) {
	defer f.Close()
	in := &watched{r: f}
	b, err := p.blobs.Put(ctx, io.LimitReader(in, limit+1))
	switch {
	case in.err != nil:
		return Blob{}, errArchive(name, in.err)
	case err != nil:
		return Blob{}, err
	case b.Size > limit:
		return Blob{}, ErrBadParam("file", "holds '"+name+"', which is too large when unpacked")
	}
	return b, nil
}

// watched remembers how reading failed, which the blob store then failed with.
type watched struct {
	r   io.Reader
	err error // other than io.EOF
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}
