package gis_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
)

// crowd is a portal with n members, of which each listing and search shows 10,000. Several of
// them are created in the same millisecond.
type crowd struct {
	n     int
	ties  int  // members of one millisecond
	mixed bool // the order within a millisecond depends on the query
	mu    sync.Mutex
	pages int
}

// read is the number of pages asked for until now.
func (c *crowd) read() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pages
}

func (c *crowd) created(i int) int { return 1_600_000_000_000 + i/c.ties }

func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	path := strings.TrimPrefix(r.URL.Path, "/portal/sharing/rest/")
	key, from := "users", 0
	switch path {
	case "generateToken":
		fmt.Fprint(w, `{"token":"example-token","expires":4102444800000,"ssl":true}`)
		return
	case "portals/self":
		fmt.Fprint(w, self)
		return
	case "portals/self/users/search":
		key = "results"
		var low int
		fmt.Sscanf(strings.TrimPrefix(r.Form.Get("q"), "created:["), "%d TO", &low)
		for from < c.n && c.created(from) < low {
			from++
		}
	}
	start, _ := strconv.Atoi(r.Form.Get("start"))
	c.mu.Lock()
	c.pages++
	c.mu.Unlock()
	if start > 10_000 {
		fmt.Fprint(w, `{"error":{"code":400,"message":"start must be at most 10000","details":[]}}`)
		return
	}
	total := c.n - from
	var rows []string
	for at := from + start - 1; at < min(from+start+99, c.n); at++ {
		i := at
		if first := at / c.ties * c.ties; c.mixed && from > 0 { // backwards
			i = min(first+c.ties, c.n) - 1 - (at - first)
		}
		rows = append(rows, fmt.Sprintf(`{"username":"u%d","created":%d}`, i, c.created(i)))
	}
	next := start + 100
	if next > total {
		next = -1
	}
	fmt.Fprintf(w, `{"total":%d,"start":%d,"num":100,"nextStart":%d,"%s":[%s]}`, total, start, next, key, strings.Join(rows, ","))
}

// TestListAll reads every member once and in order, in few requests, whatever their number.
func TestListAll(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ members, ties, pages int }{
		{0, 7, 1}, {1, 7, 1}, {100, 7, 1}, {101, 7, 2}, {1000, 7, 10}, {9999, 7, 100}, {10_000, 7, 103}, {10_001, 7, 104}, {19_995, 7, 204}, {25_050, 7, 260},
		{50_000, 7, 506}, {50_000, 1000, 506}, {50_000, 1357, 506}, {30_000, 100, 306}, {30_000, 9_000, 306},
	} {
		t.Run(fmt.Sprint(tt.members, " by ", tt.ties), func(t *testing.T) {
			t.Parallel()
			c := &crowd{n: tt.members, ties: tt.ties}
			srv := httptest.NewServer(c)
			defer srv.Close()
			p, err := gis.New(srv.URL+"/portal", auth.Password("ada", "difference-engine"))
			ok(t, err)
			defer p.Close()
			n, total := 0, -1
			for u, err := range p.Users.ListAll(t.Context(), &gis.UserListAll{Total: func(n int) { total = n }}) {
				ok(t, err)
				if u.Username != "u"+strconv.Itoa(n) {
					t.Fatalf("member %d is %s", n, u.Username)
				}
				n++
			}
			if n != tt.members || total != tt.members {
				t.Errorf("%d members of %d", n, total)
			}
			if n := c.read(); n > tt.pages {
				t.Errorf("%d pages, want at most %d", n, tt.pages)
			}
		})
	}
}

// TestListAllInNoOrder reads every member once from a portal that answers those of one moment in
// another order each time.
func TestListAllInNoOrder(t *testing.T) {
	t.Parallel()
	c := &crowd{n: 30_000, ties: 1357, mixed: true}
	srv := httptest.NewServer(c)
	defer srv.Close()
	p, err := gis.New(srv.URL+"/portal", auth.Password("ada", "difference-engine"))
	ok(t, err)
	defer p.Close()
	seen := map[string]bool{}
	for u, err := range p.Users.ListAll(t.Context(), nil) {
		ok(t, err)
		if seen[u.Username] {
			t.Fatalf("%s comes twice", u.Username)
		}
		seen[u.Username] = true
	}
	if len(seen) != c.n {
		t.Errorf("%d members of %d", len(seen), c.n)
	}
}

// TestListAllStops ends its requests with the loop.
func TestListAllStops(t *testing.T) {
	t.Parallel()
	c := &crowd{n: 25_000, ties: 7}
	srv := httptest.NewServer(c)
	defer srv.Close()
	p, err := gis.New(srv.URL+"/portal", auth.Password("ada", "difference-engine"))
	ok(t, err)
	defer p.Close()
	for range p.Users.ListAll(t.Context(), nil) {
		break
	}
	srv.Close() // requests under way count too
	if n := c.read(); n > 30 {
		t.Errorf("%d pages for one member", n)
	}
}

func TestEntitlementsAhead(t *testing.T) {
	t.Parallel()
	const op = "GET content/listings/pro1/userEntitlements"
	for name, tt := range map[string]struct {
		answers []string
		want    int
	}{
		"one page":             {[]string{entitlementRows(1, 3, `,"total":3,"nextStart":-1`)}, 3},
		"uncounted":            {[]string{entitlementRows(1, 100, ``), entitlementRows(101, 200, ``), entitlementRows(201, 210, ``)}, 210},
		"does not page at all": {[]string{entitlementRows(1, 230, ``)}, 230},
		"repeats its page":     {[]string{entitlementRows(1, 100, ``)}, 100},
		"nothing":              {[]string{`{}`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, nil)
			f.answers[op] = tt.answers
			all, err := gis.Collect(f.connect().Licenses.Handle("pro1").EntitlementsAhead(t.Context(), 1))
			ok(t, err)
			if len(all) != tt.want {
				t.Errorf("%d rows, want %d", len(all), tt.want)
			}
		})
	}
}
