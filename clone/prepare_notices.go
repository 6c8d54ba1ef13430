package clone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/gis"
)

// Codes of the notices of a plan.
const (
	NoticePrivileges     = "privileges"     // the connecting account of the target lacks them for what is planned
	NoticeAdministrators = "administrators" // accounts and roles with administrative privileges
	NoticeUserTypes      = "user-types"     // the target does not give them out
	NoticeTypes          = "item-types"     // the target cannot hold items of these types
	NoticeCommas         = "commas"         // tags or type keywords that cannot be sent
	NoticeFavorites      = "favorites"      // no portal lets anybody else set them
	NoticePublic         = "public"         // the target shares nothing with everybody
	NoticeServices       = "services"       // hosts of services elsewhere, which are used as they are
	NoticeUnread         = "unread"         // items that could not be searched for references
	NoticeSelectors      = "selectors"      // selectors that pick nothing
	NoticeTotals         = "totals"         // what the plan comes to
)

func (v *survey) notice(code, text string, objects ...string) {
	slices.Sort(objects)
	v.plan.Notices = append(v.plan.Notices, Notice{Code: code, Text: text, Objects: slices.Compact(objects)})
}

// noticeOf adds a notice about objects, where there are any.
func (v *survey) noticeOf(code, text string, objects []string) {
	if len(objects) > 0 {
		v.notice(code, fmt.Sprintf(text, len(objects)), objects...)
	}
}

// planNotices looks ahead at what the plan would meet with.
func (v *survey) planNotices(ctx context.Context) error {
	v.noticePrivileges()
	v.noticeAdministrators()
	if err := v.noticeUserTypes(ctx); err != nil {
		return err
	}
	v.noticeItems()
	if err := v.noticeFavorites(ctx); err != nil {
		return err
	}
	v.noticeOf(NoticeServices, "hosts of services elsewhere, whose addresses stay as they are: %d", slices.Collect(maps.Keys(v.scanner.hosts)))
	v.noticeOf(NoticeUnread, "items that could not be searched for references as a whole: %d; what they need is not known", v.unread)
	v.noticeOf(NoticeSelectors, "selectors that pick nothing on the source: %d", v.idle)
	t := v.plan.Totals()
	v.notice(NoticeTotals, fmt.Sprintf("objects to write: %d, bytes of items: %d, calls: at least %d", t.Writes, t.Bytes, t.Calls))
	return nil
}

// noticeAdministrators names the accounts and roles that hold administrative privileges, and
// says what becomes of them.
func (v *survey) noticeAdministrators() {
	var kept, lowered, roles, left []string
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		switch {
		case s.Kind == KindUser && s.writes() && v.demoted[fold(s.Source)]:
			lowered = append(lowered, s.Source)
		case s.Kind == KindUser && s.writes() && (s.Role == string(gis.RoleAdmin) || v.adminRoles[s.Role]):
			kept = append(kept, s.Source)
		case s.Kind == KindRole && s.writes() && v.adminRoles[s.Source]:
			roles = append(roles, s.Title)
		case s.Kind == KindRole && s.Action == Skip && v.adminRoles[s.Source]:
			left = append(left, s.Title)
		}
	}
	v.noticeOf(NoticeAdministrators, "accounts that are given administrative privileges: %d", kept)
	v.noticeOf(NoticeAdministrators, "administrators of the source that become plain users: %d; --allow-admins keeps their roles", lowered)
	v.noticeOf(NoticeAdministrators, "roles with administrative privileges that are made: %d", roles)
	v.noticeOf(NoticeAdministrators, "roles with administrative privileges that are left out: %d; --allow-admins makes them", left)
}

// noticeUserTypes names the user types that new accounts have and the target does not give out.
func (v *survey) noticeUserTypes(ctx context.Context) error {
	wanted := map[string][]string{}
	for i := range v.plan.Steps {
		if s := &v.plan.Steps[i]; s.Kind == KindUser && s.writes() && s.UserType != "" {
			wanted[s.UserType] = append(wanted[s.UserType], s.Source)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var types userTypes
	if err := types.read(ctx, v.src, v.dst); err != nil {
		if ctx.Err() != nil || errors.Is(err, gis.ErrTransport) || errors.Is(err, gis.ErrToken) {
			return err
		}
		v.notice(NoticeUserTypes, "the user types of the portals could not be read: "+err.Error())
		return nil
	}
	names := map[string]bool{}
	for _, name := range types.target {
		names[fold(name)] = true
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if len(types.target) > 0 && types.target[id] == "" && !names[fold(types.source[id])] {
			v.notice(NoticeUserTypes, fmt.Sprintf("the target has no user type %s, which %d new accounts have; give their steps another userType", describeType(id, types.source[id]), len(wanted[id])), wanted[id]...)
		}
	}
	return nil
}

// onlineOnly and enterpriseOnly are the types of which the other product has a counterpart under
// another name, or none.
var (
	onlineOnly     = []string{"Hub Site Application", "Hub Page", "Hub Initiative", "Hub Initiative Template", "Hub Project", "Hub Event", "Insights Data Engineering Workbook", "Arcade Module"}
	enterpriseOnly = []string{"Site Application", "Site Page", "Site Initiative"}
)

// noticeItems looks for items that the target is bound to refuse or to hold otherwise.
func (v *survey) noticeItems() {
	cannot := enterpriseOnly
	if v.dst.features.Kind == gis.KindEnterprise {
		cannot = onlineOnly
	}
	if v.dst.features.Kind == v.src.features.Kind {
		cannot = nil
	}
	var types, commas, public []string
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		if s.Kind == KindItem && s.writes() {
			if slices.Contains(cannot, s.Type) {
				types = append(types, describe(s.Title, s.Source))
			}
			if it := v.from.item(s.Source); it != nil && it.Commas {
				commas = append(commas, describe(s.Title, s.Source))
			}
		}
		if !v.dst.self.CanSharePublic && s.Kind == KindShare && s.writes() {
			if it := v.from.item(s.Source); it != nil && v.opts.access(it.Access) == levelPublic {
				public = append(public, describe(s.Title, s.Source))
			}
		}
	}
	v.noticeOf(NoticeTypes, "items of a type that the target's product does not have: %d", types)
	v.noticeOf(NoticeCommas, "items with a comma in a tag or type keyword, which portals read as two: %d; mend them on the source", commas)
	v.noticeOf(NoticePublic, "items that are public on the source and are shared with the organization instead, since the target shares nothing with everybody: %d", public)
}

// noticeFavorites names the members whose new accounts do without what they marked as favorites.
// Nobody can set another's, and many portals show them to nobody else.
func (v *survey) noticeFavorites(ctx context.Context) error {
	var with []*censusUser
	for i := range v.plan.Steps {
		if s := &v.plan.Steps[i]; s.Kind == KindUser && s.Action == Create {
			with = append(with, v.sourceUser(s.Source))
		}
	}
	have, hidden := make([]bool, len(with)), make([]bool, len(with))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, u := range with {
		if u == nil || u.Favorites == "" {
			continue
		}
		g.Go(func() error {
			for _, err := range v.src.Groups.Handle(u.Favorites).Items(gctx, nil) {
				have[i], hidden[i] = err == nil, err != nil
				break
			}
			return gctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	var names, unseen []string
	for i, u := range with {
		switch {
		case have[i]:
			names = append(names, u.Username)
		case hidden[i]:
			unseen = append(unseen, u.Username)
		}
	}
	v.noticeOf(NoticeFavorites, "members whose favorites are not carried, since nobody can set them for others: %d", names)
	v.noticeOf(NoticeFavorites, "members whose favorites, if they have any, are not carried, since the source shows them to nobody else: %d", unseen)
	return nil
}

func (v *survey) sourceUser(name string) *censusUser {
	i, ok := slices.BinarySearchFunc(v.from.users, fold(name), func(u *censusUser, n string) int { return strings.Compare(fold(u.Username), n) })
	if !ok {
		return nil
	}
	return v.from.users[i]
}
