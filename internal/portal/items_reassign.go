package portal

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ReassignItem gives an item to another member, into the folder of that title, which is made
// where the member has none. Who may reassign everybody's items may, and the owner who holds
// portal:user:reassignItems.
func (p *Portal) ReassignItem(ctx context.Context, c Caller, ref ItemRef, username, folderTitle string) (esri.ItemID, error) {
	var id esri.ItemID
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := itemAt(tx, a, ref)
		if err != nil {
			return err
		}
		if err := a.mayReassign(it.Item); err != nil {
			return err
		}
		to, err := receiver(tx, a, username)
		if err != nil {
			return err
		}
		id = it.ID
		return p.reassignItem(tx, it.Item, to, folderTitle)
	})
	return id, err
}

// CanReassignItem tells whether ReassignItem would succeed.
func (p *Portal) CanReassignItem(ctx context.Context, c Caller, ref ItemRef, username string) (why *Error, err error) {
	var out []BatchResult
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := itemAt(tx, a, ref)
		if err != nil {
			return err
		}
		out, err = eachItem([]esri.ItemID{it.ID}, func(esri.ItemID) ([]esri.GroupID, error) {
			if err := a.mayReassign(it.Item); err != nil {
				return nil, err
			}
			to, err := receiver(tx, a, username)
			if err != nil {
				return nil, err
			}
			return nil, reachesGroups(tx, it.Item, to)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out[0].Err, nil
}

// ReassignItems is ReassignItem for several items of one member.
func (p *Portal) ReassignItems(ctx context.Context, c Caller, owner string, ids []esri.ItemID, username, folderTitle string) (out []BatchResult, err error) {
	if err := checkBatch("items", ids); err != nil {
		return nil, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, owner, privReassignItems)
		if err != nil {
			return err
		}
		to, err := receiver(tx, a, username)
		if err != nil {
			return err
		}
		out, err = eachItem(ids, func(id esri.ItemID) ([]esri.GroupID, error) {
			it, err := itemAt(tx, a, ItemRef{Owner: u.Username, ID: id})
			if err != nil {
				return nil, err
			}
			if err := a.mayReassign(it.Item); err != nil {
				return nil, err
			}
			return nil, p.reassignItem(tx, it.Item, to, folderTitle)
		})
		return err
	})
	return out, err
}

func (a *actor) mayReassign(it *Item) error {
	if a.is(it.Owner) && a.has(privReassignOwn) {
		return nil
	}
	return a.needs(privReassignItems)
}

// receiver reads the member who is to get items: one who may hold content, and may receive it
// where the giver is no administrator of items.
func receiver(tx Tx, a *actor, username string) (*User, error) {
	if strings.TrimSpace(username) == "" {
		return nil, ErrMissingParam("targetUsername")
	}
	u, _, err := visibleUser(tx, a, strings.TrimSpace(username))
	if err != nil {
		return nil, err
	}
	if u.System {
		return nil, ErrBadParam("targetUsername", "names an account of the portal itself")
	}
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return nil, err
	}
	need := privReceiveItems
	if a.has(privReassignItems) && slices.Contains(privs, privCreateItem) {
		return u, nil
	}
	if !slices.Contains(privs, need) {
		return nil, &Error{Code: 400, Message: "Unable to reassign to '" + u.Username + "': the user cannot receive items.",
			Details: []string{"'" + u.Username + "' needs the privilege " + need + "."}}
	}
	return u, nil
}

// reassignItem gives an item to another member. Its shares stay: the receiver has to belong
// to every group of an item that is not open to the organization.
func (p *Portal) reassignItem(tx Tx, it *Item, to *User, folderTitle string) error {
	if err := reachesGroups(tx, it, to); err != nil {
		return err
	}
	folder, err := p.receivingFolder(tx, it, to.Username, strings.TrimSpace(folderTitle))
	if err != nil {
		return err
	}
	it.Owner, it.Folder = to.Username, folder
	return tx.PutItem(it)
}

// receivingFolder finds the folder of that title, or makes it; the empty title and / are the
// root folder. It makes nothing where the item does not fit.
func (p *Portal) receivingFolder(tx Tx, it *Item, owner, title string) (esri.FolderID, error) {
	folder := esri.FolderID("")
	if title != "" && title != "/" {
		f, err := tx.FolderTitled(owner, title)
		if isAbsent(err) {
			return p.folderTitled(tx, owner, title)
		}
		if err != nil {
			return "", err
		}
		folder = f.ID
	}
	return folder, freeIn(tx, it, owner, folder)
}

// reachesGroups refuses a receiver who is not in a group that alone gives access to the item.
func reachesGroups(tx Tx, it *Item, to *User) error {
	if it.Access == Public || it.Access == InOrg {
		return nil
	}
	groups, err := realGroupsOf(tx, it.ID)
	if err != nil {
		return err
	}
	for _, id := range groups {
		part, err := memberTypeOf(tx, id, to.Username)
		if err != nil {
			return err
		}
		if part == MemberNone || part == MemberAsking {
			return &Error{Code: 400, Message: "Unable to reassign item " + string(it.ID) + " to '" + to.Username + "'.",
				Details: []string{"The user does not belong to the group " + string(id) + ", which the item is shared with."}}
		}
	}
	return nil
}
