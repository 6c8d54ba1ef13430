package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ReassignContent gives everything that a member owns to another member: each folder becomes
// the folder "<user>_<folder>" of the new owner, the root folder "<user>_root", and groups
// change their owner as [Portal.ReassignGroup] does.
func (p *Portal) ReassignContent(ctx context.Context, c Caller, username, target string) error {
	if target == "" {
		return ErrMissingParam("targetUsername")
	}
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		from, err := governedUser(tx, a, username, privReassignItems)
		if err != nil {
			return err
		}
		if err := a.needs(privReassignGroups); err != nil {
			return err
		}
		to, _, err := visibleUser(tx, a, target)
		if err != nil {
			return err
		}
		if to.Username == from.Username {
			return ErrBadParam("targetUsername", "is the member whose content is to be reassigned")
		}
		if err := receives(tx, to); err != nil {
			return err
		}
		return p.reassignAll(tx, from, to)
	})
}

// receives returns nil where a member may own items.
func receives(tx Tx, u *User) error {
	if u.System {
		return ErrBadParam("targetUsername", "names an account of the portal itself")
	}
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return err
	}
	for _, p := range privs {
		if p == privCreateItem {
			return nil
		}
	}
	return &Error{Code: 400, Message: "The target user cannot own content.", Details: []string{"'" + u.Username + "' needs the privilege " + privCreateItem + "."}}
}

func (p *Portal) reassignAll(tx Tx, from, to *User) error {
	now := p.clock.Now()
	groups, err := ownedGroups(tx, from)
	if err != nil {
		return err
	}
	if len(groups) > 0 {
		if err := ownsGroups(tx, to); err != nil {
			return err
		}
	}
	for _, g := range groups {
		if err := giveGroup(tx, g, to, now); err != nil {
			return err
		}
	}
	folders, err := tx.FoldersOf(from.Username)
	if err != nil {
		return err
	}
	for _, f := range append([]*Folder{{Owner: from.Username, Title: "root"}}, folders...) {
		if err := p.giveFolder(tx, f, from, to); err != nil {
			return err
		}
	}
	return nil
}

// giveFolder moves the items of one folder into a folder of the new owner and removes the
// empty folder; an empty root folder leaves no trace.
func (p *Portal) giveFolder(tx Tx, f *Folder, from, to *User) error {
	var into esri.FolderID
	for {
		items, _, err := tx.ItemsIn(from.Username, f.ID, nil, Page{Start: 1, Num: userBatch})
		if err != nil {
			return err
		}
		if (len(items) > 0 || f.ID != "") && into == "" {
			if into, err = p.folderTitled(tx, to.Username, givenTitle(from.Username, f.Title)); err != nil {
				return err
			}
		}
		if len(items) == 0 {
			break
		}
		for _, it := range items {
			it.Owner, it.Folder = to.Username, into
			if err := tx.PutItem(it); err != nil {
				return err
			}
		}
	}
	if f.ID == "" {
		return nil
	}
	return tx.DeleteFolder(f.ID)
}

// givenTitle names the new owner's folder, cut to the length that titles may have.
func givenTitle(username, title string) string {
	r := []rune(username + "_" + title)
	return strings.TrimSpace(string(r[:min(len(r), maxFolderTitle)]))
}
