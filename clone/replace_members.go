package clone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// clearUser gives what an account owns to the heir that the plan names and deletes it, so that
// the copy can take its place. The journal knows each stage: the intent before anything is
// touched, and that the place is clear before anything new stands there. A run that goes on
// between the two deletes what it finds; after them it deletes nothing.
func (a *applier) clearUser(ctx context.Context, s Step, name string) error {
	if e, begun := a.j.begun(KindUser, s.Source); begun && e.Cleared {
		return nil
	}
	opts := a.plan.Header.Options
	if err := mayReplaceUser(name, opts, a.dst); err != nil {
		return err
	}
	if err := a.j.Append(Entry{Event: EventIntent, Kind: KindUser, Source: s.Source, Target: name, Owner: opts.ReassignTo, Action: Replace}); err != nil {
		return err
	}
	old, err := a.dst.Users.Get(ctx, name)
	if err == nil {
		err = a.removeUser(ctx, old, opts.ReassignTo)
	}
	if err != nil && !errors.Is(err, gis.ErrNotFound) {
		return fmt.Errorf("replace the account on the target: %w", err)
	}
	return a.j.Append(Entry{Event: EventCleared, Kind: KindUser, Source: s.Source, Target: name, Action: Replace})
}

// removeUser hands everything over and deletes the account. A deletion whose answer was lost is
// looked up, not repeated.
func (a *applier) removeUser(ctx context.Context, old *gis.User, heir string) error {
	if err := old.ReassignTo(ctx, heir); err != nil {
		return fmt.Errorf("give what it owns to %s: %w", heir, err)
	}
	err := old.Delete(ctx)
	if err == nil || !gis.Ambiguous(err) {
		return err
	}
	if _, gerr := a.dst.Users.Get(ctx, old.Username); errors.Is(gerr, gis.ErrNotFound) {
		return nil
	}
	return err
}

// rejoin settles the members of the groups that were matched and that a replaced account
// belongs to: the account that was deleted took its memberships along.
func (a *applier) rejoin(ctx context.Context) error {
	replaced := map[string]bool{}
	for _, s := range a.plan.Steps {
		if s.Kind == KindUser && s.Action == Replace && a.users.get(s.Source) != "" {
			replaced[fold(s.Source)] = true
		}
	}
	if len(replaced) == 0 {
		return nil
	}
	work, cancel := inFlight(ctx)
	defer cancel()
	var g errgroup.Group
	g.SetLimit(writers)
	for _, s := range a.plan.Steps {
		if s.Kind != KindGroup || s.Action != Match || ctx.Err() != nil {
			continue
		}
		g.Go(func() error {
			if err := a.rejoinGroup(work, s, replaced); err != nil && ctx.Err() == nil {
				return a.failLate(Failure{Kind: KindGroup, Source: s.Source, Title: s.Title, Error: "settle its members: " + err.Error()}, s.Action)
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

// rejoinGroup adds the replaced accounts that belong to a group, and gives back a copy whose
// owner was replaced: it went to the heir with all else.
func (a *applier) rejoinGroup(ctx context.Context, s Step, replaced map[string]bool) error {
	members, err := a.src.Groups.Handle(esri.GroupID(s.Source)).Members(ctx)
	if err != nil {
		return err
	}
	var add, admins []string
	for _, n := range slices.Concat(members.Admins, members.Users, []string{members.Owner}) {
		if replaced[fold(n)] && !slices.Contains(add, a.users.get(n)) {
			add = append(add, a.users.get(n))
		}
	}
	if len(add) == 0 {
		return nil
	}
	g, err := a.dst.Groups.Get(ctx, esri.GroupID(s.Target))
	if err != nil {
		return err
	}
	if refused, err := refusals(g.AddUsers(ctx, add...)); err != nil || len(refused) > 0 {
		return cmp.Or(err, outcomeOfMembers{refused: refused}.err())
	}
	_, ours := readMarker(g.Properties)
	if replaced[fold(members.Owner)] && ours && strings.EqualFold(g.Owner, a.plan.Header.Options.ReassignTo) {
		if err := g.ReassignTo(ctx, a.users.get(members.Owner)); err != nil {
			return fmt.Errorf("hand over to %s: %w", members.Owner, err)
		}
	}
	for _, n := range members.Admins {
		if replaced[fold(n)] && !strings.EqualFold(n, members.Owner) {
			admins = append(admins, a.users.get(n))
		}
	}
	if len(admins) == 0 {
		return nil
	}
	return g.SetRole(ctx, gis.MemberAdmin, admins...)
}
