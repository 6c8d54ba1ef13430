package remap

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"
)

// Bits of the flags of a member.
const (
	encrypted      = 1 << 0
	sizesFollow    = 1 << 3 // sizes and checksum stand behind the data
	zip64Extra     = 0x0001
	extraHeaderLen = 4
)

// openArchive reads the directory of an archive and refuses what no honest one holds.
func openArchive(src io.ReaderAt, size int64) (*zip.Reader, error) {
	guard := &boundedReaderAt{r: src, left: maxDirectory}
	zr, err := zip.NewReader(guard, size)
	switch {
	case guard.left < 0:
		return nil, fmt.Errorf("its directory is longer than %d MiB", maxDirectory>>20)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, err
	case len(zr.File) > maxMembers:
		return nil, fmt.Errorf("it holds %d files, more than %d", len(zr.File), maxMembers)
	}
	guard.open = true
	names := make(map[string]bool, len(zr.File))
	left := size
	for _, f := range zr.File {
		if err := checkName(f.Name); err != nil {
			return nil, err
		}
		if names[f.Name] {
			return nil, fmt.Errorf("%q is in it twice", f.Name)
		}
		names[f.Name] = true
		if f.CompressedSize64 > uint64(left) {
			return nil, errors.New("its members overlap")
		}
		left -= int64(f.CompressedSize64)
		if at, err := f.DataOffset(); err != nil || at > size-int64(f.CompressedSize64) {
			return nil, fmt.Errorf("%s: its data is not in the archive", f.Name)
		}
	}
	return zr, nil
}

// checkName refuses names that lead out of the folder in which an archive is unpacked.
func checkName(name string) error {
	clean := strings.ReplaceAll(name, `\`, "/")
	switch {
	case name == "", strings.ContainsRune(name, 0):
		return fmt.Errorf("the name %q of a member is not valid", name)
	case path.IsAbs(clean), len(clean) > 1 && clean[1] == ':', slices.Contains(strings.Split(clean, "/"), ".."):
		return fmt.Errorf("the name %q of a member leads out of the archive", name)
	}
	return nil
}

// packed is the new content of a member.
type packed struct {
	header zip.FileHeader
	data   []byte // compressed
}

// pack compresses the new content of a member. Its header keeps name, time, attributes and
// extra fields; sizes and checksum stand before the data, which every reader understands.
func pack(f *zip.File, content []byte) (packed, error) {
	p := packed{header: f.FileHeader, data: content}
	h := &p.header
	h.Flags &^= sizesFollow
	h.Extra = withoutZip64(h.Extra)
	h.CRC32 = crc32.ChecksumIEEE(content)
	h.UncompressedSize64 = uint64(len(content))
	if h.Method != zip.Store {
		h.Method = zip.Deflate
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.DefaultCompression)
		if err != nil {
			return p, err
		}
		if _, err := w.Write(content); err != nil {
			return p, err
		}
		if err := w.Close(); err != nil {
			return p, err
		}
		p.data = b.Bytes()
	}
	h.CompressedSize64 = uint64(len(p.data))
	return p, nil
}

// withoutZip64 drops the field with the old sizes.
func withoutZip64(extra []byte) []byte {
	var out []byte
	for len(extra) >= extraHeaderLen {
		id := int(extra[0]) | int(extra[1])<<8
		n := extraHeaderLen + (int(extra[2]) | int(extra[3])<<8)
		if n > len(extra) {
			break
		}
		if id != zip64Extra {
			out = append(out, extra[:n]...)
		}
		extra = extra[n:]
	}
	return out
}

// writeArchive writes an archive whose changed members have new contents.
func writeArchive(dst io.Writer, zr *zip.Reader, changed map[string]packed) error {
	zw := zip.NewWriter(dst)
	if err := zw.SetComment(zr.Comment); err != nil {
		return err
	}
	for _, f := range zr.File {
		p, ok := changed[f.Name]
		if !ok {
			if err := zw.Copy(f); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
			continue
		}
		w, err := zw.CreateRaw(&p.header)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if _, err := w.Write(p.data); err != nil {
			return err
		}
	}
	return zw.Close()
}

func archiveBytes(zr *zip.Reader, changed map[string]packed) ([]byte, error) {
	var b bytes.Buffer
	err := writeArchive(&b, zr, changed)
	return b.Bytes(), err
}

func bytesReaderAt(b []byte) io.ReaderAt { return bytes.NewReader(b) }

// boundedReaderAt bounds how much is read before the archive is open.
type boundedReaderAt struct {
	r    io.ReaderAt
	left int64
	open bool
}

func (b *boundedReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if !b.open {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, errors.New("too much is read")
		}
	}
	return b.r.ReadAt(p, off)
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
