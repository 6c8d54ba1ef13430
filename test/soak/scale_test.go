package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestLargePortalIsClonedAndFollowed clones a portal of 20,000 items (600 where less than all is asked for),
// clones it again unchanged, and again after 100 of its items changed, and holds the process to
// its memory. What goes over the wire is counted in front of both portals.
func TestLargePortalIsClonedAndFollowed(t *testing.T) {
	n := 600
	if os.Getenv("RHUMB_SOAK") == "full" {
		n = 20_000
	}
	s := &scale{t: t}
	src, dst := portaltest.Start(t, portaltest.Wrap(s.source.wrap)), portaltest.Start(t, portaltest.Wrap(s.target.wrap))
	began := time.Now()
	s.large = buildLarge(t, src, n)
	t.Logf("a source of %d items, %d groups, %d members and %d folders, built in %v", n, len(s.large.groups), len(s.large.members), len(s.large.folders), time.Since(began).Round(time.Second))
	s.src, s.dst, s.journal = src, dst, filepath.Join(t.TempDir(), "journal")

	first := s.run("first run")
	if first.Items.Created != n {
		t.Fatalf("%d items were created, want %d", first.Items.Created, n)
	}
	s.run("nothing changed")
	s.expectNoWork()
	changed := s.change(25)
	s.run("100 of the items changed")
	s.expectWritten(changed)
	s.run("nothing changed again")
	s.expectNoWork()
}

// scale is one large clone with what is watched of it.
type scale struct {
	t              *testing.T
	source, target wiretap
	large          *largePortal
	src, dst       *portaltest.Portal
	journal        string
}

// run runs rhumb clone run in a process of its own, tells its figures, and expects equal portals.
func (s *scale) run(name string) clone.Result {
	s.t.Helper()
	s.source.reset()
	s.target.reset()
	began := time.Now()
	code, out, most := s.process()
	took, n := time.Since(began), len(s.large.items)
	var res clone.Result
	if at := bytes.LastIndex(out, []byte(`{"type":"result"`)); at >= 0 {
		if err := json.Unmarshal(bytes.TrimSpace(out[at:]), &res); err != nil {
			s.t.Errorf("the result of %s: %v", name, err)
		}
	}
	calls := s.source.total() + s.target.total()
	s.t.Logf("%s: %v, %d calls (%d at the source, %d at the target), %.2f an item, peak %.1f MB, journal %d bytes, plan %d bytes", name,
		took.Round(100*time.Millisecond), calls, s.source.total(), s.target.total(), float64(calls)/float64(n), float64(most)/1e6,
		sizeOf(s.journal), sizeOf(s.journal+".plan"))
	s.t.Logf("calls at the source:\n%s", s.source.table())
	s.t.Logf("calls at the target:\n%s", s.target.table())
	if code != 0 || res.Type == "" || res.Differences != 0 {
		s.t.Fatalf("%s ended with %d: %+v\n%s", name, code, res, out[max(0, len(out)-4000):])
	}
	if w := s.source.wrote(); len(w) > 0 {
		s.t.Errorf("%s: the source was written: %v", name, w)
	}
	objects := n + len(s.large.groups) + len(s.large.members) + len(s.large.folders)
	if bound := int64(100_000_000 + 400*objects); most > bound {
		s.t.Errorf("%s: the process took %d bytes of memory, the bound is %d", name, most, bound)
	}
	return res
}

// process runs the binary and returns its exit code, what it told, and its largest resident size.
func (s *scale) process() (code int, out []byte, peak int64) {
	s.t.Helper()
	bin, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(bin, "clone", "run", "--from", s.src.URL, "--to", s.dst.URL, "--journal", s.journal, "--json")
	cmd.Env = append(os.Environ(), "RHUMB_FROM_USER="+s.src.Admin, "RHUMB_FROM_PASSWORD="+s.src.AdminPassword,
		"RHUMB_TO_USER="+s.dst.Admin, "RHUMB_TO_PASSWORD="+s.dst.AdminPassword)
	var told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, &told
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	most := watchPeak(cmd.Process.Pid)
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), told.Bytes(), most()
}

// watchPeak looks at the largest resident size of a process until it has ended.
func watchPeak(pid int) func() int64 {
	end, last := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		var most int64
		for {
			if n, err := peakOf(pid); err == nil {
				most = max(most, n)
			}
			select {
			case <-tick.C:
			case <-end:
				last <- most
				return
			}
		}
	}()
	return func() int64 { close(end); return <-last }
}

func sizeOf(path string) int64 {
	fi, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return fi.Size()
}

// expectNoWork holds a run over what has not changed: nothing is written, no data is read.
func (s *scale) expectNoWork() {
	s.t.Helper()
	if w := s.target.wrote(); len(w) > 0 {
		s.t.Errorf("nothing changed, and the target was written: %v", counts(w))
	}
	for name, tap := range map[string]*wiretap{"source": &s.source, "target": &s.target} {
		if got := tap.count("/data"); got > 0 {
			s.t.Errorf("nothing changed, and data was read %d times at the %s", got, name)
		}
	}
}

func counts(wrote map[string][]string) map[string]int {
	out := map[string]int{}
	for op, ids := range wrote {
		out[op] = len(ids)
	}
	return out
}

// changes are the numbers of the items that changed, by what changed in them.
type changes struct{ data, sharing, relationships, resources []int }

// change changes each of n items in each of four ways.
func (s *scale) change(n int) changes {
	s.t.Helper()
	var c changes
	l := s.large
	for i := len(l.items) / 10; i < len(l.items); i++ {
		switch {
		case i%5 == 0:
			c.resources = append(c.resources, i)
		case i%5 == 1 && i%3 == 2: // a file that is shared with nobody
			c.sharing = append(c.sharing, i)
		case isMap(i) && i%2 == 0:
			c.data = append(c.data, i)
		case isMap(i) && !l.related[i]:
			c.relationships = append(c.relationships, i)
		}
	}
	for _, list := range []*[]int{&c.data, &c.sharing, &c.relationships, &c.resources} {
		*list = spread(s.t, *list, n)
	}
	l.each(n, func(ctx context.Context, k int) error { return s.changeOne(ctx, c, k) })
	return c
}

// spread picks n of list, over its whole length.
func spread(t *testing.T, list []int, n int) []int {
	t.Helper()
	if len(list) < n {
		t.Fatalf("only %d items to change in a way, want %d", len(list), n)
	}
	out := make([]int, n)
	for k := range out {
		out[k] = list[k*len(list)/n]
	}
	return out
}

func (s *scale) changeOne(ctx context.Context, c changes, k int) error {
	l := s.large
	if err := l.items[c.data[k]].Update(ctx, gis.ItemUpdate{}, gis.WithText(l.webMap(c.data[k], 1))); err != nil {
		return fmt.Errorf("change the data: %w", err)
	}
	share := gis.Share{Access: gis.AccessOrg}
	if k%2 == 1 {
		share = gis.Share{Groups: []esri.GroupID{l.group(c.sharing[k])}}
	}
	if err := l.items[c.sharing[k]].Share(ctx, share); err != nil {
		return fmt.Errorf("change the sharing: %w", err)
	}
	if err := l.relate(ctx, c.relationships[k], l.service(c.relationships[k])); err != nil {
		return fmt.Errorf("change the relationships: %w", err)
	}
	if err := l.items[c.resources[k]].Resources().Update(ctx, l.resource(c.resources[k], 1)); err != nil {
		return fmt.Errorf("change the resources: %w", err)
	}
	return nil
}

// expectWritten holds a run after changes: each changed item was written by the operations that
// its change needs, and nothing else was written or read.
func (s *scale) expectWritten(c changes) {
	s.t.Helper()
	j, err := clone.OpenJournal(s.journal, "look")
	if err != nil {
		s.t.Fatal(err)
	}
	defer j.Close()
	copies := j.Mapping(clone.KindItem)
	of := func(lists ...[]int) (ids []string) {
		for _, i := range slices.Concat(lists...) {
			ids = append(ids, copies[string(s.large.items[i].ID)])
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	want := map[string][]string{
		"update":          of(c.data, c.resources), // the marker says from which resources the copy was made
		"shareItems":      of(c.sharing),
		"addRelationship": of(c.relationships),
		"updateResources": of(c.resources),
	}
	got := s.target.wrote()
	for op, ids := range want {
		if !slices.Equal(got[op], ids) {
			s.t.Errorf("%s: %d items were written, want %d; not wanted %v, missing %v", op, len(got[op]), len(ids), without(got[op], ids), without(ids, got[op]))
		}
	}
	for op := range got {
		if want[op] == nil {
			s.t.Errorf("%s was not to be called, and was for %d objects", op, len(got[op]))
		}
	}
	read := of(c.data, c.resources)
	for name, ids := range map[string][]string{"source": s.source.downloaded(copies), "target": s.target.downloaded(nil)} {
		if extra := without(ids, read); len(extra) > 0 {
			s.t.Errorf("data of items that did not change was read at the %s: %v", name, extra)
		}
	}
}

// without returns some of a that b does not have.
func without(a, b []string) []string {
	out := slices.DeleteFunc(slices.Clone(a), func(id string) bool { return slices.Contains(b, id) })
	return out[:min(5, len(out))]
}
