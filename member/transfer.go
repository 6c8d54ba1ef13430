package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// OwnedFolder is a folder with items; an empty id and title is the root folder.
type OwnedFolder struct {
	ID    esri.FolderID `json:"id,omitempty"`
	Title string        `json:"title,omitempty"`
	Items int           `json:"items"`
}

// OwnedGroup is a group with a member's part in it.
type OwnedGroup struct {
	ID    esri.GroupID   `json:"id"`
	Title string         `json:"title"`
	Part  gis.MemberType `json:"part"` // owner, admin or member
}

// HeldLicense is what a member holds of a product.
type HeldLicense struct {
	ItemID       esri.ItemID `json:"itemId"`
	Product      string      `json:"product"`
	Entitlements []string    `json:"entitlements"`
}

// HeldBundle is an app bundle that a member holds.
type HeldBundle struct {
	ItemID esri.ItemID `json:"itemId"`
	Name   string      `json:"name"`
}

// holdings are the licenses and bundles of the organization with their holders.
type holdings struct {
	products []*Product
	bundles  []*BundleUse
}

func readHoldings(ctx context.Context, p *gis.Portal, opts Options) (*holdings, error) {
	products, err := Products(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	bundles, err := readBundles(ctx, p, opts.workers())
	return &holdings{products, bundles}, err
}

// of answers what a member holds, and why some of it cannot be taken at the moment.
func (h *holdings) of(username string) (licenses []HeldLicense, bundles []HeldBundle, out []string) {
	for _, p := range h.products {
		held, ok := p.Holder(username)
		if !ok {
			continue
		}
		licenses = append(licenses, HeldLicense{p.ItemID, p.Title, held.Entitlements})
		if held.CheckedOut {
			out = append(out, p.Title+" is checked out offline")
		}
	}
	for _, b := range h.bundles {
		if b.Holds(username) {
			bundles = append(bundles, HeldBundle{b.listing(), b.Name})
		}
	}
	return licenses, bundles, out
}

// listing is the item by which the bundle is given.
func (b *BundleUse) listing() esri.ItemID {
	if b.ItemID != "" {
		return b.ItemID
	}
	return esri.ItemID(b.ID)
}

// ownedItems lists the items of an account by folder. Folders without items are among them.
func ownedItems(ctx context.Context, p *gis.Portal, username string) (folders []OwnedFolder, items [][]*gis.Item, err error) {
	list, err := p.Content.Folders(ctx, username)
	if err != nil {
		return nil, nil, fmt.Errorf("read the folders of %s: %w", username, err)
	}
	for _, f := range append([]*gis.Folder{{}}, list...) {
		in, err := gis.Collect(p.Content.UserItems(ctx, username, f.ID, nil))
		if err != nil {
			return nil, nil, fmt.Errorf("read the items of %s: %w", username, err)
		}
		if f.ID == "" {
			in = slices.DeleteFunc(in, func(it *gis.Item) bool { return it.OwnerFolder != "" })
		}
		folders = append(folders, OwnedFolder{f.ID, f.Title, len(in)})
		items = append(items, in)
	}
	return folders, items, nil
}

// groupsOf lists the groups of an account with its part in them.
func groupsOf(ctx context.Context, p *gis.Portal, u *gis.User) ([]OwnedGroup, error) {
	var out []OwnedGroup
	for _, g := range u.Groups {
		if g.IsFav {
			continue
		}
		part := gis.MemberMember
		switch {
		case strings.EqualFold(g.Owner, u.Username):
			part = gis.MemberOwner
		case g.UserMembership != nil && strings.EqualFold(g.UserMembership.Username, u.Username):
			part = g.UserMembership.MemberType
		default:
			m, err := g.Members(ctx)
			if err != nil {
				return nil, fmt.Errorf("read the members of the group %q: %w", g.Title, err)
			}
			if containsFold(m.Admins, u.Username) {
				part = gis.MemberAdmin
			}
		}
		out = append(out, OwnedGroup{g.ID, g.Title, part})
	}
	return out, nil
}

// handover gives items of one account to another.
type handover struct {
	p        *gis.Portal
	from, to string
	workers  int
	bulk     bool // the portal takes several items at a time
	// title names the folder of the receiver; empty: the root folder.
	title func(folder string) string
	// before is told of items that are about to change hands.
	before func(folder string, ids []esri.ItemID) error
	// after is told of items that changed hands.
	after func(n int)
	// join makes the receiver a member of groups where items are shared with them alone.
	join bool
}

// handoverChunk is how many items change hands with one call.
const handoverChunk = 100

// run gives away everything that the account owns at the moment. What stays is answered with
// the reasons.
func (h *handover) run(ctx context.Context) (stay []string, err error) {
	folders, items, err := ownedItems(ctx, h.p, h.from)
	if err != nil {
		return nil, err
	}
	var parts []handPart
	for i, f := range folders {
		title := h.title(f.Title)
		if len(items[i]) > 0 && title != "" {
			if err := ensureFolder(ctx, h.p, h.to, title); err != nil {
				if ends(ctx, err) {
					return nil, err
				}
				stay = append(stay, fmt.Sprintf("folder %q: %s", title, reasonOf(err)))
				continue
			}
		}
		for chunk := range slices.Chunk(items[i], handoverChunk) {
			parts = append(parts, handPart{f.Title, title, chunk})
		}
	}
	var mu sync.Mutex
	err = each(ctx, h.workers, parts, func(ctx context.Context, part handPart) error {
		why, err := h.send(ctx, part)
		mu.Lock()
		defer mu.Unlock()
		stay = append(stay, why...)
		return err
	})
	slices.Sort(stay)
	return stay, err
}

type handPart struct {
	folder, title string
	items         []*gis.Item
}

func (h *handover) send(ctx context.Context, part handPart) (stay []string, err error) {
	ids := make([]esri.ItemID, len(part.items))
	for i, it := range part.items {
		ids[i] = it.ID
	}
	if err := h.before(part.folder, ids); err != nil {
		return nil, err
	}
	failed, err := h.reassign(ctx, part)
	if err != nil {
		return nil, err
	}
	if len(failed) > 0 && h.join {
		again := handPart{part.folder, part.title, nil}
		for _, it := range part.items {
			if failed[it.ID] == nil {
				continue
			}
			if err := h.joinGroups(ctx, it); err != nil {
				return nil, err
			}
			again.items = append(again.items, it)
		}
		if failed, err = h.reassign(ctx, again); err != nil {
			return nil, err
		}
	}
	h.after(len(ids) - len(failed))
	for _, it := range part.items {
		if why := failed[it.ID]; why != nil {
			stay = append(stay, fmt.Sprintf("item %q (%s): %s", it.Title, it.ID, reasonOf(why)))
		}
	}
	return stay, nil
}

// reassign answers the items that stay, with their failure.
func (h *handover) reassign(ctx context.Context, part handPart) (map[esri.ItemID]error, error) {
	failed := map[esri.ItemID]error{}
	if h.bulk {
		ids := make([]esri.ItemID, len(part.items))
		for i, it := range part.items {
			ids[i] = it.ID
		}
		err := h.p.Content.ReassignItems(ctx, h.from, h.to, part.title, ids...)
		var b *gis.BatchError
		switch {
		case err == nil:
			return failed, nil
		case errors.As(err, &b):
			for _, f := range b.Failed {
				if ends(ctx, f.Err) {
					return nil, f.Err
				}
				failed[esri.ItemID(f.ID)] = f.Err
			}
			return failed, nil
		case ends(ctx, err):
			return nil, err
		case len(part.items) == 1:
			failed[ids[0]] = err
			return failed, nil
		}
	}
	for _, it := range part.items {
		if err := it.ReassignTo(ctx, h.to, part.title); err != nil {
			if ends(ctx, err) {
				return nil, err
			}
			failed[it.ID] = err
		}
	}
	return failed, nil
}

// joinGroups makes the receiver a member of the groups of an item. What is refused shows when
// the item is given away.
func (h *handover) joinGroups(ctx context.Context, it *gis.Item) error {
	groups, err := it.Groups(ctx)
	if err != nil {
		if ends(ctx, err) {
			return err
		}
		return nil
	}
	for _, g := range slices.Concat(groups.Admin, groups.Member, groups.Other) {
		if err := g.AddUsers(ctx, h.to); err != nil && ends(ctx, err) {
			return err
		}
	}
	return nil
}
