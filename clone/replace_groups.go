package clone

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// clearGroup deletes the group that stands in the place of a copy, after the journal knows of
// it. The items that were shared with it stay; those of the plan are shared with the copy later.
func (a *applier) clearGroup(ctx context.Context, s Step) error {
	if e, begun := a.j.begun(KindGroup, s.Source); begun && e.Cleared {
		return nil
	}
	if a.plan.Header.Options.OnConflict != ConflictReplace {
		return errors.New("groups are replaced only with --on-conflict replace")
	}
	old, err := a.dst.Groups.Get(ctx, esri.GroupID(s.Target))
	switch {
	case errors.Is(err, gis.ErrNotFound):
	case err != nil:
		return fmt.Errorf("read the group that is to be replaced: %w", err)
	case old.Protected:
		return errors.New("the group that is to be replaced is protected on the target; take its protection away there first")
	case a.portalsOwn(old):
		return errors.New("the group that is to be replaced belongs to the portal itself, and is never replaced")
	default:
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindGroup, Source: s.Source, Target: s.Target, Owner: old.Owner, Action: Replace}); err != nil {
			return err
		}
		if err := a.removeGroup(ctx, old); err != nil {
			return fmt.Errorf("delete the group that is to be replaced: %w", err)
		}
	}
	return a.j.Append(Entry{Event: EventCleared, Kind: KindGroup, Source: s.Source, Action: Replace})
}

// removeGroup deletes a group. A deletion whose answer was lost is looked up, not repeated.
func (a *applier) removeGroup(ctx context.Context, old *gis.Group) error {
	err := old.Delete(ctx)
	if err == nil || errors.Is(err, gis.ErrNotFound) {
		return nil
	}
	if _, gerr := a.dst.Groups.Get(ctx, old.ID); gis.Ambiguous(err) && errors.Is(gerr, gis.ErrNotFound) {
		return nil
	}
	return err
}
