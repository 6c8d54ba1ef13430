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

// Prepare reads both portals and returns what a clone would do. It writes nothing. j may be
// nil; where given, objects that an earlier run recorded in it are matched.
//
// The data of an item is read only where it is to be written, or where a selection asks what
// the item needs; of copies that an earlier run made the source's resources are listed, one
// call an item.
func Prepare(ctx context.Context, source, target *gis.Portal, opts Options, j *Journal, m *Meter) (*Plan, error) {
	if m == nil {
		m = &Meter{}
	}
	v, err := takeSurvey(ctx, source, target, opts, j, m)
	if err != nil {
		return nil, err
	}
	if err := v.planChanges(ctx, m); err != nil {
		return nil, err
	}
	if err := v.planReferences(ctx, m); err != nil {
		return nil, err
	}
	v.arrangeItems()
	if err := v.planSettings(ctx); err != nil {
		return nil, err
	}
	if err := v.planNotices(ctx); err != nil {
		return nil, err
	}
	return v.plan, nil
}

// survey is both sides as read, what matches what, and the plan that follows.
type survey struct {
	src, dst   *site
	from, to   *census
	opts       Options
	journal    *Journal
	plan       *Plan
	firstItem  int               // where the steps of items begin, one for each of from.items in their order
	users      map[string]string // folded source name to target name
	roles      map[string]string // custom role ids
	groups     map[string]string
	folders    map[string]string
	items      map[string]string
	places     map[string]string  // source folder to the key of its copy, see folderKey
	demoted    map[string]bool    // folded source names of members whose role the plan lowers
	untouched  map[string]bool    // folded target names of accounts that keep their profile
	skipped    map[string]bool    // source items that are not copied
	kept       map[string]bool    // source items and groups for which something that was on the target is used
	theirs     map[string]bool    // source items and groups whose copy another tool made
	absent     map[objectKey]bool // members (folded) and groups that are not selected and not on the target either
	targetBy   map[string]*censusUser
	relations  [][]relation        // by source item
	related    [][]relation        // of its copy; nil: not read
	groupsOf   map[string][]string // source item to source groups
	groupsThen map[string][]string // target item to target groups
	adminRoles map[string]bool     // source custom roles with administrative privileges
	scanner    *scanner
	idle       []string // selectors that picked nothing
	unread     []string // items that could not be searched for references
}

func takeSurvey(ctx context.Context, source, target *gis.Portal, opts Options, j *Journal, m *Meter) (*survey, error) {
	if m == nil {
		m = &Meter{}
	}
	if err := opts.Check(); err != nil {
		return nil, err
	}
	sel, err := newSelection(&opts)
	if err != nil {
		return nil, err
	}
	m.begin("read both portals", 0, 0)
	src, err := openSite(ctx, source, "source")
	if err != nil {
		return nil, err
	}
	dst, err := openSite(ctx, target, "target")
	if err != nil {
		return nil, err
	}
	if src.side.Key == dst.side.Key {
		return nil, fmt.Errorf("source and target are the same portal: %s", src.side.Address)
	}
	v := newSurvey(src, dst, opts, j)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { v.from, err = take(gctx, src, dst.side.Key, sel.tags(), m); return err })
	g.Go(func() (err error) { v.to, err = take(gctx, dst, src.side.Key, false, m); return err })
	g.Go(func() error { return sel.search(gctx, src) })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, u := range v.to.users {
		v.targetBy[fold(u.Username)] = u
	}
	index(v.groupsOf, v.from)
	index(v.groupsThen, v.to)
	v.releaseGroups()
	if err := v.checkMaps(); err != nil {
		return nil, err
	}
	v.makeRoom()
	v.planRoles()
	v.planUsers()
	v.planGroups()
	v.planFolders()
	v.planItems()
	if err := v.choose(ctx, sel, m); err != nil {
		return nil, err
	}
	if err := v.readRelations(ctx, m); err != nil {
		return nil, err
	}
	v.planRelations()
	v.planShares()
	return v, nil
}

func newSurvey(src, dst *site, opts Options, j *Journal) *survey {
	return &survey{
		src: src, dst: dst, opts: opts, journal: j,
		users: map[string]string{}, roles: map[string]string{}, groups: map[string]string{}, folders: map[string]string{}, items: map[string]string{},
		places: map[string]string{}, demoted: map[string]bool{}, untouched: map[string]bool{}, skipped: map[string]bool{}, kept: map[string]bool{}, theirs: map[string]bool{},
		absent: map[objectKey]bool{}, targetBy: map[string]*censusUser{},
		groupsOf: map[string][]string{}, groupsThen: map[string][]string{}, adminRoles: map[string]bool{},
		plan: &Plan{Header: Header{
			Format: PlanFormat, Source: src.side, Target: dst.side, Options: opts,
			Users: map[string]string{}, Groups: map[string]string{}, Items: map[string]string{},
		}},
	}
}

// checkMaps makes sure that what the map files name is there.
func (v *survey) checkMaps() error {
	var errs []error
	has := func(flag, name, kind string, there bool, where string) {
		if !there {
			errs = append(errs, fmt.Errorf("%s: there is no %s %s on the %s", flag, kind, name, where))
		}
	}
	members := map[string]bool{}
	for _, u := range v.from.users {
		members[fold(u.Username)] = true
	}
	for _, from := range slices.Sorted(maps.Keys(v.opts.MapUsers)) {
		to := v.opts.MapUsers[from]
		has("--map-users", from, "member", members[fold(from)], "source")
		has("--map-users", to, "account", v.targetBy[fold(to)] != nil, "target")
	}
	for _, from := range slices.Sorted(maps.Keys(v.opts.MapGroups)) {
		to := v.opts.MapGroups[from]
		has("--map-groups", from, "group", v.from.group(from) != nil, "source")
		has("--map-groups", to, "group", v.to.group(to) != nil, "target")
	}
	for _, from := range slices.Sorted(maps.Keys(v.opts.MapItems)) {
		to := v.opts.MapItems[from]
		s, t := v.from.item(from), v.to.item(to)
		has("--map-items", from, "item", s != nil, "source")
		has("--map-items", to, "item", t != nil, "target")
		if s != nil && t != nil && s.Type != t.Type {
			errs = append(errs, fmt.Errorf("--map-items: %s is a %s on the source, and %s a %s on the target; map items of one type", from, s.Type, to, t.Type))
		}
	}
	if to := v.opts.ReassignTo; to != "" {
		has("--reassign-to", to, "account", v.targetBy[fold(to)] != nil, "target")
	}
	return errors.Join(errs...)
}

// index notes for each item the groups that it is shared with.
func index(into map[string][]string, c *census) {
	for _, g := range c.groups {
		for _, id := range g.items {
			into[string(id)] = append(into[string(id)], string(g.group.ID))
		}
	}
	for _, list := range into {
		slices.Sort(list)
	}
}

// makeRoom makes the list of steps as long as it will mostly be: a list that grows is copied, and
// both lists are there at that moment.
func (v *survey) makeRoom() {
	c := v.from
	n := len(c.roles) + len(c.users) + len(c.groups) + len(c.folders) + len(c.items)
	for _, it := range c.items {
		if it.Access != string(gis.AccessPrivate) || len(v.groupsOf[it.ID]) > 0 {
			n++ // its sharing
		}
	}
	v.plan.Steps = slices.Grow(v.plan.Steps, n+len(c.items)/8) // some have relationships
}

func (v *survey) step(s Step) { v.plan.Steps = append(v.plan.Steps, s) }

// made returns the target of an object that this run or an earlier one completed.
func (v *survey) made(k Kind, source string) string {
	if v.journal == nil {
		return ""
	}
	t, _ := v.journal.made(k, source)
	return t
}

// incomplete is why a step creates an object that is there.
const incomplete = "an earlier run left it incomplete"

// began reports whether an earlier run began the object and did not complete it.
func (v *survey) began(k Kind, source string) bool {
	if v.journal == nil {
		return false
	}
	_, ok := v.journal.begun(k, source)
	return ok
}

// leftBehind returns the target of an object that an earlier run did not complete.
func (v *survey) leftBehind(k Kind, source string) string {
	if v.journal == nil {
		return ""
	}
	r, _ := v.journal.begun(k, source)
	return r.Target
}

// describe names an item in a message.
func describe(title, id string) string {
	if strings.TrimSpace(title) == "" {
		return id
	}
	return fmt.Sprintf("%q (%s)", title, id)
}
