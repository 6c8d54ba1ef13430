package clone

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func openJournal(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := OpenJournal(path, "run1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func appendAll(t *testing.T, j *Journal, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := j.Append(e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJournalIsReadBackAsWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sub", "j.jsonl")
	j := openJournal(t, path)
	appendAll(t, j,
		Entry{Event: EventStart, Header: &Header{Format: PlanFormat}, Before: &Inventory{Users: []string{"Admin"}}},
		Entry{Event: EventIntent, Kind: KindItem, Source: "a", Target: "x"},
		Entry{Event: EventDone, Kind: KindItem, Source: "a", Target: "x"},
		Entry{Event: EventIntent, Kind: KindItem, Source: "b", Target: "y"},
		Entry{Event: EventFailed, Kind: KindItem, Source: "b", Error: "no room"},
	)
	j.Close()
	if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("mode of the journal: %v, %v", fi.Mode(), err)
	}
	j = openJournal(t, path)
	if got := j.Mapping(KindItem); len(got) != 1 || got["a"] != "x" {
		t.Errorf("mapping: %v", got)
	}
	if e, ok := j.last(KindItem, "b"); !ok || e.Event != EventFailed || e.Target != "y" {
		t.Errorf("a failed object keeps the id that was drawn for it; got %+v", e)
	}
	if j.Finished() || j.Header() == nil || j.Before().Users[0] != "Admin" {
		t.Errorf("state: finished %v header %v before %v", j.Finished(), j.Header(), j.Before())
	}
}

func TestJournalDropsATornLastLineAndGoesOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j := openJournal(t, path)
	appendAll(t, j, Entry{Event: EventDone, Kind: KindItem, Source: "a", Target: "x"}, Entry{Event: EventDone, Kind: KindItem, Source: "b", Target: "y"})
	j.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Index(string(whole), "\n") + 1
	for cut := first; cut < len(whole); cut += 7 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path, "run2")
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		appendAll(t, j, Entry{Event: EventDone, Kind: KindItem, Source: "c", Target: "z"})
		j.Close()
		j, err = OpenJournal(path, "run3")
		if err != nil {
			t.Fatalf("cut at %d, read again: %v", cut, err)
		}
		if got := j.Mapping(KindItem); got["a"] != "x" || got["c"] != "z" || got["b"] != "" {
			t.Errorf("cut at %d: %v", cut, got)
		}
		j.Close()
	}
}

func TestJournalRefusesDamageInTheMiddle(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j := openJournal(t, path)
	appendAll(t, j, Entry{Event: EventDone, Kind: KindItem, Source: "a", Target: "x"}, Entry{Event: EventDone, Kind: KindItem, Source: "b", Target: "y"})
	j.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[20] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(path, "run2"); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("got %v, want an error that names line 1", err)
	}
}

func TestJournalIsHeldByOneRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.jsonl")
	openJournal(t, path)
	if _, err := OpenJournal(path, "other"); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("second opening: got %v, want an error that says it is in use", err)
	}
}

func TestJournalKeepsConcurrentLines(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j := openJournal(t, path)
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if err := j.Append(Entry{Event: EventDone, Kind: KindItem, Source: fmt.Sprint(i), Target: fmt.Sprint("t", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	j.Close()
	if got := openJournal(t, path).Mapping(KindItem); len(got) != 200 || got["137"] != "t137" {
		t.Errorf("%d lines came back", len(got))
	}
}

func TestArchivedJournalsAreStillKnown(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j := openJournal(t, path)
	appendAll(t, j,
		Entry{Event: EventStart, Header: &Header{}, Before: &Inventory{Users: []string{"ada"}}},
		Entry{Event: EventDone, Kind: KindGroup, Source: "g", Target: "h"},
		Entry{Event: EventFinished},
	)
	j.Close()
	j, err := openRun(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if j.state.started || j.Mapping(KindGroup)["g"] != "h" || j.Before() == nil || j.Before().Users[0] != "ada" {
		t.Errorf("a new run does not know what the finished one did: %+v", j.state)
	}
	if _, err := os.Stat(path + ".0001"); err != nil {
		t.Errorf("the finished journal was not archived: %v", err)
	}
}
