package clone

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
)

// journalState is what the lines of a journal amount to.
type journalState struct {
	header   *Header
	before   *Inventory
	accounts map[string]bool      // those of before, folded; filled when first asked for
	objects  map[objectKey]record // the latest line about each object
	earlier  map[objectKey]record // the same of finished runs
	started  bool
	finished bool
	// passwords is the file that the unfinished run keeps first passwords in.
	passwords string
}

type objectKey struct {
	kind   Kind
	source string
}

// record is what the latest line about an object leaves in memory; large portals have very
// many.
type record struct {
	Event  Event
	Action Action
	Target string
	// Cleared: what stood in the place of the object is gone, and what is there now is ours.
	Cleared bool
	// Made: the object was complete once, and what came later only changes it.
	Made   bool
	Sealed int64 // when the sealed object was last changed on the target, in milliseconds; 0: not sealed
}

// newRecord keeps e with constants in place of the strings that were read.
func newRecord(e Entry) record {
	r := record{Target: e.Target}
	for _, ev := range []Event{EventIntent, EventCleared, EventDone, EventFailed} {
		if ev == e.Event {
			r.Event = ev
		}
	}
	for _, a := range []Action{Create, Match, Update, Replace} {
		if a == e.Action {
			r.Action = a
		}
	}
	return r
}

func newKey(k Kind, source string) objectKey {
	for _, known := range kinds {
		if known == k {
			k = known
		}
	}
	return objectKey{k, source}
}

func newJournalState() *journalState {
	return &journalState{objects: map[objectKey]record{}, earlier: map[objectKey]record{}}
}

func (s *journalState) apply(e Entry) {
	switch e.Event {
	case EventStart:
		s.header, s.started, s.finished = e.Header, true, false
		s.passwords = cmp.Or(e.Passwords, s.passwords)
		if s.before == nil {
			s.before = e.Before
		}
	case EventFinished:
		s.finished = true
	case EventIntent, EventCleared, EventDone, EventFailed:
		s.record(e)
	case EventSealed:
		key := newKey(e.Kind, e.Source)
		if old, ok := s.objects[key]; ok {
			old.Sealed = sealedAt(e.State)
			s.objects[key] = old
		}
	case EventUndone:
		delete(s.objects, newKey(e.Kind, e.Source))
		delete(s.earlier, newKey(e.Kind, e.Source))
	}
}

// record keeps e as the latest line about its object. A failure keeps what an earlier line
// said of the target.
func (s *journalState) record(e Entry) {
	key := newKey(e.Kind, e.Source)
	r := newRecord(e)
	old, ok := s.objects[key]
	if !ok {
		old = s.earlier[key]
	}
	if e.Event == EventFailed {
		r.Target, r.Action = cmp.Or(r.Target, old.Target), cmp.Or(r.Action, old.Action)
	}
	r.Cleared = e.Event == EventCleared || (old.Cleared && old.Event != EventDone)
	r.Made = e.Event == EventDone || (old.Made && r.changesInPlace(e.Kind) && r.Target == old.Target)
	s.objects[key] = r
}

// changesInPlace reports whether the step changes what is there and makes nothing.
func (r record) changesInPlace(k Kind) bool {
	return r.Action == Match || r.Action == Update || (r.Action == Replace && (k == KindItem || k == KindRole))
}

// close ends what was read of a finished run: its objects are known, nothing of it goes on.
func (s *journalState) close() {
	maps.Copy(s.earlier, s.objects)
	clear(s.objects)
	s.header, s.started, s.finished, s.passwords = nil, false, false, ""
}

// Header is the plan header of the latest run, nil for an empty journal.
func (j *Journal) Header() *Header { return j.state.header }

// Before lists what was on the target before the first run, nil for an empty journal.
func (j *Journal) Before() *Inventory { return j.state.before }

// Finished reports whether the latest run reached its end.
func (j *Journal) Finished() bool { return j.state.finished }

// open reports whether a plan may be carried out with this journal: nothing was recorded in it,
// or the plan's own run was cut off.
func (j *Journal) open(p *Plan) error {
	switch h := j.state.header; {
	case !j.state.started:
		return nil
	case j.state.finished:
		return fmt.Errorf("journal %s is that of a finished run; archive it first", j.path)
	case h == nil || !bytes.Equal(mustJSON(h), mustJSON(p.Header)):
		return fmt.Errorf("%w; its journal is %s", ErrOtherPlan, j.path)
	}
	return nil
}

// passwordPath is the password file of the run that is going on; empty: it has none.
func (j *Journal) passwordPath() string { return j.state.passwords }

// made returns the target of an object that this run or an earlier one completed.
func (j *Journal) made(k Kind, source string) (string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := objectKey{k, source}
	for _, m := range []map[objectKey]record{j.state.objects, j.state.earlier} {
		if e, ok := m[key]; ok && e.Made && e.Target != "" {
			return e.Target, true
		}
	}
	return "", false
}

// unfinished reports whether a run began to change an object that was complete and did not come
// to the end: it must be gone over again, whatever its marker says.
func (j *Journal) unfinished(k Kind, source string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := objectKey{k, source}
	e, ok := j.state.objects[key]
	if !ok {
		e = j.state.earlier[key]
	}
	return e.Event != "" && e.Event != EventDone && e.changesInPlace(k)
}

// last returns the latest line of this run about an object.
func (j *Journal) last(k Kind, source string) (record, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.state.objects[objectKey{k, source}]
	return e, ok
}

// begun returns the latest line about an object that this run or an earlier one began to make
// and did not complete: what is on the target under its name is ours to complete. What was there
// before, to be changed or to give way, is not.
func (j *Journal) begun(k Kind, source string) (record, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := objectKey{k, source}
	e, ok := j.state.objects[key]
	if !ok {
		e, ok = j.state.earlier[key]
	}
	if !ok || e.Event == EventDone || (e.Action != Create && e.Action != "" && !e.Cleared) {
		return record{}, false
	}
	return e, true
}

// wasThere reports whether an account was on the target before the first run; ok is false
// where no run recorded that.
func (j *Journal) wasThere(username string) (there, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.state.before == nil {
		return false, false
	}
	if j.state.accounts == nil {
		j.state.accounts = map[string]bool{}
		for _, n := range j.state.before.Users {
			j.state.accounts[fold(n)] = true
		}
	}
	return j.state.accounts[fold(username)], true
}

// Mapping returns source to target for the objects of a kind that are complete.
func (j *Journal) Mapping(k Kind) map[string]string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := map[string]string{}
	for _, m := range []map[objectKey]record{j.state.earlier, j.state.objects} {
		for key, e := range m {
			if key.kind == k && e.Made && e.Target != "" {
				out[key.source] = e.Target
			}
		}
	}
	return out
}
