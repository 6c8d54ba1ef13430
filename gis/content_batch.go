package gis

import (
	"context"
	"errors"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// maxItemsPerCall is the most items that a batch operation takes.
const maxItemsPerCall = 100

// itemBatch is a batch operation that answers with a row per item.
type itemBatch struct {
	verb string
	kind func(string, ...string) *wire.Request
	fill func(*wire.Request) error
}

func (c *Content) perItem(ctx context.Context, owner string, ids []esri.ItemID, op itemBatch) error {
	pattern := "content/users/{username}/" + op.verb
	owner, err := c.p.owner(ctx, "POST "+pattern, owner)
	if err != nil {
		return err
	}
	send := func(b *batch, chunk []string) error {
		r := op.kind(pattern, owner).List("items", chunk)
		if op.fill != nil {
			if err := op.fill(r); err != nil {
				return err
			}
		}
		var answer itemRows
		if err := c.p.do(ctx, r, &answer); err != nil {
			return err
		}
		answer.verdict(b, chunk)
		return nil
	}
	return inChunks(ctx, "POST "+pattern, compact(ids), maxItemsPerCall, func(b *batch, chunk []string) error {
		err := send(b, chunk)
		if len(chunk) == 1 || !errors.Is(err, ErrNotFound) {
			return err
		}
		// Some portals refuse the whole call for one bad id.
		for _, id := range chunk {
			if err := send(b, []string{id}); err != nil {
				b.fail(id, err)
			}
		}
		return nil
	})
}

// itemRows is the answer of a batch operation.
type itemRows struct {
	Results []struct {
		ItemID  string      `json:"itemId"`
		Success bool        `json:"success"`
		Error   *rowFailure `json:"error"`
		notShared
	} `json:"results"`
}

func (rows itemRows) verdict(b *batch, chunk []string) {
	outcome := map[string]error{}
	for _, row := range rows.Results {
		switch refused := row.refused(); {
		case !row.Success:
			outcome[row.ItemID] = rowError(b.op, row.Error)
		case len(refused) > 0:
			outcome[row.ItemID] = refuse(ErrInvalid, b.op, "refused for the groups %s", strings.Join(refused, ", "))
		default:
			outcome[row.ItemID] = nil
		}
	}
	for _, id := range chunk {
		err, answered := outcome[id]
		switch {
		case !answered:
			b.fail(id, &Error{Op: b.op, Message: "the portal's answer leaves the item out", kind: ErrProtocol, ambiguous: true})
		case err != nil:
			b.fail(id, err)
		default:
			b.done = append(b.done, id)
		}
	}
}

// DeleteItems removes several items of one owner; an empty owner is the caller. Refusals are
// in the returned [BatchError].
//
// rest: POST content/users/{username}/deleteItems
// py: arcgis.gis.ContentManager.delete_items
func (c *Content) DeleteItems(ctx context.Context, owner string, ids ...esri.ItemID) error {
	return c.perItem(ctx, owner, ids, itemBatch{"deleteItems", wire.Once, nil})
}

// MoveItems puts several items of one owner into a folder; the empty id is the root folder.
// Refusals are in the returned [BatchError].
//
// rest: POST content/users/{username}/moveItems
func (c *Content) MoveItems(ctx context.Context, owner string, folder esri.FolderID, ids ...esri.ItemID) error {
	return c.perItem(ctx, owner, ids, itemBatch{"moveItems", wire.Write, func(r *wire.Request) error {
		r.Set("folder", folderOrRoot(folder))
		return nil
	}})
}

// ReassignItems gives several items of one owner to another account, into the folder of the
// given title; an empty title is the root folder. Not every portal can: see [Features].
// Refusals are in the returned [BatchError].
//
// rest: POST content/users/{username}/reassignItems
func (c *Content) ReassignItems(ctx context.Context, owner, target, folderTitle string, ids ...esri.ItemID) error {
	return c.perItem(ctx, owner, ids, itemBatch{"reassignItems", wire.Write, func(r *wire.Request) error {
		r.Set("targetUsername", target).Set("targetFolderName", titleOrRoot(folderTitle))
		return nil
	}})
}

// ShareItems changes who may see several items of one owner. Items that were refused, also
// for one of the groups only, are in the returned [BatchError].
//
// rest: POST content/users/{username}/shareItems
// py: arcgis.gis.ContentManager.share_items
func (c *Content) ShareItems(ctx context.Context, owner string, share Share, ids ...esri.ItemID) error {
	return c.perItem(ctx, owner, ids, itemBatch{"shareItems", wire.Write, share.fill})
}

// UnshareItems takes several items of one owner back from groups. Access to the organization
// and to everybody is taken back by [Content.ShareItems]. Refusals are in the returned
// [BatchError].
//
// rest: POST content/users/{username}/unshareItems
// py: arcgis.gis.ContentManager.unshare_items
func (c *Content) UnshareItems(ctx context.Context, owner string, groups []esri.GroupID, ids ...esri.ItemID) error {
	return c.perItem(ctx, owner, ids, itemBatch{"unshareItems", wire.Write, func(r *wire.Request) error {
		r.List("groups", compact(groups))
		return nil
	}})
}

// CanDelete asks whether an item can be deleted: see [Item.CanDelete].
//
// rest: POST content/users/{username}/items/{id}/canDelete reads
// py: arcgis.gis.ContentManager.can_delete
func (c *Content) CanDelete(ctx context.Context, it *Item) error { return it.CanDelete(ctx) }
