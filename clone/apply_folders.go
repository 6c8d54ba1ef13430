package clone

import (
	"context"
	"errors"

	"github.com/rhumb-gis/rhumb/gis"
)

// makeFolder creates a folder, or takes the one of this title that its owner has.
func (a *applier) makeFolder(ctx context.Context, s Step) error {
	owner := a.users.get(s.Owner)
	if owner == "" {
		return blocked("its owner " + s.Owner + " has no account on the target")
	}
	f, err := a.dst.Content.FolderByTitle(ctx, owner, s.Title)
	if errors.Is(err, gis.ErrNotFound) {
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindFolder, Source: s.Source, Owner: owner}); err != nil {
			return err
		}
		f, err = a.dst.Content.CreateFolder(ctx, owner, s.Title)
		if err != nil && (gis.Ambiguous(err) || errors.Is(err, gis.ErrConflict)) {
			f, err = a.dst.Content.FolderByTitle(ctx, owner, s.Title)
		}
	}
	if err != nil {
		return err
	}
	a.folders.set(s.Source, string(f.ID))
	return a.done(Entry{Kind: KindFolder, Source: s.Source, Target: string(f.ID), Owner: owner, Action: Create})
}
