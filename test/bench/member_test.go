package bench

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/portal/oauth"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// wire stands in front of a portal: it adds the round trip of a network, and counts requests and
// the portal's own time by operation.
type wire struct {
	delay atomic.Int64 // nanoseconds

	mu    sync.Mutex
	calls map[string]int
	spent map[string]time.Duration
}

func (w *wire) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if d := w.delay.Load(); d > 0 {
			<-time.After(time.Duration(d))
		}
		began := time.Now()
		next.ServeHTTP(out, r)
		op := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if strings.HasSuffix(r.URL.Path, "/users/search") {
			op = "users"
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.calls[op]++
		w.spent[op] += time.Since(began)
	})
}

func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.spent = map[string]int{}, map[string]time.Duration{}
}

// of answers the calls of an operation and the portal's mean time for one, in milliseconds.
func (w *wire) of(op string) (n int, ms float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n = w.calls[op]
	return n, float64(w.spent[op].Microseconds()) / 1000 / float64(max(n, 1))
}

const products = 12

// licenses is a pool of ArcGIS Pro and eleven other products, with seats for everybody.
func licenses() string {
	var b strings.Builder
	b.WriteString(`{"products":[{"title":"ArcGIS Pro","entitlements":[{"name":"desktopAdvN","seats":-1},{"name":"spatialAnalystN","seats":-1}]}`)
	for i := 1; i < products; i++ {
		fmt.Fprintf(&b, `,{"title":"Product %02d","entitlements":[{"name":"product%02dN","seats":-1}]}`, i, i)
	}
	b.WriteString(`]}`)
	return b.String()
}

// crowd fills a portal with members, all of whom hold ArcGIS Pro and a tenth each other product.
func crowd(b *testing.B, p *gis.Portal, n int) {
	b.Helper()
	var specs []gis.UserSpec
	var names []string
	for i := range n {
		name := fmt.Sprintf("person_%06d", i)
		names = append(names, name)
		specs = append(specs, gis.UserSpec{Username: name, FirstName: "Person", LastName: fmt.Sprint(i), Email: name + "@example.com", Role: gis.RolePublisher, UserType: "creatorUT", Provider: "enterprise"})
	}
	for part := range slices.Chunk(specs, 1000) {
		if err := p.Users.InviteMembers(b.Context(), gis.InviteMail{}, part...); err != nil {
			b.Fatal(err)
		}
	}
	all, err := p.Licenses.List(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	for i, l := range all {
		set, holders := []string{"desktopAdvN", "spatialAnalystN"}, names
		if l.Title != member.Pro {
			for e := range l.Seats {
				set = []string{e}
			}
			holders = names[i*n/10/products : i*n/10/products+n/10]
		}
		assign(b, l, set, holders)
	}
}

// assign gives a license to many members, several calls at a time.
func assign(b *testing.B, l *gis.License, set, holders []string) {
	b.Helper()
	parts := make(chan []string)
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for part := range parts {
				if err := l.Assign(b.Context(), set, part...); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for part := range slices.Chunk(holders, 25) {
		parts <- part
	}
	close(parts)
	senders.Wait()
}

// BenchmarkReport reads who holds what of 50,000 members and 12 products, and holds the time
// against that of the pages alone, eight at a time.
func BenchmarkReport(b *testing.B) {
	members := 50_000
	if testing.Short() {
		members = 2_000
	}
	w := &wire{}
	w.reset()
	p := open(b, portaltest.Start(b, portaltest.WithLicenses(strings.NewReader(licenses())), portaltest.Wrap(w.wrap)))
	crowd(b, p, members)
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		b.Run(fmt.Sprintf("members=%d/rtt=%s", members, delay), func(b *testing.B) {
			w.delay.Store(int64(delay))
			defer w.delay.Store(0)
			for b.Loop() {
				w.reset()
				report, err := member.NewReport(b.Context(), p, member.ReportOptions{})
				if err != nil {
					b.Fatal(err)
				}
				if err := report.WriteCSV(b.Context(), io.Discard); err != nil {
					b.Fatal(err)
				}
				if report.Shown != members+1 || len(report.Notes) > 0 {
					b.Fatalf("%d members in the report: %q", report.Shown, report.Notes)
				}
			}
			users, usersMS := w.of("users")
			entitled, entitledMS := w.of("userEntitlements")
			if most := members*520/50_000 + 1; users > most {
				b.Errorf("%d member pages, want at most %d", users, most)
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(users), "member-pages")
			b.ReportMetric(float64(entitled), "license-pages")
			b.ReportMetric(usersMS, "ms/member-page")
			b.ReportMetric(entitledMS, "ms/license-page")
			b.ReportMetric(seconds, "s/report")
			if delay > 0 {
				b.ReportMetric(seconds/(float64(users+entitled)*delay.Seconds()/8), "x-of-pages-alone")
			}
		})
	}
}

// BenchmarkImport makes 10,000 members by invitations at a round trip of 50 ms, and compares
// with making them one by one.
func BenchmarkImport(b *testing.B) {
	n := 10_000
	if testing.Short() {
		n = 500
	}
	text := people(n, "")
	const delay, sample = 50 * time.Millisecond, 40
	for b.Loop() {
		b.StopTimer()
		w := &wire{}
		w.reset()
		p := open(b, portaltest.Start(b, portaltest.Online(), portaltest.Wrap(w.wrap)))
		if err := p.Connect(b.Context()); err != nil {
			b.Fatal(err)
		}
		w.delay.Store(int64(delay))
		began := time.Now()
		for i := range sample {
			spec := gis.UserSpec{Username: fmt.Sprintf("alone_%02d", i), FirstName: "A", LastName: "B", Email: "a@example.com"}
			if err := p.Users.InviteMembers(b.Context(), gis.InviteMail{}, spec); err != nil {
				b.Fatal(err)
			}
		}
		alone := time.Since(began).Seconds() / sample * float64(n)
		w.reset()
		b.StartTimer()
		seconds := importAll(b, p, text, n)
		calls, ms := w.of("invite")
		b.ReportMetric(seconds, "s/import")
		b.ReportMetric(alone/seconds, "x-faster-than-one-by-one")
		b.ReportMetric(float64(calls), "invitations")
		b.ReportMetric(ms, "ms/invitation")
	}
}

// BenchmarkImportWithPasswords makes members with passwords at a round trip of 50 ms on both
// kinds of portal, and holds the time against that of hashing the passwords alone.
func BenchmarkImportWithPasswords(b *testing.B) {
	n := 2_000
	if testing.Short() {
		n = 100
	}
	text := people(n, "Engine1843x")
	for mode, options := range map[string][]portaltest.Option{"online": {portaltest.Online()}, "enterprise": nil} {
		b.Run(mode, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := &wire{}
				w.reset()
				p := open(b, portaltest.Start(b, append(options, portaltest.RealPasswords(), portaltest.Wrap(w.wrap))...))
				if err := p.Connect(b.Context()); err != nil {
					b.Fatal(err)
				}
				hashing := hashAll(b, n)
				w.delay.Store(int64(50 * time.Millisecond))
				b.StartTimer()
				seconds := importAll(b, p, text, n)
				b.ReportMetric(seconds, "s/import")
				b.ReportMetric(seconds/hashing, "x-of-hashing")
			}
		})
	}
}

// people is a file of n new members, with a password or without.
func people(n int, password string) string {
	var text strings.Builder
	text.WriteString("Username,First Name,Last Name,Email,Role,User Type,Password\n")
	for i := range n {
		fmt.Fprintf(&text, "person_%06d,Person,%d,p%d@example.com,Publisher,creatorUT,%s\n", i, i, i, password)
	}
	return text.String()
}

// importAll answers how many seconds an import took.
func importAll(b *testing.B, p *gis.Portal, text string, n int) float64 {
	b.Helper()
	began := time.Now()
	sheet, err := member.ReadSheet(strings.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	r, err := member.Import(b.Context(), p, sheet, member.ImportOptions{Options: member.Options{Journal: b.TempDir() + "/j"}})
	if err != nil || r.Count(member.Done) != n {
		b.Fatalf("%v: %v", err, r)
	}
	return time.Since(began).Seconds()
}

// hashAll answers how many seconds the portal's hashes of n passwords take, as many at a time as
// a portal computes.
func hashAll(b *testing.B, n int) float64 {
	b.Helper()
	h := oauth.NewHasher(oauth.DefaultCost())
	began := time.Now()
	var left atomic.Int64
	left.Store(int64(n))
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := h.Hash(b.Context(), "Engine1843x"); err != nil {
					b.Error(err)
				}
			}
		})
	}
	workers.Wait()
	return time.Since(began).Seconds()
}
