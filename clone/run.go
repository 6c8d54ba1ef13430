package clone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

// RunOptions are the choices of a whole clone.
type RunOptions struct {
	Options
	Journal string // path; empty: JournalPath in the user's state folder
	Restart bool   // give up an unfinished run: archive its journal and plan anew
	// PasswordsOut is as in [ApplyOptions].
	PasswordsOut string
	// Confirm, where set, is shown what a run that begins would replace on the target, before
	// anything is written; after false nothing is, and the error is ErrDeclined. A run that
	// goes on was confirmed when it began.
	Confirm func([]Step) bool
}

// ErrDeclined is what Run and ApplyPlan return when Confirm said no.
var ErrDeclined = errors.New("nothing was written, since what would be replaced was not confirmed")

// confirmed asks whether what p replaces may go.
func (o *RunOptions) confirmed(p *Plan) error {
	if steps := p.Replaced(); o.Confirm != nil && len(steps) > 0 && !o.Confirm(steps) {
		return ErrDeclined
	}
	return nil
}

func (o *RunOptions) applyOptions() ApplyOptions {
	return ApplyOptions{AllowAdmins: o.AllowAdmins, PasswordsOut: o.PasswordsOut}
}

// Run plans, applies and verifies. It keeps the plan beside the journal: a run that was cut
// off is continued with that plan by calling Run again, and other options are refused until it
// is finished or Restart is set. A finished journal is archived when the next run begins; what
// it recorded is still known.
//
// Both portals are read whole, where the Python original clones the items that it is given.
//
// py: arcgis.gis.ContentManager.clone_items
func Run(ctx context.Context, source, target *gis.Portal, opts RunOptions, m *Meter) (*Report, error) {
	if m == nil {
		m = &Meter{}
	}
	started := clock.System{}.Now()
	path := opts.Journal
	if path == "" {
		var err error
		if path, err = DefaultJournal(ctx, source, target); err != nil {
			return &Report{}, err
		}
	}
	j, err := openRun(path, opts.Restart)
	if err != nil {
		return &Report{}, err
	}
	defer j.Close()
	plan, fresh, err := planOfRun(ctx, source, target, opts, j, m)
	if err != nil {
		rep := &Report{}
		if errors.Is(err, ErrConflicts) {
			completed(rep, source, target, started)
		}
		return rep, err
	}
	if fresh {
		if err := opts.confirmed(plan); err != nil {
			return &Report{}, err
		}
	}
	choices := opts.applyOptions()
	choices.fresh, choices.open = fresh, true
	applied, err := Apply(ctx, source, target, plan, choices, j, m)
	applied.Header = plan.Header
	if err != nil {
		return completed(applied, source, target, started), err
	}
	rep, err := verify(ctx, source, target, opts.Options, j, m, true)
	rep.Notes = append(applied.Notes, rep.Notes...)
	rep.Failures = append(applied.Failures, rep.Failures...)
	found := rep.Result
	rep.Result, rep.Header = applied.Result, applied.Header // the plan is given back while the copy is verified
	rep.Result.Differences, rep.Result.Unresolved, rep.Result.ByReference = found.Differences, found.Unresolved, found.ByReference
	if err == nil { // killed before this, the same command goes on with this run and its plan
		err = j.Append(Entry{Event: EventFinished})
	}
	return completed(rep, source, target, started), err
}

// completed adds to a report what only both portals know.
func completed(r *Report, source, target *gis.Portal, started time.Time) *Report {
	r.Result.Type = "result"
	r.Result.Seconds = clock.System{}.Now().Sub(started).Seconds()
	r.Started = started
	r.Result.Calls = source.Pace().Requests + target.Pace().Requests
	return r
}

// openRun opens the journal of a run and archives one that is finished or given up.
func openRun(path string, restart bool) (*Journal, error) {
	j, err := OpenJournal(path, esri.NewID())
	if err != nil {
		return nil, err
	}
	if !j.state.started || (!j.Finished() && !restart) {
		return j, nil
	}
	archived, err := archive(path)
	if err == nil {
		err = os.Remove(planPath(path))
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	j.Close()
	if err != nil {
		return nil, fmt.Errorf("archive journal %s: %w", archived, err)
	}
	return OpenJournal(path, esri.NewID())
}

// archive renames a journal to the first free numbered name.
func archive(path string) (string, error) {
	for n := 1; ; n++ {
		to := archivedPath(path, n)
		if _, err := os.Lstat(to); errors.Is(err, os.ErrNotExist) {
			return to, os.Rename(path, to)
		} else if err != nil {
			return to, err
		}
	}
}

func archivedPath(path string, n int) string { return fmt.Sprintf("%s.%04d", path, n) }

func planPath(journal string) string { return journal + ".plan" }

// planOfRun returns the plan of an unfinished run, or makes and keeps a new one, which is fresh.
func planOfRun(ctx context.Context, source, target *gis.Portal, opts RunOptions, j *Journal, m *Meter) (plan *Plan, fresh bool, err error) {
	if j.state.started && !j.Finished() {
		f, err := os.Open(planPath(j.Path()))
		if err != nil {
			return nil, false, fmt.Errorf("the unfinished run has lost its plan; begin anew with --restart: %w", err)
		}
		defer f.Close()
		plan, err := ReadPlan(f)
		if err != nil {
			return nil, false, err
		}
		if !sameOptions(plan.Header.Options, opts.Options) {
			return nil, false, errors.New("an unfinished run was begun with other options; repeat them, or begin anew with --restart")
		}
		return plan, false, nil
	}
	plan, err = Prepare(ctx, source, target, opts.Options, j, m)
	if err != nil {
		return nil, false, err
	}
	if open := plan.Conflicts(); len(open) > 0 {
		return nil, false, &ConflictError{Steps: open}
	}
	return plan, true, savePlan(planPath(j.Path()), plan)
}

// sameOptions compares options as a plan holds them, where an empty list is no list.
func sameOptions(a, b Options) bool { return bytes.Equal(mustJSON(a), mustJSON(b)) }

// savePlan writes a plan so that it is either complete or not there.
func savePlan(path string, plan *Plan) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".plan-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("save plan: %w", err)
	}
	defer os.Remove(f.Name())
	err = plan.Write(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save plan: %w", err)
	}
	return nil
}

// ConflictError lists what must be settled before anything is written.
type ConflictError struct{ Steps []Step }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%v: %d", ErrConflicts, len(e.Steps))
}

// Is makes the error match ErrConflicts.
func (e *ConflictError) Is(target error) bool { return target == ErrConflicts }
