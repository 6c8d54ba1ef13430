package member

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Operations of a move, as the journal has them before each is done.
const (
	opMake    = "make"    // the target was made
	opRole    = "role"    // Word and UserType: the target's before
	opJoin    = "join"    // the target became a member of Group
	opManage  = "manage"  // the target became its manager
	opOwn     = "own"     // and its owner; Word: the target's part before
	opFolder  = "folder"  // the target got a folder; Word: its title
	opItems   = "items"   // Items of the folder Word
	opLicense = "license" // Item; Set of the source, Before of the target
	opBundle  = "bundle"  // Item
)

// moved is one thing that a move did.
type moved struct {
	Op       string        `json:"op"`
	From     string        `json:"from"`
	To       string        `json:"to"`
	Word     string        `json:"word,omitempty"`
	UserType string        `json:"userType,omitempty"`
	Group    esri.GroupID  `json:"group,omitempty"`
	Items    []esri.ItemID `json:"items,omitempty"`
	Item     esri.ItemID   `json:"item,omitempty"`
	Set      []string      `json:"set,omitempty"`
	Before   []string      `json:"before,omitempty"`
}

// licenses moves what the source holds. The seat is given up before it is taken, so that a
// full license can move; where the target does not get it, the source gets it back.
func (mv *mover) licenses(ctx context.Context) error {
	for _, h := range mv.v.Licenses {
		if err := mv.try(ctx, h.Product, mv.license(ctx, h)); err != nil {
			return err
		}
	}
	return nil
}

func (mv *mover) license(ctx context.Context, h HeldLicense) error {
	l := mv.p.Licenses.Handle(h.ItemID)
	to, err := l.Entitlement(ctx, mv.to.Username)
	if err != nil {
		return err
	}
	from, err := l.Entitlement(ctx, mv.v.From)
	if err != nil {
		return err
	}
	want := merged(to.Entitlements, h.Entitlements)
	switch {
	case from.CheckedOut:
		return errors.New("it is checked out offline")
	case len(from.Entitlements) == 0 && subset(h.Entitlements, to.Entitlements):
		return nil // moved before the run was cut off
	}
	if err := mv.record(moved{Op: opLicense, Item: h.ItemID, Set: h.Entitlements, Before: to.Entitlements}); err != nil {
		return err
	}
	if err := l.Revoke(ctx, mv.v.From); err != nil {
		return err
	}
	err = l.Assign(ctx, want, mv.to.Username)
	if err == nil || ends(ctx, err) {
		return err
	}
	if back := l.Assign(ctx, h.Entitlements, mv.v.From); back != nil {
		return fmt.Errorf("%s could not get it (%s), and %s could not get it back (%s)", mv.to.Username, reasonOf(err), mv.v.From, reasonOf(back))
	}
	return err
}

// merged is a set with another one added, whose level takes the place of a level.
func merged(set, add []string) []string {
	if slices.ContainsFunc(add, isLevel) {
		set = slices.DeleteFunc(slices.Clone(set), isLevel)
	}
	return union(set, add)
}

func (mv *mover) bundles(ctx context.Context) error {
	for _, h := range mv.v.Bundles {
		if err := mv.try(ctx, "app bundle "+h.Name, mv.bundle(ctx, h)); err != nil {
			return err
		}
	}
	return nil
}

func (mv *mover) bundle(ctx context.Context, h HeldBundle) error {
	has, err := holdsBundle(ctx, mv.p, mv.to.Username, h.ItemID)
	if err != nil {
		return err
	}
	b := mv.p.Licenses.HandleBundle(h.ItemID)
	if has {
		return b.Revoke(ctx, mv.v.From)
	}
	if err := mv.record(moved{Op: opBundle, Item: h.ItemID}); err != nil {
		return err
	}
	if err := b.Revoke(ctx, mv.v.From); err != nil {
		return err
	}
	err = b.Assign(ctx, mv.to.Username)
	if err == nil || ends(ctx, err) {
		return err
	}
	if back := b.Assign(ctx, mv.v.From); back != nil {
		return fmt.Errorf("%s could not get it (%s), and %s could not get it back (%s)", mv.to.Username, reasonOf(err), mv.v.From, reasonOf(back))
	}
	return err
}

func holdsBundle(ctx context.Context, p *gis.Portal, username string, item esri.ItemID) (bool, error) {
	list, err := p.Users.Handle(username).Bundles(ctx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(list, func(b *gis.Bundle) bool { return b.ItemID == item || b.ID == string(item) }), nil
}
