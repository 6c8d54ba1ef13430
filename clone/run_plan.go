package clone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

// ErrOtherPlan is what ApplyPlan returns while an unfinished run has another plan.
var ErrOtherPlan = errors.New("an unfinished run was begun with another plan")

// ApplyPlan applies a plan that was written before, and keeps it beside the journal as Run
// does: cut off, it goes on when it is called again with the same plan. Of opts only what a plan
// file cannot decide counts: the journal, Restart, Confirm, and AllowAdmins, which must be given
// again for a plan that makes administrators.
func ApplyPlan(ctx context.Context, source, target *gis.Portal, plan *Plan, opts RunOptions, m *Meter) (*Report, error) {
	if m == nil {
		m = &Meter{}
	}
	rep, started := &Report{Header: plan.Header}, clock.System{}.Now()
	if open := plan.Conflicts(); len(open) > 0 {
		return completed(rep, source, target, started), &ConflictError{Steps: open}
	}
	if plan.Header.Options.AllowAdmins && !opts.AllowAdmins {
		return rep, errors.New("the plan lets members keep administrative roles; say so again with --allow-admins, or plan anew without it")
	}
	path := opts.Journal
	if path == "" {
		var err error
		if path, err = DefaultJournal(ctx, source, target); err != nil {
			return rep, err
		}
	}
	j, err := openRun(path, opts.Restart)
	if err != nil {
		return rep, err
	}
	defer j.Close()
	if !j.state.started || j.Finished() {
		if err := opts.confirmed(plan); err != nil {
			return rep, err
		}
	}
	if err := keepPlan(j, plan); err != nil {
		return rep, err
	}
	rep, err = Apply(ctx, source, target, plan, opts.applyOptions(), j, m)
	rep.Header = plan.Header
	return completed(rep, source, target, started), err
}

// keepPlan saves the plan beside the journal; that of an unfinished run must be the same.
func keepPlan(j *Journal, plan *Plan) error {
	if !j.state.started || j.Finished() {
		return savePlan(planPath(j.Path()), plan)
	}
	was, err := os.ReadFile(planPath(j.Path()))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("plan of the unfinished run: %w", err)
	}
	var now bytes.Buffer
	if err := plan.Write(&now); err != nil {
		return err
	}
	if !bytes.Equal(was, now.Bytes()) {
		return fmt.Errorf("%w; apply that one, which lies at %s, or begin anew with --restart", ErrOtherPlan, planPath(j.Path()))
	}
	return nil
}
