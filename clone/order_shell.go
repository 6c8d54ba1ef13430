package clone

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// standShell makes an item that others of its ring refer to, without content, under the id that
// is reserved for it. One that is there already is left alone.
func (a *applier) standShell(ctx context.Context, s Step) error {
	owner, folder, err := a.place(s.Source)
	if err != nil {
		return err
	}
	id := esri.ItemID(a.items.get(s.Source))
	if id == "" {
		return errors.New("no id could be reserved for it on the target")
	}
	there := false
	if a.fresh.get(s.Source) == "" {
		if there, err = a.itemThere(ctx, owner, id); err != nil {
			return fmt.Errorf("look for it on the target: %w", err)
		}
	}
	if !there {
		_, err = a.dst.Content.Add(ctx, gis.ItemSpec{
			ID: id, Owner: owner, Folder: folder, Title: s.Title, Type: s.Type,
			TypeKeywords: []string{keywordPrefix + s.Source},
			Properties:   withMarker(nil, marker{Source: a.src.side.Key, ID: s.Source, Run: a.j.run}),
		}, gis.WithoutRefresh())
	}
	if err != nil && gis.Ambiguous(err) {
		if got, gerr := a.itemThere(ctx, owner, id); gerr == nil && got {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("make it as a shell: %w", err)
	}
	a.fresh.set(s.Source, "") // from now on it is there, and is filled by updates
	return nil
}

// itemThere reports whether the target has an item of this id.
func (a *applier) itemThere(ctx context.Context, owner string, id esri.ItemID) (bool, error) {
	_, err := a.dst.Content.UserItem(ctx, owner, id)
	if errors.Is(err, gis.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
