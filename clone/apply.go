package clone

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// writers is how many objects are copied at a time; the target's pacer lowers it where the
// host is slow.
const writers = 8

// ErrConflicts is what Apply returns for a plan with open conflicts. Nothing is written.
var ErrConflicts = errors.New("the plan has open conflicts")

// ApplyOptions are choices that a plan file cannot make.
type ApplyOptions struct {
	// AllowAdmins lets members keep administrative roles. Without it no account with
	// administrative privileges is made, whatever the plan says.
	AllowAdmins bool
	// PasswordsOut is the file that the first passwords of new accounts are written to, each
	// before its account is made: CSV, mode 0600. It must not be there, unless the run that made
	// it goes on. Without it the passwords are known to nobody.
	PasswordsOut string

	fresh bool // the plan was made a moment ago: the target is as it found it
	open  bool // the caller goes on with the run and notes its end
}

// applier carries out one plan.
type applier struct {
	src, dst *site
	plan     *Plan
	opts     ApplyOptions
	j        *Journal
	m        *Meter
	rep      *Report
	rw       *remap.Rewriter

	users, roles, groups, folders, items *table
	fresh                                *table           // items whose id this process drew: nothing can be there under it
	safe                                 *table           // roles of the target that were found to hold no administrative privilege
	steps                                map[string]*Step // item steps by source id
	all                                  map[objectKey]*Step
	failed                               map[objectKey]bool // what this run has reported
	lacking                              map[string]lack    // planned items and groups without a copy to refer to, by source id
	texts                                *budget
	types                                userTypes
	levels                               shareLevels
	passwords                            *passwordFile // nil: nobody learns the first passwords
	clients                              *table        // client ids of registered apps
	apps                                 *table        // client ids on the target, by source item
	unregistered                         *table        // why an app could not be registered, by source item
	stored                               stored
}

// Apply executes plan, recording each step in j before and after it runs.
//
// Calling Apply again with the same journal goes on where the last run stopped: finished
// objects are skipped, one that was being made is looked up on the target before it is made
// again. Cancelling ctx stops after the objects in flight; nothing is rolled back.
//
// A failed object does not stop those that do not need it; what needs it is reported as
// blocked. The report is returned even when err is not nil.
func Apply(ctx context.Context, source, target *gis.Portal, plan *Plan, opts ApplyOptions, j *Journal, m *Meter) (*Report, error) {
	if m == nil {
		m = &Meter{}
	}
	rep := &Report{}
	if open := plan.Conflicts(); len(open) > 0 {
		return rep, fmt.Errorf("%w: %d", ErrConflicts, len(open))
	}
	if err := checkNeeds(plan); err != nil {
		return rep, err
	}
	if err := j.open(plan); err != nil {
		return rep, err
	}
	a, err := newApplier(ctx, source, target, plan, opts, j, m, rep)
	if err != nil {
		return rep, err
	}
	if err := checkRules(plan, a.dst); err != nil {
		return rep, err
	}
	if !opts.fresh {
		if err := a.checkDrift(ctx); err != nil {
			return rep, err
		}
	}
	if err := a.begin(ctx); err != nil {
		return rep, fmt.Errorf("begin: %w", err)
	}
	defer a.passwords.close()
	a.noteWhatStays()
	before := m.moved.Load()
	err = a.phases(ctx)
	if err == nil {
		err = a.seal(ctx)
	}
	rep.Result.Bytes = m.moved.Load() - before
	rep.finish()
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("stopped; journal %s holds what is done, and the same command goes on from there: %w", j.Path(), err)
	}
	if err != nil || opts.open {
		return rep, err
	}
	return rep, j.Append(Entry{Event: EventFinished})
}

func newApplier(ctx context.Context, source, target *gis.Portal, plan *Plan, opts ApplyOptions, j *Journal, m *Meter, rep *Report) (*applier, error) {
	src, err := openSite(ctx, source, "source")
	if err != nil {
		return nil, err
	}
	dst, err := openSite(ctx, target, "target")
	if err != nil {
		return nil, err
	}
	if plan.Header.Source.Key != src.side.Key || plan.Header.Target.Key != dst.side.Key {
		return nil, fmt.Errorf("the plan is for %s to %s, not for %s to %s",
			plan.Header.Source.Address, plan.Header.Target.Address, src.side.Address, dst.side.Address)
	}
	a := &applier{
		src: src, dst: dst, plan: plan, opts: opts, j: j, m: m, rep: rep,
		users: newTable(fold), roles: newTable(nil), groups: newTable(nil), folders: newTable(nil), items: newTable(nil), fresh: newTable(nil),
		safe: newTable(nil), steps: map[string]*Step{}, all: map[objectKey]*Step{}, failed: map[objectKey]bool{}, levels: shareLevels{level: map[string]string{}}, texts: newBudget(textBudget),
		clients: newTable(nil), apps: newTable(nil), unregistered: newTable(nil),
	}
	a.seed()
	return a, nil
}

// seed fills the tables from what the plan matched and the journal completed.
func (a *applier) seed() {
	for s, t := range a.plan.Header.Groups {
		a.groups.set(s, t)
	}
	for s, t := range a.plan.Header.Items {
		a.items.set(s, t)
	}
	for i, s := range a.plan.Steps {
		a.all[objectKey{s.Kind, s.Source}] = &a.plan.Steps[i]
		if s.Kind == KindItem {
			a.steps[s.Source] = &a.plan.Steps[i]
		}
		t := a.table(s.Kind)
		if t == nil || s.Action == Skip {
			continue
		}
		if s.inPlace() {
			t.set(s.Source, s.Target)
		} else if e, ok := a.j.last(s.Kind, s.Source); ok && e.Event == EventDone {
			t.set(s.Source, e.Target)
		}
	}
}

// inPlace reports whether the object of the target that the step names stays what it is, with
// its id.
func (s *Step) inPlace() bool {
	return s.Action == Match || s.Action == Update || (s.Action == Replace && s.Kind == KindItem)
}

// step returns the step of an object, nil where there is none.
func (a *applier) step(k Kind, source string) *Step { return a.all[objectKey{k, source}] }

func (a *applier) table(k Kind) *table {
	switch k {
	case KindUser:
		return a.users
	case KindRole:
		return a.roles
	case KindGroup:
		return a.groups
	case KindFolder:
		return a.folders
	case KindItem:
		return a.items
	}
	return nil
}

// begin records the header and, at the first run, what is on the target.
func (a *applier) begin(ctx context.Context) error {
	path, err := a.opts.passwordPath()
	if err != nil {
		return err
	}
	resumed := path != "" && a.j.passwordPath() == path
	if _, err := os.Lstat(path); err == nil && !resumed {
		return fmt.Errorf("password file %s is there already; name one that is not, or move it away", path)
	}
	header := a.plan.Header // of its own: the journal keeps it longer than the plan
	e := Entry{Event: EventStart, Header: &header, Passwords: path}
	if a.j.Before() == nil {
		e.Before = &Inventory{Users: []string{}, Groups: []string{}}
		for u, err := range a.dst.Users.List(ctx, nil) {
			if err != nil {
				return fmt.Errorf("list members of the target: %w", err)
			}
			e.Before.Users = append(e.Before.Users, u.Username)
		}
		for g, err := range a.dst.Groups.SearchAll(ctx, "", nil) {
			if err != nil {
				return fmt.Errorf("list groups of the target: %w", err)
			}
			e.Before.Groups = append(e.Before.Groups, string(g.ID))
		}
	}
	if err := a.j.Append(e); err != nil || path == "" {
		return err
	}
	a.passwords, err = openPasswords(path, resumed)
	return err
}

func (a *applier) phases(ctx context.Context) error {
	simple := []struct {
		name string
		kind Kind
		do   func(context.Context, Step) error
	}{
		{"roles", KindRole, a.makeRole},
		{"members", KindUser, a.makeUser},
		{"groups", KindGroup, a.makeGroup},
		{"folders", KindFolder, a.makeFolder},
	}
	for _, p := range simple {
		if err := a.each(ctx, p.name, p.kind, p.do); err != nil {
			return err
		}
	}
	if err := a.rejoin(ctx); err != nil {
		return err
	}
	if err := a.reserve(ctx); err != nil {
		return err
	}
	var err error
	if a.rw, err = a.rewriter(); err != nil {
		return err
	}
	if err := a.finishGroups(ctx); err != nil {
		return err
	}
	if err := a.applySchemas(ctx); err != nil {
		return err
	}
	if err := a.copyItems(ctx); err != nil {
		return err
	}
	if err := a.share(ctx); err != nil {
		return err
	}
	if err := a.each(ctx, "relationships", KindRelationship, a.relate); err != nil {
		return err
	}
	if err := a.settleShares(ctx); err != nil {
		return err
	}
	if err := a.settleItemCategories(ctx); err != nil {
		return err
	}
	return a.applyOthers(ctx)
}

// each runs do for the steps of a kind, several at a time, and accounts for the outcome.
func (a *applier) each(ctx context.Context, phase string, kind Kind, do func(context.Context, Step) error) error {
	var todo []Step
	var bytes int64
	for _, s := range a.plan.Steps {
		if s.Kind == kind && !a.settled(s) {
			todo, bytes = append(todo, s), bytes+s.Size
		}
	}
	a.m.begin(phase, len(todo), bytes)
	work, cancel := inFlight(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, s := range todo {
		g.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			return a.outcome(ctx, s, do(work, s))
		})
	}
	return g.Wait()
}

// place returns the target owner and folder of a source item.
func (a *applier) place(item string) (owner string, folder esri.FolderID, err error) {
	s := a.steps[item]
	if s == nil {
		return "", "", blocked("the plan has no step for item " + item)
	}
	owner = a.users.get(s.Owner)
	if owner == "" {
		return "", "", blocked("its owner " + s.Owner + " has no account on the target")
	}
	if s.Folder != "" {
		folder = esri.FolderID(a.folders.get(s.Folder))
		if folder == "" {
			return "", "", blocked("its folder could not be made")
		}
	}
	return owner, folder, nil
}
