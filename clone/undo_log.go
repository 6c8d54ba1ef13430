package clone

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// undoLog is what a journal says of the objects that its run touched.
type undoLog struct {
	objects map[objectKey]*logged
	runs    map[string]bool // ids of the run and of those that went on with it
	before  map[string]bool // accounts (folded) and groups that were on the target before the first run
	titles  map[objectKey]string
	undone  map[objectKey]bool // what an undo that was cut off has removed already
}

// logged is what the lines about one object amount to.
type logged struct {
	source, target string
	owner          string
	action         Action
	intended       bool // it was about to be made, so it was not there
	complete       bool
	undoing        bool   // an undo that was cut off may have lifted its protection
	hash           string // of the data as written
	resources      string // namesHash of the resources as written, "-" for none
	sealed         state
}

func newUndoLog() *undoLog {
	return &undoLog{objects: map[objectKey]*logged{}, runs: map[string]bool{}, before: map[string]bool{}, titles: map[objectKey]string{}, undone: map[objectKey]bool{}}
}

// readUndoLog reads the whole journal file again, since memory does not keep states.
func readUndoLog(j *Journal) (*undoLog, error) {
	l := newUndoLog()
	if err := eachLine(j.Path(), l.apply); err != nil {
		return nil, err
	}
	if b := j.Before(); b != nil {
		for _, u := range b.Users {
			l.before[goingKey(KindUser, u)] = true
		}
		for _, g := range b.Groups {
			l.before[goingKey(KindGroup, g)] = true
		}
	}
	return l, l.readTitles(planPath(j.Path()))
}

// readTitles takes names from the plan that lies beside the journal, where it does.
func (l *undoLog) readTitles(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	defer f.Close()
	plan, err := ReadPlan(f)
	if err != nil {
		return nil // of another version: titles are a comfort
	}
	for _, s := range plan.Steps {
		if l.objects[objectKey{s.Kind, s.Source}] != nil {
			l.titles[objectKey{s.Kind, s.Source}] = s.Title
		}
	}
	return nil
}

func (l *undoLog) apply(e Entry) {
	if e.Kind == "" || e.Source == "" {
		return
	}
	key := newKey(e.Kind, e.Source)
	o := l.objects[key]
	if o == nil && e.Event != EventUndone && e.Event != EventSealed {
		o = &logged{source: e.Source}
		l.objects[key] = o
	}
	switch e.Event {
	case EventUndone:
		delete(l.objects, key)
		l.undone[key] = true
		return
	case EventUndoing:
		o.undoing = true
		return
	case EventSealed:
		if o != nil {
			o.sealed = parseState(e.State)
		}
		return
	case EventDone:
		o.complete, o.hash, o.resources = true, e.Hash, e.Resources
		o.action = strongest(o.action, e.Action)
	case EventIntent, EventCleared:
		o.complete, o.intended = false, true
		o.action = strongest(o.action, e.Action)
	case EventFailed:
		o.complete = false
	}
	o.sealed = nil
	l.runs[e.Run] = true
	if e.Target != "" {
		o.target = e.Target
	}
	if e.Owner != "" {
		o.owner = e.Owner
	}
}

// touched names what was changed of an object since it was sealed.
func (o *logged) touched(now state) []string {
	t := o.sealed.touched(now)
	if o.undoing {
		t = slices.DeleteFunc(t, func(name string) bool { return name == "protection" })
	}
	return t
}

// strongest keeps the action that forbids most: an object that was replaced or updated at any
// time was there before.
func strongest(a, b Action) Action {
	for _, s := range []Action{Replace, Update, Match, Create} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}
