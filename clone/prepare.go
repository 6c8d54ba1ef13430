package clone

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/gis"
)

// Prepare reads both portals and returns what a clone would do. It writes nothing. j may be
// nil; where given, objects that an earlier run recorded in it are matched.
func Prepare(ctx context.Context, source, target *gis.Portal, opts Options, j *Journal, m *Meter) (*Plan, error) {
	v, err := takeSurvey(ctx, source, target, opts, j, m)
	if err != nil {
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
	users      map[string]string // folded source name to target name
	roles      map[string]string // custom role ids
	groups     map[string]string
	folders    map[string]string
	items      map[string]string
	demoted    map[string]bool // folded source names of members whose role the plan lowers
	untouched  map[string]bool // folded target names of accounts that keep their profile
	skipped    map[string]bool // source items that are not copied
	targetBy   map[string]*gis.User
	relations  [][]relation        // by source item
	related    [][]relation        // of its copy
	groupsOf   map[string][]string // source item to source groups
	groupsThen map[string][]string // target item to target groups
	adminRoles map[string]bool     // source custom roles with administrative privileges
}

func takeSurvey(ctx context.Context, source, target *gis.Portal, opts Options, j *Journal, m *Meter) (*survey, error) {
	if m == nil {
		m = &Meter{}
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
	v := &survey{
		src: src, dst: dst, opts: opts, journal: j,
		users: map[string]string{}, roles: map[string]string{}, groups: map[string]string{}, folders: map[string]string{}, items: map[string]string{},
		demoted: map[string]bool{}, untouched: map[string]bool{}, skipped: map[string]bool{}, targetBy: map[string]*gis.User{},
		groupsOf: map[string][]string{}, groupsThen: map[string][]string{}, adminRoles: map[string]bool{},
		plan: &Plan{Header: Header{Format: PlanFormat, Source: src.side, Target: dst.side, Options: opts, Users: map[string]string{}, Groups: map[string]string{}}},
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { v.from, err = take(gctx, src, dst.side.Key, m); return err })
	g.Go(func() (err error) { v.to, err = take(gctx, dst, src.side.Key, m); return err })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, u := range v.to.users {
		v.targetBy[fold(u.Username)] = u
	}
	index(v.groupsOf, v.from)
	index(v.groupsThen, v.to)
	v.planRoles()
	v.planUsers()
	v.planGroups()
	v.planFolders()
	v.planItems()
	if err := v.readRelations(ctx, m); err != nil {
		return nil, err
	}
	v.planRelations()
	v.planShares()
	return v, nil
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
