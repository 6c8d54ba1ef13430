package member

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Outcome is what became of one member.
type Outcome string

// Outcomes.
const (
	Done      Outcome = "done"
	Unchanged Outcome = "unchanged" // nothing had to be done
	Refused   Outcome = "refused"   // not tried, for the reason given
	Failed    Outcome = "failed"    // tried, and the portal refused
)

// Result is what became of one member, or what a plan will do for him.
type Result struct {
	Line     int      `json:"line,omitempty"` // of the CSV file
	Username string   `json:"username"`
	Action   string   `json:"action,omitempty"`  // such as create, assign or revoke
	Product  string   `json:"product,omitempty"` // that it is about
	Before   []string `json:"before,omitempty"`  // entitlements
	After    []string `json:"after,omitempty"`
	Outcome  Outcome  `json:"outcome"`
	Reason   string   `json:"reason,omitempty"`
	Notes    []string `json:"notes,omitempty"` // what a person should know besides
}

// Results tell what a run did, in the order of its plan.
type Results struct {
	Rows  []Result `json:"rows"`
	Notes []string `json:"notes,omitempty"`
}

// Count is the number of members with an outcome.
func (r *Results) Count(o Outcome) int {
	n := 0
	for i := range r.Rows {
		if r.Rows[i].Outcome == o {
			n++
		}
	}
	return n
}

// Bad are the results of those who were refused or failed.
func (r *Results) Bad() []Result {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row Result) bool { return row.Outcome == Done || row.Outcome == Unchanged })
}

// String counts the outcomes: "12 done, 3 unchanged, 1 refused".
func (r *Results) String() string {
	var parts []string
	for _, o := range []Outcome{Done, Unchanged, Refused, Failed} {
		if n := r.Count(o); n > 0 || o == Done {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	return strings.Join(parts, ", ")
}

// meter counts what is done and tells it on.
type meter struct {
	mu          sync.Mutex
	tell        func(Progress)
	phase       string
	done, total int
}

func newMeter(o Options) *meter { return &meter{tell: o.Progress} }

func (m *meter) begin(phase string, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.phase, m.done, m.total = phase, 0, total
	if m.tell != nil {
		m.tell(Progress{Phase: phase, Total: total})
	}
}

func (m *meter) step(username string, o Outcome, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done++
	if m.tell != nil {
		m.tell(Progress{Phase: m.phase, Done: m.done, Total: m.total, Username: username, Outcome: o, Reason: reason})
	}
}
