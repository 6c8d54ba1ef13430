package clone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

// UndoOptions are the choices of an undo.
type UndoOptions struct {
	// DryRun reads and lists, and removes nothing.
	DryRun bool
	// Confirm, where set, is shown the list before anything is removed; false leaves the target
	// as it is.
	Confirm func(*UndoReport) bool
}

// UndoObject is one object that a run touched, and what becomes of it.
type UndoObject struct {
	Kind   Kind   `json:"kind"`
	Source string `json:"source"`
	Target string `json:"target"`
	Title  string `json:"title,omitempty"`
	Owner  string `json:"owner,omitempty"` // on the target
	Reason string `json:"reason,omitempty"`
}

// UndoResult is the outcome of an undo in figures: the last line of --json.
type UndoResult struct {
	Type      string       `json:"type"` // always result
	DryRun    bool         `json:"dry_run,omitempty"`
	Removed   map[Kind]int `json:"removed"` // with DryRun: what would be
	Kept      int          `json:"kept"`
	NotUndone int          `json:"not_undone"`
	Gone      int          `json:"gone"` // removed by somebody else before
	Failed    int          `json:"failed"`
	Calls     int64        `json:"calls"`
	Seconds   float64      `json:"seconds"`
}

// UndoReport is what an undo removed, or would remove, and what it left.
type UndoReport struct {
	Result    UndoResult
	Remove    []UndoObject // in the order in which they go
	Removed   []UndoObject
	Kept      []UndoObject // made by the run and changed, used or filled by somebody since
	NotUndone []UndoObject // there before the run, and changed by it
	Failures  []Failure
	Notes     []string
}

// Undo removes from the target what the run that j records made there, in the order
// relationships, shares, items, groups, folders, members, roles.
//
// An object goes only while it looks like the run left it, and a folder, group or account only
// when nothing else is in it; deleting a folder would delete what others put there. What was
// there before the run is never removed: objects that the run updated or replaced are listed
// as not undone. Everything that stays is listed with the reason.
//
// Each removal is journaled, and Undo can be called again after it was cut off.
func Undo(ctx context.Context, target *gis.Portal, j *Journal, opts UndoOptions, m *Meter) (*UndoReport, error) {
	if m == nil {
		m = &Meter{}
	}
	started := clock.System{}.Now()
	rep := &UndoReport{Result: UndoResult{Type: "result", DryRun: opts.DryRun, Removed: map[Kind]int{}}}
	u, err := newUndoing(ctx, target, j, m, rep)
	if err == nil {
		err = u.decide(ctx)
	}
	m.begin("", 0, 0) // who is asked may take a while
	if err == nil && !opts.DryRun && (opts.Confirm == nil || opts.Confirm(rep)) {
		err = u.remove(ctx)
	} else if opts.DryRun {
		for _, o := range rep.Remove {
			rep.Result.Removed[o.Kind]++
		}
	}
	rep.finish()
	rep.Result.Calls = target.Pace().Requests
	rep.Result.Seconds = clock.System{}.Now().Sub(started).Seconds()
	return rep, err
}

// finish sorts and counts.
func (r *UndoReport) finish() {
	for _, list := range [][]UndoObject{r.Kept, r.NotUndone} {
		slices.SortFunc(list, func(a, b UndoObject) int {
			return cmp.Or(cmp.Compare(slices.Index(kinds[:], a.Kind), slices.Index(kinds[:], b.Kind)), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Target, b.Target))
		})
	}
	slices.SortFunc(r.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source))
	})
	r.Result.Kept, r.Result.NotUndone, r.Result.Failed = len(r.Kept), len(r.NotUndone), len(r.Failures)
}

// undoing is one undo.
type undoing struct {
	dst  *site
	j    *Journal
	m    *Meter
	rep  *UndoReport
	log  *undoLog
	seen *inhabitants

	going map[string]*undoObject // objects that will be removed, by kind and target
	order []*undoObject
}

// undoObject is one object of the journal with what is needed to remove it.
type undoObject struct {
	UndoObject
	logged    *logged
	protected bool   // and we did it
	folder    string // of an item
}

func goingKey(k Kind, target string) string {
	if k == KindUser {
		target = fold(target)
	}
	return string(k) + " " + target
}

func newUndoing(ctx context.Context, target *gis.Portal, j *Journal, m *Meter, rep *UndoReport) (*undoing, error) {
	if j.Header() == nil {
		return nil, fmt.Errorf("journal %s records no run, so there is nothing to undo; name the run's own with --journal", j.Path())
	}
	dst, err := openSite(ctx, target, "target")
	if err != nil {
		return nil, err
	}
	if was := j.Header().Target; was.Key != dst.side.Key {
		return nil, fmt.Errorf("the journal is of a clone into %s, not into %s", was.Address, dst.side.Address)
	}
	log, err := readUndoLog(j)
	if err != nil {
		return nil, err
	}
	if len(log.objects) == 0 {
		if older, err := lastThatMade(j.Path()); err == nil && older != "" {
			rep.Notes = append(rep.Notes, "the last run made nothing; the last one that did is undone with --journal "+older)
		}
	}
	return &undoing{dst: dst, j: j, m: m, rep: rep, log: log, going: map[string]*undoObject{}}, nil
}

// lastThatMade is the newest archived journal beside path of a run that made objects which were
// not undone; "" if there is none.
func lastThatMade(path string) (string, error) {
	last := ""
	for n := 1; ; n++ {
		name := archivedPath(path, n)
		log := newUndoLog()
		if err := eachLine(name, log.apply); errors.Is(err, os.ErrNotExist) {
			return last, nil
		} else if err != nil {
			return "", err
		}
		for _, o := range log.objects {
			if o.action == Create {
				last = name
				break
			}
		}
	}
}
