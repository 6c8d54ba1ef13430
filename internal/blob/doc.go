// Package blob keeps item data, thumbnails and resources by content.
//
//	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
//	blobs, err := blob.Open(filepath.Join(dir, "blobs"), store, log)
//	b, err := blobs.Put(ctx, r)
//	err = store.Update(ctx, func(tx portal.Tx) error { return tx.KeepBlob(b) })
//
// # Where bytes are
//
// An object below [portal.InlineLimit] lives in the metadata store and becomes durable with the
// transaction that keeps it. A larger one is a file, named by the SHA-256 of its content:
//
//	DIR/ab/cd/abcd…   hash in lower-case hex; never changed once it has its name
//	DIR/tmp/…         objects that are being received; removed when the store is opened
//
// Folders have mode 0700, files 0600.
//
// # Order of steps
//
// A file gets its name only after its content has been synced, and [Folder.Put] returns only
// after the folders that lead to it have been synced as well. Before it looks whether the
// file is there already, Put renews the blob's lease in the [Ledger], durably; the collector
// decides and removes inside a change of the same ledger. So either the collector sees the
// new lease, or Put sees that the file is gone.
package blob
