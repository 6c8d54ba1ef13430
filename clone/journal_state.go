package clone

import "maps"

// journalState is what the lines of a journal amount to.
type journalState struct {
	header   *Header
	before   *Inventory
	objects  map[objectKey]Entry // the latest line about each object
	earlier  map[objectKey]Entry // the same of finished runs
	started  bool
	finished bool
}

type objectKey struct {
	kind   Kind
	source string
}

func newJournalState() *journalState {
	return &journalState{objects: map[objectKey]Entry{}, earlier: map[objectKey]Entry{}}
}

func (s *journalState) apply(e Entry) {
	switch e.Event {
	case EventStart:
		s.header, s.started, s.finished = e.Header, true, false
		if s.before == nil {
			s.before = e.Before
		}
	case EventFinished:
		s.finished = true
	case EventIntent, EventDone, EventFailed:
		key := objectKey{e.Kind, e.Source}
		e.Changes = nil // kept on disk, of no use for going on
		if old, ok := s.objects[key]; ok && e.Event == EventFailed && e.Target == "" {
			e.Target = old.Target
		}
		s.objects[key] = e
	}
}

// close ends what was read of a finished run: its objects are known, nothing of it goes on.
func (s *journalState) close() {
	maps.Copy(s.earlier, s.objects)
	clear(s.objects)
	s.header, s.started, s.finished = nil, false, false
}

// Header is the plan header of the latest run, nil for an empty journal.
func (j *Journal) Header() *Header { return j.state.header }

// Before lists what was on the target before the first run, nil for an empty journal.
func (j *Journal) Before() *Inventory { return j.state.before }

// Finished reports whether the latest run reached its end.
func (j *Journal) Finished() bool { return j.state.finished }

// made returns the target of an object that this run or an earlier one completed.
func (j *Journal) made(k Kind, source string) (string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := objectKey{k, source}
	for _, m := range []map[objectKey]Entry{j.state.objects, j.state.earlier} {
		if e, ok := m[key]; ok && e.Event == EventDone && e.Target != "" {
			return e.Target, true
		}
	}
	return "", false
}

// last returns the latest line of this run about an object.
func (j *Journal) last(k Kind, source string) (Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.state.objects[objectKey{k, source}]
	return e, ok
}

// Mapping returns source to target for the objects of a kind that are complete.
func (j *Journal) Mapping(k Kind) map[string]string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := map[string]string{}
	for _, m := range []map[objectKey]Entry{j.state.earlier, j.state.objects} {
		for key, e := range m {
			if key.kind == k && e.Event == EventDone && e.Target != "" {
				out[key.source] = e.Target
			}
		}
	}
	return out
}
