package portal

import (
	"context"
	"io"
	"time"
)

// InlineLimit is the size in bytes below which an object is kept in the metadata store.
const InlineLimit = 64 << 10

// Blob names a stored run of bytes by content. A Blob that Put has just returned carries its
// bytes (Inline) or the end of its lease (Until) until a transaction keeps it; one read from
// the store carries neither.
type Blob struct {
	Hash   string // hex SHA-256
	Size   int64
	Inline []byte
	Until  time.Time
}

// Blobs stores bytes by content.
//
// Put streams r to the end. An object of InlineLimit bytes or more is synced to disk, and its
// lease renewed, before Put returns; a smaller one comes back in Inline and becomes durable
// with the transaction that calls KeepBlob. What no transaction keeps is collected once its
// lease of 24 hours has passed.
//
// Open returns the bytes of a kept blob; the reader sees them to the end even if the blob is
// collected meanwhile.
type Blobs interface {
	Put(ctx context.Context, r io.Reader) (Blob, error)
	Open(ctx context.Context, b Blob) (io.ReadSeekCloser, error)
}
