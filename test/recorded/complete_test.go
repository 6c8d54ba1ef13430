package recorded

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/tools/directive"
)

// reading is a method of the SDK against answers that others made.
type reading struct {
	method string   // as the directives name it: gis.Users.Get
	files  []string // what the portal answers
	set    func(r *replay)
	do     func(t tester, p *gis.Portal, r *replay)
}

func readings() []reading {
	return slices.Concat(organizationReadings(), memberReadings(), licenseReadings(), groupReadings(), itemReadings(), fileReadings())
}

// asked collects which operations the readings of a method sent.
type asked struct {
	mu  sync.Mutex
	ops map[string]map[directive.Operation]bool
}

func (a *asked) add(method string, r *replay) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ops[method] == nil {
		a.ops[method] = map[directive.Operation]bool{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.seen {
		a.ops[method][s.op] = true
	}
}

// TestReadings replays every reading, and holds the list of them against the directives of the
// SDK: a method that reads and has no reading fails, and so does an operation that no answer
// stands for.
func TestReadings(t *testing.T) {
	t.Parallel()
	a := &asked{ops: map[string]map[directive.Operation]bool{}}
	t.Run("replay", func(t *testing.T) {
		for _, c := range readings() {
			t.Run(c.method, func(t *testing.T) {
				t.Parallel()
				r := serve(t, c.files...)
				if c.set != nil {
					c.set(r)
				}
				c.do(t, r.portal(), r)
				a.add(c.method, r)
			})
		}
	})
	methods := readers(t)
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		ops, replayed := a.ops[name]
		if !replayed {
			t.Errorf("%s reads, and no recorded or documented answer is replayed to it", name)
			continue
		}
		if !slices.ContainsFunc(methods[name], func(op directive.Operation) bool { return ops[op] }) {
			t.Errorf("%s was replayed, and sent none of %v", name, methods[name])
		}
	}
	for name := range a.ops {
		if methods[name] == nil {
			t.Errorf("a reading is called %s, which is no method that reads", name)
		}
	}
	everyOperation(t, methods, a)
}

// readers are the functions and methods of the SDK whose directives say that they read.
func readers(t *testing.T) map[string][]directive.Operation {
	t.Helper()
	symbols, err := directive.Scan(root, "gis")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]directive.Operation{}
	for _, s := range symbols {
		if len(s.Reads) > 0 {
			out[s.Name] = s.Reads
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d methods read: the directives are not found", len(out))
	}
	return out
}

// everyOperation fails for an operation that some method reads by and that was not sent, has
// no answer in the table, or no row that tells what a request may carry.
func everyOperation(t *testing.T, methods map[string][]directive.Operation, a *asked) {
	t.Helper()
	rows, err := tables()
	if err != nil {
		t.Fatal(err)
	}
	sent, answered := map[directive.Operation]bool{}, map[directive.Operation]bool{}
	for _, ops := range a.ops {
		maps.Copy(sent, ops)
	}
	for _, r := range rows.responses {
		answered[r.Op] = true
	}
	seen := map[directive.Operation]bool{}
	for _, ops := range methods {
		for _, op := range ops {
			if seen[op] {
				continue
			}
			seen[op] = true
			if !sent[op] {
				t.Errorf("%s was not sent in any reading", op)
			}
			if !answered[op] {
				t.Errorf("responses.tsv has no answer to %s", op)
			}
			if rows.params[op] == nil {
				t.Errorf("requests.tsv does not say what %s may carry", op)
			}
		}
	}
}

// TestTable holds the table of answers and the folder against each other.
func TestTable(t *testing.T) {
	t.Parallel()
	rows, err := tables()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"responses.tsv": true, "requests.tsv": true, "PROVENANCE.md": true}
	for _, r := range rows.responses {
		listed[r.File] = true
		info, err := os.Stat(filepath.Join("testdata", r.File))
		if err != nil {
			t.Errorf("responses.tsv: %v", err)
		} else if info.Size() > 16<<10 {
			t.Errorf("%s has %d bytes: cut it to what a test needs", r.File, info.Size())
		}
		if own := r.License == "none: ours"; own != (r.Standing == Guess) {
			t.Errorf("%s: standing %s does not go with the license %q", r.File, r.Standing, r.License)
		}
		if r.Standing == Recorded || r.Standing == Documented {
			if strings.Contains(r.Changes, "ours") || strings.Contains(r.Changes, "filled in") {
				t.Errorf("%s holds values of ours (%s): its standing is shape, not %s", r.File, r.Changes, r.Standing)
			}
		}
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !listed[f.Name()] {
			t.Errorf("responses.tsv does not say where %s comes from", f.Name())
		}
	}
}
