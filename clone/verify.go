package clone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Verify reads both sides again and compares everything that testdata/compared.tsv lists. It
// returns a report whose Differences name object, field and both values; it writes nothing.
//
// With a journal the copies are those that it names, and opts are those of its run. Without
// one (j nil) they are found by their markers, and accounts that are on the target count as
// there before; members and groups that cannot be placed so are listed as Unmatched.
//
// Beyond the comparison the copies are looked through for what is left of the source, and for
// references to objects that the target does not have.
func Verify(ctx context.Context, source, target *gis.Portal, opts Options, j *Journal, m *Meter) (*Report, error) {
	return verify(ctx, source, target, opts, j, m, false)
}

// verify is Verify; quick leaves out the data of items that an earlier run copied and that
// neither side's listing shows a change of.
func verify(ctx context.Context, source, target *gis.Portal, opts Options, j *Journal, m *Meter, quick bool) (*Report, error) {
	if m == nil {
		m = &Meter{}
	}
	rep, started := &Report{}, clock.System{}.Now()
	if j != nil && j.Header() != nil {
		opts = j.Header().Options
	}
	v, err := takeSurvey(ctx, source, target, opts, j, m)
	if err != nil {
		return rep, err
	}
	rep.Header = v.plan.Header
	c := &comparison{v: v, m: m, rep: rep, texts: newBudget(textBudget), quick: quick && j != nil}
	if c.planned, err = plannedNames(j); err != nil {
		return rep, err
	}
	clients, err := readClients(ctx, v.src, v.dst, v.plan.Steps, func(s Step) string { return v.users[fold(s.Owner)] })
	if err != nil {
		return rep, err
	}
	if c.rw, err = v.rewriter(clients, v.lacking()); err != nil {
		return rep, err
	}
	if err := c.openScans(); err != nil {
		return rep, err
	}
	v.count(rep)
	err = c.run(ctx)
	c.tell()
	rep.Unresolved, rep.ByReference = c.refs.unresolved, c.refs.byReference
	rep.finish()
	if j == nil {
		rep.Notes = slices.Insert(rep.Notes, 0, "no journal was found: copies were recognized by their markers")
	}
	rep.Result.Bytes = m.moved.Load()
	return completed(rep, source, target, started), err
}

// count tells how many objects have a copy, and which accounts are not compared.
func (v *survey) count(rep *Report) {
	for _, s := range v.plan.Steps {
		c := rep.Result.Of(s.Kind)
		if s.Action == Skip {
			c.Skipped++
			continue
		}
		c.Planned++
		if s.Action == Match {
			c.Matched++
		}
	}
	if kept := slices.Sorted(maps.Keys(v.untouched)); len(kept) > 0 {
		rep.note(fmt.Sprintf("accounts that were on the target before keep their own profile and are not compared: %s", strings.Join(kept, ", ")))
	}
}

// comparison is one verification.
type comparison struct {
	v     *survey
	m     *Meter
	rep   *Report
	rw    *remap.Rewriter
	texts *budget
	refs  references
	quick bool

	planned        map[objectKey]string // names that the plan of the run gave, "" for none
	stayed, unread atomic.Int64         // objects that are used as they were; items compared by their listings alone
	scans          scans
}

// tell notes what was not compared.
func (c *comparison) tell() {
	if n := c.stayed.Load(); n > 0 {
		c.rep.note(fmt.Sprintf("%d objects of the target that were there before are used as they are and not compared", n))
	}
	if n := c.unread.Load(); n > 0 {
		c.rep.note(fmt.Sprintf("%d items that did not change since an earlier run were compared by their listings; rhumb clone verify reads them whole", n))
	}
}

// plannedNames reads the names that the plan beside the journal gave to objects whose own was
// taken.
func plannedNames(j *Journal) (map[objectKey]string, error) {
	if j == nil {
		return nil, nil
	}
	f, err := os.Open(planPath(j.Path()))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	defer f.Close()
	plan, err := ReadPlan(f)
	if err != nil {
		return nil, err
	}
	out := map[objectKey]string{}
	for _, s := range plan.Steps {
		if s.Kind == KindItem || s.Kind == KindGroup {
			out[objectKey{s.Kind, s.Source}] = s.Rename
		}
	}
	return out, nil
}

func (c *comparison) run(ctx context.Context) error {
	if err := c.compareRoles(); err != nil {
		return err
	}
	steps := []struct {
		name string
		kind Kind
		do   func(context.Context, Step) error
	}{
		{"compare members", KindUser, c.compareMember},
		{"compare groups", KindGroup, c.compareGroup},
		{"compare items", KindItem, c.compareItem},
	}
	for _, p := range steps {
		if err := c.each(ctx, p.name, p.kind, p.do); err != nil {
			return err
		}
	}
	c.compareFolders()
	c.compareShares()
	if err := c.compareSettings(ctx); err != nil {
		return err
	}
	if err := c.compareRelations(ctx); err != nil {
		return err
	}
	return c.resolveReferences(ctx)
}

// compareSettings compares the settings of the organization, where they were copied.
func (c *comparison) compareSettings(ctx context.Context) error {
	if !c.v.opts.OrgSettings {
		return nil
	}
	for _, side := range []*site{c.v.src, c.v.dst} { // what was read of them before the run is old
		self, err := side.Refresh(ctx)
		if err != nil {
			return fmt.Errorf("compare settings: %w", err)
		}
		side.self = self
	}
	facts, err := c.v.settingFacts(ctx, c.rw)
	if err != nil {
		return fmt.Errorf("compare settings: %w", err)
	}
	for _, f := range facts {
		if f.left == "" && len(f.lacks) == 0 {
			c.compare(Step{Kind: KindSetting, Source: f.name, Target: f.name, Title: f.name}, "value", f.want, f.got)
		}
	}
	return nil
}

// each compares the objects of a kind, several at a time. What cannot be read is not proved: it
// is a difference, and the others are still compared. Only a portal that no longer answers ends
// the verification.
func (c *comparison) each(ctx context.Context, phase string, kind Kind, do func(context.Context, Step) error) error {
	var todo []Step
	var bytes int64
	for _, s := range c.v.plan.Steps {
		if s.Kind == kind && s.Action != Skip {
			todo, bytes = append(todo, s), bytes+s.Size
		}
	}
	c.m.begin(phase, len(todo), bytes)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, s := range todo {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if !s.begun() {
				c.missing(s)
				return nil
			}
			if err := do(ctx, s); err != nil {
				if ctx.Err() != nil || errors.Is(err, gis.ErrTransport) || errors.Is(err, gis.ErrToken) {
					return fmt.Errorf("compare %s %s: %w", s.Kind, describe(s.Title, s.Source), err)
				}
				c.compare(s, "(object)", "can be read on both portals", err.Error())
			}
			c.m.finish(MeterEvent{Kind: s.Kind, Source: s.Source, Target: s.Target, Title: s.Title, Action: "compared"})
			return nil
		})
	}
	return g.Wait()
}

// missing reports an object of which no copy was found.
func (c *comparison) missing(s Step) {
	got := "no copy on the target"
	if s.Action == Conflict {
		got = s.Reason
	}
	c.rep.differ(Difference{Kind: s.Kind, Source: s.Source, Title: s.Title, Field: "(object)", Want: "a copy", Got: got})
	if c.v.journal == nil && (s.Kind == KindUser || s.Kind == KindGroup) {
		c.rep.cannotPlace(Unmatched{Kind: s.Kind, Source: s.Source, Title: s.Title, Reason: got})
	}
}

// compareFacts compares the properties of one object.
func compareFacts[T any](c *comparison, s Step, facts []fact[T], src, dst T) {
	for _, f := range facts {
		want, got := f.read(src), f.read(dst)
		if f.want != nil {
			want = f.want(c, want)
		}
		c.compare(s, f.name, want, got)
	}
}

func (c *comparison) compare(s Step, field, want, got string) {
	if want != got {
		c.rep.differ(Difference{Kind: s.Kind, Source: s.Source, Target: s.Target, Title: s.Title, Field: field, Want: want, Got: got})
	}
}

func (c *comparison) rewriteString(s string) string {
	out, _ := c.rw.String(s)
	return out
}

func (c *comparison) rewriteJSON(s string) string {
	if s == "" {
		return ""
	}
	out, _, err := c.rw.JSON([]byte(s))
	if err != nil {
		return s
	}
	return canonicalJSON(out)
}

func (c *comparison) wantRole(id string) string {
	if t := c.v.roles[id]; t != "" {
		return t
	}
	return id
}

func (c *comparison) compareRoles() error {
	there := map[string]*gis.Role{}
	for _, r := range c.v.to.roles {
		there[string(r.ID)] = r
	}
	for _, s := range c.v.plan.Steps {
		if s.Kind != KindRole || s.Action == Skip || c.v.stays(s.Source) {
			continue
		}
		i := slices.IndexFunc(c.v.from.roles, func(r *gis.Role) bool { return string(r.ID) == s.Source })
		if there[s.Target] == nil {
			c.missing(s)
			continue
		}
		src, dst := c.v.from.roles[i], there[s.Target]
		c.compare(s, "name", c.renamed(s, src.Name, dst.Name, numbered), dst.Name)
		compareFacts(c, s, slices.DeleteFunc(slices.Clone(roleFacts), func(f fact[*gis.Role]) bool { return f.name == "name" }), src, dst)
	}
	return nil
}
