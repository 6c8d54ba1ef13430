package gis

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Sharing is who may see an item.
type Sharing struct {
	Access Access         `json:"access"`
	Groups []esri.GroupID `json:"groups"`
}

// ReadSharing reads who may see the item. Owner and administrators learn all of it; others
// the access and the groups that they can see themselves.
//
// rest: GET content/users/{username}/items/{id}
// rest: GET content/items/{id}/groups
// py: arcgis.gis.Item.shared_with
func (it *Item) ReadSharing(ctx context.Context) (Sharing, error) {
	if it.p.manages(it.Owner) {
		fresh, err := it.p.Content.UserItem(ctx, it.Owner, it.ID)
		if err == nil && fresh.Sharing != nil {
			it.Sharing = fresh.Sharing
			return *fresh.Sharing, nil
		}
		if err != nil && !hidden(err) {
			return Sharing{}, err
		}
	}
	visible, err := it.p.Content.Get(ctx, it.ID)
	if err != nil {
		return Sharing{}, err
	}
	groups, err := it.Groups(ctx)
	if err != nil {
		return Sharing{}, err
	}
	s := Sharing{Access: visible.Access}
	for _, list := range [][]*Group{groups.Admin, groups.Member, groups.Other} {
		for _, g := range list {
			s.Groups = append(s.Groups, g.ID)
		}
	}
	it.Sharing = &s
	return s, nil
}

// Share is what [Item.Share] changes.
type Share struct {
	Access Access         // empty keeps it; private takes org and public back, and keeps group shares
	Groups []esri.GroupID // shared with in addition; nothing is taken back
	// AllowMembersToEdit confirms that members of groups with shared update will edit the
	// item. Such groups refuse the share without it.
	AllowMembersToEdit bool
}

func (s Share) fill(r *wire.Request) error {
	switch s.Access {
	case "":
	case AccessPrivate, AccessShared:
		r.Bool("everyone", false).Bool("org", false).Bool("account", false)
	case AccessOrg:
		r.Bool("everyone", false).Bool("org", true).Bool("account", true)
	case AccessPublic: // org=true would cancel it on some portals, which read account instead
		r.Bool("everyone", true).Bool("org", false).Bool("account", true)
	default:
		return refuse(ErrInvalid, r.Op(), "cannot share with %q: use private, org or public", s.Access)
	}
	r.List("groups", compact(s.Groups))
	if s.AllowMembersToEdit {
		r.Bool("confirmItemControl", true)
	}
	return nil
}

// Share changes who may see the item. Owner and administrators may; for others, who manage
// the groups, the item must be visible to the organization or to everybody already.
//
// The portal answers per group: those it refused are in the returned [BatchError], the other
// shares stand.
//
// rest: POST content/users/{username}/items/{id}/share
// rest: POST content/users/{username}/{folder}/items/{id}/share
// rest: POST content/items/{id}/share
// py: arcgis.gis.Item.share
func (it *Item) Share(ctx context.Context, share Share) error {
	r := it.request(wire.Write, "share")
	if err := share.fill(r); err != nil {
		return err
	}
	var answer notShared
	err := it.p.do(ctx, r, &answer)
	if share.Access == "" && hidden(err) {
		r = wire.Write("content/items/{id}/share", string(it.ID))
		if err := share.fill(r); err != nil {
			return err
		}
		err = it.p.do(ctx, r, &answer)
	}
	if err != nil {
		return err
	}
	it.Sharing = nil
	if share.Access != "" {
		it.Access = share.Access
	}
	return answer.verdict(r.Op(), compact(share.Groups))
}

// Unshare takes the item back from groups. Owner and administrators may, and the managers of
// the groups. Groups that refused are in the returned [BatchError].
//
// rest: POST content/users/{username}/items/{id}/unshare
// rest: POST content/users/{username}/{folder}/items/{id}/unshare
// rest: POST content/items/{id}/unshare
// py: arcgis.gis.Item.unshare
func (it *Item) Unshare(ctx context.Context, groups ...esri.GroupID) error {
	ids := compact(groups)
	if len(ids) == 0 {
		return nil
	}
	r := it.request(wire.Write, "unshare").List("groups", ids)
	var answer notShared
	err := it.p.do(ctx, r, &answer)
	if hidden(err) {
		r = wire.Write("content/items/{id}/unshare", string(it.ID)).List("groups", ids)
		err = it.p.do(ctx, r, &answer)
	}
	if err != nil {
		return err
	}
	it.Sharing = nil
	return answer.verdict(r.Op(), ids)
}

// notShared names the groups that refused.
type notShared struct {
	NotSharedWith   []string `json:"notSharedWith"`
	NotUnsharedFrom []string `json:"notUnsharedFrom"`
}

func (n notShared) refused() []string { return append(n.NotSharedWith, n.NotUnsharedFrom...) }

func (n notShared) verdict(op string, groups []string) error {
	b := &batch{op: op}
	b.verdict(groups, n.refused(), "the portal refused this for the group: the owner may not be a member, or members edit its items and that was not confirmed")
	return b.err()
}

// ItemGroups are the groups that an item is shared with, as far as the caller can see them.
type ItemGroups struct {
	Admin  []*Group `json:"admin"`  // the caller owns or manages them
	Member []*Group `json:"member"` // the caller is a member
	Other  []*Group `json:"other"`
}

// Groups reads the groups that the item is shared with, as far as the caller can see them.
//
// rest: GET content/items/{id}/groups
// py: arcgis.gis.Item.shared_with
func (it *Item) Groups(ctx context.Context) (*ItemGroups, error) {
	var g ItemGroups
	if err := it.p.do(ctx, wire.Read("content/items/{id}/groups", string(it.ID)), &g); err != nil {
		return nil, err
	}
	for _, list := range []*[]*Group{&g.Admin, &g.Member, &g.Other} {
		*list = present(*list)
		for _, group := range *list {
			group.p = it.p
		}
	}
	return &g, nil
}

// rowError makes the error of one row of a batch: portals give some of them a text only.
func rowError(op string, e *rowFailure) error {
	if e == nil {
		return refuse(ErrInvalid, op, "the portal gave no reason")
	}
	kind, ok := byMessageCode(e.MessageCode)
	if !ok {
		kind = byCode(e.Code)
	}
	return &Error{Op: op, Code: e.Code, MessageCode: e.MessageCode, Message: strings.TrimSpace(e.Message), kind: kind}
}

// rowFailure is why one row of a batch failed.
type rowFailure struct {
	Code        int    `json:"code"`
	MessageCode string `json:"messageCode"`
	Message     string `json:"message"`
}
