package clone

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Counts tells what became of the objects of one kind.
type Counts struct {
	Planned int `json:"planned"`
	Created int `json:"created"`
	Matched int `json:"matched"`
	Updated int `json:"updated"`
	Skipped int `json:"skipped"`
	Blocked int `json:"blocked"` // not tried, because something it needs failed
	Failed  int `json:"failed"`
}

// Result is the outcome of a run in figures: the last line of --json.
type Result struct {
	Type          string  `json:"type"` // always result
	Users         Counts  `json:"users"`
	Roles         Counts  `json:"roles"`
	Groups        Counts  `json:"groups"`
	Folders       Counts  `json:"folders"`
	Items         Counts  `json:"items"`
	Relationships Counts  `json:"relationships"`
	Shares        Counts  `json:"shares"`
	Settings      Counts  `json:"settings,omitzero"`
	Bytes         int64   `json:"bytes"`
	Calls         int64   `json:"calls"`
	Seconds       float64 `json:"seconds"`
	Differences   int     `json:"differences"`
	Unresolved    int     `json:"unresolved"`
	ByReference   int     `json:"by_reference"`
}

// Of returns the counts of a kind, nil for a kind that is not counted by itself.
func (r *Result) Of(k Kind) *Counts {
	switch k {
	case KindUser:
		return &r.Users
	case KindRole:
		return &r.Roles
	case KindGroup:
		return &r.Groups
	case KindFolder:
		return &r.Folders
	case KindItem:
		return &r.Items
	case KindRelationship:
		return &r.Relationships
	case KindShare:
		return &r.Shares
	case KindSetting:
		return &r.Settings
	}
	return nil
}

// Failed is the number of objects that failed or were blocked.
func (r *Result) Failed() int {
	n := 0
	for _, k := range kinds {
		c := r.Of(k)
		n += c.Failed + c.Blocked
	}
	return n
}

// Failure is one object that could not be made.
type Failure struct {
	Kind    Kind   `json:"kind"`
	Source  string `json:"source"`
	Title   string `json:"title,omitempty"`
	Blocked bool   `json:"blocked,omitempty"`
	Cause   string `json:"cause,omitempty"` // what kind of error it is: see [Report.Causes]
	Error   string `json:"error"`
}

// Difference is one compared fact that is unequal.
type Difference struct {
	Kind   Kind   `json:"kind"`
	Source string `json:"source"`
	Target string `json:"target,omitempty"`
	Title  string `json:"title,omitempty"`
	Field  string `json:"field"`
	Want   string `json:"want"` // the source's value, ids and addresses mapped
	Got    string `json:"got"`
}

// Reference is a place in the copy that names something without a counterpart on the target.
type Reference struct {
	Class string `json:"class,omitempty"` // in a plan: unresolved, external or by reference
	Item  string `json:"item"`            // source item
	Title string `json:"title,omitempty"`
	Part  string `json:"part"` // data, a property, or the path of a resource
	Path  string `json:"path"`
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Owner string `json:"owner,omitempty"` // in a plan: of what is named, where it is known
}

// Unmatched is a member or group that a verification without a journal cannot place: it finds
// no namesake and no marker. It is a difference too.
type Unmatched struct {
	Kind   Kind   `json:"kind"`
	Source string `json:"source"`
	Title  string `json:"title,omitempty"`
	Reason string `json:"reason"`
}

// Report is what a run did and found.
type Report struct {
	Header      Header    // of the plan: both portals and the options
	Started     time.Time // of the whole run
	Result      Result
	Failures    []Failure
	Differences []Difference
	Unmatched   []Unmatched
	Unresolved  []Reference
	ByReference []Reference
	Notes       []string // what a reader should know: matched accounts, demoted roles, objects that changed since the plan

	mu       sync.Mutex
	tallies  map[string]int      // notes about several objects, by their text with %d for the number
	cautions map[string]*caution // what the rewriting gave up, by the text of the warning
}

func (r *Report) note(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Notes = append(r.Notes, s)
}

// tally counts one more object that a note speaks of. The note stands in the report once, with
// the number in place of its %d.
func (r *Report) tally(format string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tallies == nil {
		r.tallies = map[string]int{}
	}
	r.tallies[format]++
}

func (r *Report) fail(f Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Failures = append(r.Failures, f)
}

func (r *Report) differ(d ...Difference) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Differences = append(r.Differences, d...)
}

func (r *Report) cannotPlace(u Unmatched) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Unmatched = append(r.Unmatched, u)
}

// finish sorts the lists, so that two runs over one state report alike, and counts them.
func (r *Report) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for format, n := range r.tallies {
		r.Notes = append(r.Notes, fmt.Sprintf(format, n))
	}
	r.tallies = nil
	for text, c := range r.cautions {
		r.Notes = append(r.Notes, c.notes(text)...)
	}
	r.cautions = nil
	slices.Sort(r.Notes)
	slices.SortFunc(r.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source))
	})
	slices.SortFunc(r.Unmatched, func(a, b Unmatched) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source))
	})
	slices.SortFunc(r.Differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Field, b.Field))
	})
	r.Unresolved = sortedReferences(r.Unresolved)
	r.ByReference = sortedReferences(r.ByReference)
	r.Result.Type = "result"
	r.Result.Differences = len(r.Differences)
	r.Result.Unresolved = len(r.Unresolved)
	r.Result.ByReference = len(r.ByReference)
}

func sortedReferences(refs []Reference) []Reference {
	slices.SortFunc(refs, func(a, b Reference) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(refs)
}
