package gis_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

// index is a search index as portals have them: paged, and closed beyond 10,000 results.
type index struct {
	mu       sync.Mutex
	entries  []entry
	requests int
	unsorted bool
	fail     int // request that fails
}

type entry struct {
	id      string
	created int64
}

var createdRange = regexp.MustCompile(`created:\[(\d{19}) TO (\d{19})\]`)

func (x *index) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/portals/self") {
		fmt.Fprint(w, self)
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.requests++
	if x.requests == x.fail {
		fmt.Fprint(w, conflict)
		return
	}
	m := createdRange.FindStringSubmatch(r.FormValue("q"))
	from, _ := strconv.ParseInt(m[1], 10, 64)
	to, _ := strconv.ParseInt(m[2], 10, 64)
	start, _ := strconv.Atoi(r.FormValue("start"))
	num, _ := strconv.Atoi(r.FormValue("num"))
	found := x.entries
	if !x.unsorted { // sorted, then
		first, _ := slices.BinarySearchFunc(found, from, func(e entry, at int64) int { return cmp.Compare(e.created, at) })
		end, _ := slices.BinarySearchFunc(found, to+1, func(e entry, at int64) int { return cmp.Compare(e.created, at) })
		found = found[first:end]
	}
	if r.FormValue("sortOrder") == "desc" {
		found = slices.Clone(found)
		slices.Reverse(found)
	}
	total := min(len(found), 10_000)
	if start+num-1 > 10_000 {
		fmt.Fprint(w, `{"error":{"code":400,"message":"The search ends at 10000 results."}}`)
		return
	}
	page := found[min(start-1, len(found)):min(start-1+num, len(found))]
	next := start + len(page)
	if next > len(found) {
		next = -1
	}
	var rows []string
	for _, e := range page {
		rows = append(rows, fmt.Sprintf(`{"id":%q,"created":%d}`, e.id, e.created))
	}
	fmt.Fprintf(w, `{"query":"","total":%d,"start":%d,"num":%d,"nextStart":%d,"results":[%s]}`, total, start, num, next, strings.Join(rows, ","))
}

func (x *index) count() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.requests
}

func (x *index) remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.entries = slices.DeleteFunc(x.entries, func(e entry) bool { return e.id == id })
}

// filled makes an index of n entries, whose creation lumps: a few days hold most of them.
func filled(n int, at func(i int, r *rand.Rand) int64) *index {
	r := rand.New(rand.NewPCG(1, 2))
	x := &index{}
	for i := range n {
		x.entries = append(x.entries, entry{fmt.Sprintf("id%06d", i), at(i, r)})
	}
	slices.SortStableFunc(x.entries, func(a, b entry) int { return cmp.Compare(a.created, b.created) })
	return x
}

func lumpy(i int, r *rand.Rand) int64 {
	const start, day = 1_400_000_000_000, 86_400_000
	if i%10 == 0 {
		return start + r.Int64N(4000*day)
	}
	return start + 3000*day + r.Int64N(day)
}

func (x *index) connect(t *testing.T) *gis.Portal {
	t.Helper()
	srv := httptest.NewServer(x)
	t.Cleanup(srv.Close)
	p := must(gis.New(srv.URL, nil))(t)
	t.Cleanup(p.Close)
	return p
}

func TestSearchAll(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		x     *index
		ahead int
	}{
		{"none", filled(0, lumpy), 0},
		{"one page", filled(100, lumpy), 0},
		{"two pages", filled(101, lumpy), 0},
		{"one range", filled(1999, lumpy), 0},
		{"beyond the window", filled(25_000, lumpy), 0},
		{"beyond the window, one at a time", filled(12_000, lumpy), 1},
		{"many in one moment", filled(5000, func(i int, _ *rand.Rand) int64 { return 1_500_000_000_000 + int64(i%3) }), 0},
		{"a full window in one moment", filled(9_900, func(int, *rand.Rand) int64 { return 1_500_000_000_000 }), 0},
		{"never created", filled(250, func(int, *rand.Rand) int64 { return 0 }), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tt.x.connect(t)
			seen := map[string]bool{}
			last := int64(-1)
			for it, err := range p.Content.SearchAll(t.Context(), "a OR b", &gis.SearchAll{Ahead: tt.ahead}) {
				ok(t, err)
				if seen[string(it.ID)] {
					t.Errorf("%s came twice", it.ID)
				}
				if it.Created.Millis() < last {
					t.Errorf("%s is out of order", it.ID)
				}
				seen[string(it.ID)], last = true, it.Created.Millis()
			}
			if len(seen) != len(tt.x.entries) {
				t.Errorf("%d of %d", len(seen), len(tt.x.entries))
			}
			if most := 150 + len(tt.x.entries)/100*13/10; tt.x.count() > most {
				t.Errorf("%d requests for %d entries", tt.x.count(), len(tt.x.entries))
			}
		})
	}
}

func TestSearchAllWhileDeleting(t *testing.T) {
	t.Parallel()
	x := filled(4321, lumpy)
	p := x.connect(t)
	n := 0
	for it, err := range p.Content.SearchAll(t.Context(), "", &gis.SearchAll{Ahead: 3}) {
		ok(t, err)
		x.remove(string(it.ID))
		n++
	}
	if n != 4321 || len(x.entries) != 0 {
		t.Errorf("%d came, %d are left", n, len(x.entries))
	}
}

func TestSearchAllFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		x    *index
		kind gis.Kind
	}{
		{"too many in one moment", filled(10_050, func(int, *rand.Rand) int64 { return 1_500_000_000_000 }), gis.ErrUnsupported},
		{"the portal does not sort", func() *index { x := filled(300, lumpy); x.unsorted = true; slices.Reverse(x.entries); return x }(), gis.ErrProtocol},
		{"first page", func() *index { x := filled(300, lumpy); x.fail = 1; return x }(), gis.ErrConflict},
		{"third page", func() *index { x := filled(500, lumpy); x.fail = 3; return x }(), gis.ErrConflict},
		{"dividing", func() *index { x := filled(5000, lumpy); x.fail = 4; return x }(), gis.ErrConflict},
		{"in a range", func() *index { x := filled(5000, lumpy); x.fail = 30; return x }(), gis.ErrConflict},
	} {
		p := tt.x.connect(t)
		failures := 0
		for _, err := range p.Content.SearchAll(t.Context(), "", nil) {
			if err != nil {
				failures++
				isKind(t, err, tt.kind)
			}
		}
		if failures != 1 {
			t.Errorf("%s: %d failures", tt.name, failures)
		}
	}
}

func TestSearchAllStopsEarly(t *testing.T) {
	t.Parallel()
	x := filled(20_000, lumpy)
	p := x.connect(t)
	for _, err := range p.Content.SearchAll(t.Context(), "", &gis.SearchAll{Ahead: 2}) {
		ok(t, err)
		break
	}
	if n := x.count(); n > 60 {
		t.Errorf("%d requests for one item", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	n := 0
	for _, err := range p.Content.SearchAll(ctx, "", nil) {
		last = err
		if n++; n == 150 {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) || n > 10_000 {
		t.Errorf("after cancelling: %d, %v", n, last)
	}
}
