package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
)

// ItemView is an item as one caller sees it.
type ItemView struct {
	*Item
	Size    int64       // bytes of the data, and for a single item of its resources; -1: a service
	Control ItemControl // what the caller may do
	OrgID   esri.OrgID
	Member  bool // the caller belongs to the organization
	// GroupCategories are what the item has within the group whose content is listed.
	GroupCategories []string
}

// viewOf shows a single item.
func viewOf(tx Tx, a *actor, it itemAccess) (ItemView, error) {
	org, err := tx.Org()
	if err != nil {
		return ItemView{}, err
	}
	v := ItemView{Item: it.Item, Size: sizeOf(it.Item), Control: it.control, OrgID: org.ID, Member: !a.anonymous()}
	if v.Size < 0 {
		return v, nil
	}
	_, resources, err := tx.ResourceUsage(it.ID)
	v.Size += resources
	return v, err
}

// viewsOf shows listed items, all of which the caller sees. Control that comes from a group
// and the size of resources are left to the single item: they would take a look at each.
func viewsOf(tx Tx, a *actor, items []*Item) ([]ItemView, error) {
	org, err := tx.Org()
	if err != nil {
		return nil, err
	}
	out := make([]ItemView, len(items))
	for i, it := range items {
		out[i] = ItemView{Item: it, Size: sizeOf(it), OrgID: org.ID, Member: !a.anonymous()}
		if a.is(it.Owner) || a.has(privUpdateItems) {
			out[i].Control = ControlAdmin
		}
	}
	return out, nil
}

func sizeOf(it *Item) int64 {
	switch {
	case it.Data != nil:
		return it.Data.Size
	case isService(it.Type):
		return -1
	}
	return 0
}

// Item reads an item and counts the view, which the next reader sees. Products and app bundles
// have items too, of which views are not counted.
func (p *Portal) Item(ctx context.Context, c Caller, id esri.ItemID) (ItemView, error) {
	var v ItemView
	stored := true
	unstored := p.views.total(id)
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if isRefusal(err) {
			stored = false
			v, err = listingItem(tx, a, id)
			return err
		}
		if err != nil {
			return err
		}
		v, err = viewOf(tx, a, it)
		return err
	})
	if err != nil || !stored {
		return v, err
	}
	v.NumViews = max(v.NumViews, unstored, p.views.total(id))
	p.views.count(p, v.ID, v.NumViews)
	return v, nil
}

// UserItem is an item as its owner's content shows it.
type UserItem struct {
	ItemView
	Groups []esri.GroupID // shared with; nil unless the caller controls the item
	Folder *Folder        // nil: the root folder, or not for the caller to know
}

// UserItem reads the item that a path under content/users names. It counts no view.
func (p *Portal) UserItem(ctx context.Context, c Caller, ref ItemRef) (*UserItem, error) {
	var u UserItem
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := itemAt(tx, a, ref)
		if err != nil {
			return err
		}
		if u.ItemView, err = viewOf(tx, a, it); err != nil || it.control != ControlAdmin {
			return err
		}
		if it.Folder != "" {
			if u.Folder, err = folderOf(tx, it.Owner, it.Folder); err != nil {
				return err
			}
		}
		u.Groups, err = realGroupsOf(tx, it.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &u, nil
}

// realGroupsOf lists the groups that an item is shared with, without those that hold members'
// favorites: these are each member's own business and give no access.
func realGroupsOf(tx Tx, id esri.ItemID) ([]esri.GroupID, error) {
	groups, err := tx.GroupsOf(id)
	if err != nil {
		return nil, err
	}
	out := make([]esri.GroupID, 0, len(groups))
	for _, gid := range groups {
		g, err := tx.Group(gid)
		if err != nil {
			return nil, err
		}
		if !g.Fav {
			out = append(out, gid)
		}
	}
	return out, nil
}

// ItemGroups lists the groups that an item is shared with and that exist for the caller.
func (p *Portal) ItemGroups(ctx context.Context, c Caller, id esri.ItemID) ([]*GroupView, error) {
	var out []*GroupView
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		groups, err := groupsShown(tx, a, it.ID)
		if err != nil {
			return err
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		for _, g := range groups {
			v, err := groupView(tx, a, g, org.ID, a.name())
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// groupsShown lists the groups that an item is shared with and that exist for the caller.
func groupsShown(tx Tx, a *actor, id esri.ItemID) ([]*Group, error) {
	ids, err := tx.GroupsOf(id)
	if err != nil {
		return nil, err
	}
	var out []*Group
	for _, gid := range ids {
		g, err := tx.Group(gid)
		if err != nil {
			return nil, err
		}
		if a.sees(g) {
			out = append(out, g)
		}
	}
	return out, nil
}

// GroupItems are the items of a list that are shared with a group.
type GroupItems struct {
	Group *Group
	Items []esri.ItemID
}

// ItemsGroups tells which of the groups that exist for the caller hold which of the items.
// Items that the caller does not see are left out.
func (p *Portal) ItemsGroups(ctx context.Context, c Caller, ids []esri.ItemID) ([]GroupItems, error) {
	if err := checkBatch("items", ids); err != nil {
		return nil, err
	}
	var out []GroupItems
	at := map[esri.GroupID]int{}
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		for _, id := range ids {
			it, err := visibleItem(tx, a, id)
			if isRefusal(err) {
				continue
			}
			if err != nil {
				return err
			}
			groups, err := groupsShown(tx, a, it.ID)
			if err != nil {
				return err
			}
			for _, g := range groups {
				i, ok := at[g.ID]
				if !ok {
					i = len(out)
					at[g.ID] = i
					out = append(out, GroupItems{Group: g})
				}
				out[i].Items = append(out[i].Items, it.ID)
			}
		}
		return nil
	})
	return out, err
}

// SeeItem returns nil where an item exists for the caller.
func (p *Portal) SeeItem(ctx context.Context, c Caller, id esri.ItemID) error {
	return p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		_, err = visibleItem(tx, a, id)
		return err
	})
}
