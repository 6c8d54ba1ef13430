package portal

import (
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// Privileges that the item use cases ask for.
const (
	privViewItems    = "portal:admin:viewItems"
	privUpdateItems  = "portal:admin:updateItems"
	privDeleteItems  = "portal:admin:deleteItems"
	privViewOrgItems = "portal:user:viewOrgItems"
	privReassignOwn  = "portal:user:reassignItems"
	privReceiveItems = "portal:user:receiveItems"
	privShare        = "portal:user:shareTo"  // with Group, Org or Public: items of one's own
	privAdminShare   = "portal:admin:shareTo" // likewise: everybody's items
)

// ItemControl is what a caller may do with an item beyond reading it.
type ItemControl string

// Levels of control. Update comes from a group whose members may edit its items; Admin is
// that of the owner and of administrators of items.
const (
	ControlNone   ItemControl = ""
	ControlUpdate ItemControl = "update"
	ControlAdmin  ItemControl = "admin"
)

// controlOf decides what the caller may do with an item; visible is false for an item that
// does not exist for the caller.
func (a *actor) controlOf(tx Tx, it *Item) (control ItemControl, visible bool, err error) {
	if a.is(it.Owner) {
		return ControlAdmin, true, nil
	}
	visible = it.Access == Public || a.has(privViewItems) || (it.Access == InOrg && a.has(privViewOrgItems))
	if a.anonymous() {
		if !visible {
			visible, err = a.lent(tx, it)
		}
		return ControlNone, visible, err
	}
	groups, err := tx.GroupsOf(it.ID)
	if err != nil {
		return ControlNone, false, err
	}
	for _, id := range groups {
		// The hidden group of one's favorites opens nothing: an item that was marked as a
		// favorite may have been withdrawn since.
		if !a.in(id) || id == a.user.FavGroupID {
			continue
		}
		visible = true
		g, err := tx.Group(id)
		if err != nil {
			return ControlNone, false, err
		}
		if g.SharedUpdate() {
			control = ControlUpdate
		}
	}
	if visible && a.has(privUpdateItems) {
		control = ControlAdmin
	}
	return control, visible, nil
}

// itemVisibility is the caller's part of a search for items: what controlOf shows.
func (a *actor) itemVisibility() Visibility {
	v := a.visibility(privViewItems)
	v.Member = a.has(privViewOrgItems)
	if !a.anonymous() {
		v.Groups = slices.DeleteFunc(v.Groups, func(id esri.GroupID) bool { return id == a.user.FavGroupID })
	}
	return v
}

// itemAccess is an item with what the caller may do with it.
type itemAccess struct {
	*Item
	control ItemControl
}

// visibleItem reads an item that exists for the caller; any other is errNoItem.
func visibleItem(tx Tx, a *actor, id esri.ItemID) (itemAccess, error) {
	id = esri.ItemID(strings.ToLower(string(id)))
	if !esri.IsID(string(id)) {
		return itemAccess{}, errNoItem()
	}
	it, err := tx.Item(id)
	if err != nil {
		return itemAccess{}, absentAs(err, errNoItem())
	}
	control, visible, err := a.controlOf(tx, it)
	if err != nil {
		return itemAccess{}, err
	}
	if !visible {
		return itemAccess{}, errNoItem()
	}
	return itemAccess{it, control}, nil
}

// ItemRef is an item as the paths under content/users name it.
type ItemRef struct {
	Owner  string
	Folder esri.FolderID // empty: the path has no folder, which says nothing about the item's
	ID     esri.ItemID
}

// itemAt reads the item that a path names, for a member who sees it.
//
// guess: a folder in the path has to be one of the owner's, but not the item's: clients go on
// using the address of before a move.
func itemAt(tx Tx, a *actor, ref ItemRef) (itemAccess, error) {
	if a.anonymous() {
		return itemAccess{}, ErrTokenRequired()
	}
	it, err := visibleItem(tx, a, ref.ID)
	if err != nil {
		return itemAccess{}, err
	}
	if !strings.EqualFold(it.Owner, ref.Owner) {
		return itemAccess{}, errNoItem()
	}
	if ref.Folder != "" {
		if _, err := folderOf(tx, it.Owner, ref.Folder); err != nil {
			return itemAccess{}, err
		}
	}
	return it, nil
}

// updatable is itemAt for who may change the item's content.
func updatable(tx Tx, a *actor, ref ItemRef) (itemAccess, error) {
	it, err := itemAt(tx, a, ref)
	if err == nil && it.control == ControlNone {
		err = ErrDenied("to own the item, the privilege " + privUpdateItems + ", or a group whose members may update it")
	}
	return it, err
}

// owned is itemAt for the owner and for who holds the privilege over others' items.
func owned(tx Tx, a *actor, ref ItemRef, privilege string) (itemAccess, error) {
	it, err := itemAt(tx, a, ref)
	if err == nil {
		err = a.owns(it.Item, privilege)
	}
	return it, err
}

// owns returns nil for an item's owner and for who holds the privilege over others' items.
func (a *actor) owns(it *Item, privilege string) error {
	if a.is(it.Owner) {
		return nil
	}
	return a.needs(privilege)
}

// contentOwner reads the member whose content a call is about: the caller, or another one
// where the caller holds one of the privileges. For who holds none, a member whose profile is
// hidden does not exist.
func contentOwner(tx Tx, a *actor, username string, privileges ...string) (*User, error) {
	if a.anonymous() {
		return nil, ErrTokenRequired()
	}
	if a.is(username) {
		return a.user, nil
	}
	if !slices.ContainsFunc(privileges, a.has) {
		if _, _, err := visibleUser(tx, a, username); err != nil {
			return nil, err
		}
		return nil, a.needs(privileges[0])
	}
	u, err := tx.User(username)
	return u, absentAs(err, errNoUser())
}
