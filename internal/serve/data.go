package serve

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/internal/blob"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// data is an open, locked data folder.
type data struct {
	store *sqlite.Store
	blobs *blob.Folder
}

func openData(ctx context.Context, o *Options) (*data, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	o.Dir = dir
	store, err := sqlite.Open(ctx, dir, sqlite.Options{Log: o.Log, RenewKey: o.RenewKey})
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(dir, "blobs"), store, o.Log)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &data{store, blobs}, nil
}

func (d *data) close() error { return d.store.Close() }
