package clone

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// reserve gives every item that is to be made its id on the target before any is written, so
// that references between items need no order and no second pass. Where the target honors
// chosen ids they are drawn and journaled; elsewhere empty items are made first. Then apps are
// registered: the client ids that they get stand for those of the source as ids do.
func (a *applier) reserve(ctx context.Context) error {
	var todo []Step
	for _, s := range a.plan.Steps {
		if s.Kind != KindItem || s.Action != Create || a.items.get(s.Source) != "" {
			continue
		}
		if _, _, err := a.place(s.Source); err == nil {
			todo = append(todo, s)
		}
	}
	a.m.begin("reserve ids", len(todo), 0)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(64) // journal lines that wait together share one sync
	if !a.dst.features.HonorsItemIDToCreate {
		g.SetLimit(writers)
	}
	for _, s := range todo {
		g.Go(func() error {
			defer a.m.finish(MeterEvent{})
			return a.reserveOne(gctx, s)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return a.registerApps(ctx)
}

func (a *applier) reserveOne(ctx context.Context, s Step) error {
	if e, ok := a.j.begun(KindItem, s.Source); ok && e.Target != "" {
		a.items.set(s.Source, e.Target)
		return a.intend(s, e.Target)
	}
	if !a.dst.features.HonorsItemIDToCreate {
		return a.outcomeOfShell(ctx, s)
	}
	id := esri.NewID()
	a.items.set(s.Source, id)
	a.fresh.set(s.Source, id)
	return a.intend(s, id)
}

// intend records the id that an item has or will have on the target.
func (a *applier) intend(s Step, id string) error {
	return a.j.Append(Entry{Event: EventIntent, Kind: KindItem, Source: s.Source, Target: id, Owner: a.users.get(s.Owner)})
}

// outcomeOfShell makes an empty item; one that cannot be made is left to copyItem, which fails
// it with the reason.
func (a *applier) outcomeOfShell(ctx context.Context, s Step) error {
	owner, folder, err := a.place(s.Source)
	if err != nil {
		return nil
	}
	if err := a.j.Append(Entry{Event: EventIntent, Kind: KindItem, Source: s.Source, Owner: owner}); err != nil {
		return err
	}
	id, err := a.findShell(ctx, s, owner, folder)
	if err == nil && id == "" {
		id, err = a.makeShell(ctx, s, owner, folder)
	}
	if err != nil {
		return ctx.Err()
	}
	a.items.set(s.Source, id)
	return a.intend(s, id)
}

func (a *applier) makeShell(ctx context.Context, s Step, owner string, folder esri.FolderID) (string, error) {
	it, err := a.dst.Content.Add(ctx, gis.ItemSpec{
		Owner: owner, Folder: folder, Title: s.Title, Type: s.Type,
		TypeKeywords: []string{keywordPrefix + s.Source},
		Properties:   withMarker(nil, marker{Source: a.src.side.Key, ID: s.Source, Run: a.j.run}),
	}, gis.WithoutRefresh())
	if err != nil && gis.Ambiguous(err) {
		return a.findShell(ctx, s, owner, folder)
	}
	if err != nil {
		return "", err
	}
	return string(it.ID), nil
}

// findShell looks in the owner's folder for an item with the marker. The listing is complete
// at once, where the search index lags.
func (a *applier) findShell(ctx context.Context, s Step, owner string, folder esri.FolderID) (string, error) {
	for it, err := range a.dst.Content.UserItems(ctx, owner, folder, nil) {
		if err != nil {
			return "", err
		}
		if id, ok := markedItem(it.TypeKeywords, it.Properties, a.src.side.Key); ok && id == s.Source && it.Type == s.Type {
			return string(it.ID), nil
		}
	}
	return "", nil
}

// copyItem does what a step says of one item: it makes the copy (Create), puts it in the place of
// another item and keeps that one's id (Replace), or brings the copy of an earlier run in line
// (Update).
func (a *applier) copyItem(ctx context.Context, s Step) error {
	owner, folder, err := a.place(s.Source)
	if err != nil {
		return err
	}
	id := a.items.get(s.Source)
	if id == "" {
		return errors.New("no id could be reserved for it on the target")
	}
	if why := a.unregistered.get(s.Source); why != "" {
		return errors.New(why)
	}
	src, err := a.src.Content.UserItem(ctx, s.Owner, esri.ItemID(s.Source))
	if err != nil {
		if errors.Is(err, gis.ErrNotFound) {
			return errors.New("it is gone from the source since the plan was made")
		}
		return fmt.Errorf("read the item: %w", err)
	}
	if s.Modified != 0 && src.Modified.Millis() != s.Modified {
		a.rep.note(fmt.Sprintf("item %s changed since the plan was made and is copied as it is now", describe(src.Title, s.Source)))
	}
	c := &itemCopy{applier: a, step: s, src: src, owner: owner, folder: folder, id: esri.ItemID(id), dataURL: fetchedFrom(src)}
	if c.info, err = infoOf(ctx, a.src, a.dst, src, owner); err != nil {
		return err
	}
	if c.have, err = c.there(ctx); err != nil {
		return err
	}
	c.leaveOut()
	if s.Action == Update {
		err = c.bringInLine(ctx)
	} else {
		err = c.complete(ctx)
	}
	if err != nil {
		return err
	}
	return a.done(Entry{
		Kind: KindItem, Source: s.Source, Target: id, Owner: owner, Action: s.Action,
		Hash: c.hash, Bytes: c.bytes, Resources: resourcesWritten(c.names), Stored: c.names, Changes: c.changes,
	})
}

// infoOf is what the rules of rewriting know of an item whose copy owner has. Projects of
// QuickCapture alone keep an address, which stays where it is the same person's.
func infoOf(ctx context.Context, from, to *site, src *gis.Item, owner string) (remap.ItemInfo, error) {
	info := remap.ItemInfo{ID: string(src.ID), Type: src.Type, TypeKeywords: src.TypeKeywords}
	if src.Type != "QuickCapture Project" {
		return info, nil
	}
	was, err := from.Users.Get(ctx, src.Owner)
	if err != nil {
		return info, fmt.Errorf("read the address of %s: %w", src.Owner, err)
	}
	now, err := to.Users.Get(ctx, owner)
	if err != nil {
		return info, fmt.Errorf("read the address of %s on the target: %w", owner, err)
	}
	if !strings.EqualFold(was.Email, now.Email) {
		info.OwnerEmail = now.Email
	}
	return info, nil
}
