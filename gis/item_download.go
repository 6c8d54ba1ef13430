package gis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// DownloadOption changes what [Item.Download] does.
type DownloadOption func(*download)

type download struct{ progress func(done, total int64) }

// WithDownloadProgress calls f with the bytes that are there and their total, -1 if that is
// unknown. f must not block.
func WithDownloadProgress(f func(done, total int64)) DownloadOption {
	return func(d *download) { d.progress = f }
}

// Download is a file that was downloaded.
type Download struct {
	Path        string
	Name        string // that the portal offers
	ContentType string
	Size        int64
	SHA256      string // of the content, in hexadecimal
}

// Download writes the item's data to a file at path, or into it under the portal's file name
// if it is a folder. The file appears when it is complete and synced; until then its bytes
// are in a file beside it that ends in ".part".
//
// Calling Download again after a failure goes on with these bytes, provided that the portal
// identifies the version of the data and it is still the same. A file that exists at path is
// replaced. [ErrNotFound] means that the item has no data.
//
// rest: GET content/items/{id}/data
// py: arcgis.gis.Item.download
func (it *Item) Download(ctx context.Context, path string, opts ...DownloadOption) (*Download, error) {
	var d download
	for _, o := range opts {
		o(&d)
	}
	data, err := it.Data(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { data.Close() }()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		name := filepath.Base(filepath.FromSlash(data.Name))
		if data.Name == "" || name == "." || name == ".." || name == string(filepath.Separator) {
			name = string(it.ID)
		}
		path = filepath.Join(path, name)
	}
	part := partFile(path, it, data)
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("download item %s: %w", it.ID, err)
	}
	defer f.Close()
	sum := sha256.New()
	offset, err := it.continueAt(ctx, f, sum, &data)
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(io.MultiWriter(f, sum, d.counter(offset, data.Size)), data)
	if err != nil {
		return nil, fmt.Errorf("download item %s: %w", it.ID, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("download item %s: %w", it.ID, err)
	}
	if err := os.Rename(part, path); err != nil {
		return nil, fmt.Errorf("download item %s: %w", it.ID, err)
	}
	return &Download{Path: path, Name: data.Name, ContentType: data.ContentType, Size: offset + n, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// partFile names the unfinished file after what identifies the version of the data, so that
// only bytes of the same version are found there.
func partFile(path string, it *Item, data *Data) string {
	version := sha256.Sum256(fmt.Append(nil, it.p.URL(), "\n", it.ID, "\n", data.ETag, "\n", data.Modified.UnixMilli(), "\n", data.Size))
	return fmt.Sprintf("%s.%s.part", path, hex.EncodeToString(version[:6]))
}

// continueAt takes up the bytes that an earlier run left in f, and answers how many these
// are. Where data cannot be continued, f is emptied.
func (it *Item) continueAt(ctx context.Context, f *os.File, sum hash.Hash, data **Data) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	have, valid := info.Size(), (*data).validator()
	if have == 0 || valid == "" || (*data).Size < 0 || have >= (*data).Size {
		return 0, f.Truncate(0)
	}
	rest, err := it.p.openRest(ctx, func() *wire.Request { return wire.Read("content/items/{id}/data", string(it.ID)) }, *data, have)
	if errors.Is(err, ErrConflict) {
		return 0, f.Truncate(0)
	}
	if err != nil {
		return 0, err
	}
	_ = (*data).Close()
	*data = rest
	if n, err := io.Copy(sum, f); err != nil || n != have {
		return 0, fmt.Errorf("read %s back: %w", f.Name(), errors.Join(err, io.ErrUnexpectedEOF))
	}
	return have, nil
}

// validator answers what a range request can hold the portal to.
func (d *Data) validator() string {
	h := http.Header{}
	h.Set("ETag", d.ETag)
	if !d.Modified.IsZero() {
		h.Set("Last-Modified", d.Modified.Format(http.TimeFormat))
	}
	return validator(h)
}

// counter counts what is written to it, for progress.
func (d *download) counter(done, total int64) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		done += int64(len(p))
		if d.progress != nil {
			d.progress(done, total)
		}
		return len(p), nil
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
