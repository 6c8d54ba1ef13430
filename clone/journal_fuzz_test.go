package clone

import (
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// journalLine is a line as a journal holds it.
func journalLine(body string) string {
	return fmt.Sprintf("%08x %s\n", crc32.Checksum([]byte(body), crc32.MakeTable(crc32.Castagnoli)), body)
}

var namesLine = regexp.MustCompile(`line \d+`)

// FuzzJournal opens files of any bytes as a journal. Opening never panics; an error names the
// line; what is opened takes a line, and that line is there when it is opened again.
func FuzzJournal(f *testing.F) {
	start := journalLine(`{"event":"start","header":{"format":"rhumb-plan/1"},"before":{"users":["ada"],"groups":[]}}`)
	done := journalLine(`{"event":"done","kind":"item","source":"a","target":"x","action":"create"}`)
	for _, seed := range []string{
		"", "\n", start, start + done, start + done[:len(done)-3], start + "rubbish\n" + done, start[:20] + "\x00" + start[21:] + done,
		journalLine(`{"event":"sealed","kind":"item","source":"a","state":"?"}`), journalLine(`{"event":"undone"}`), journalLine(`{"event":"cleared","kind":"cow"}`),
		journalLine(`null`), journalLine(`[]`), journalLine(`{"event":"start"}`) + journalLine(`{"event":"finished"}`), "00000000 {}\n", strings.Repeat("a", 70_000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path, "run")
		if err != nil {
			if !namesLine.MatchString(err.Error()) {
				t.Errorf("%v names no line", err)
			}
			return
		}
		if err := j.Append(Entry{Event: EventDone, Kind: KindItem, Source: "s", Target: "t", Action: Create}); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j, err = OpenJournal(path, "run")
		if err != nil {
			t.Fatalf("opened again: %v", err)
		}
		defer j.Close()
		if got, ok := j.made(KindItem, "s"); !ok || got != "t" {
			t.Errorf("the line that was appended is lost: %q %v", got, ok)
		}
	})
}

func TestJournalLinesAreBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	j := openJournal(t, path)
	changes := make([]ChangeNote, 50_000)
	for i := range changes {
		changes[i] = ChangeNote{Path: fmt.Sprintf("data $.layers[%d].itemId", i), Rule: "item", Before: "0123456789abcdef", After: "fedcba9876543210"}
	}
	appendAll(t, j,
		Entry{Event: EventDone, Kind: KindItem, Source: "a", Target: "b", Action: Create, Changes: changes},
		Entry{Event: EventFailed, Kind: KindItem, Source: "c", Error: strings.Repeat("ä", 100_000)},
	)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(raw), "\n") {
		if len(line) > 100<<10 {
			t.Errorf("line %d is %d bytes long", i+1, len(line))
		}
	}
	if !strings.Contains(string(raw), `"moreChanges":49800`) {
		t.Error("the line does not say how many changes it leaves out")
	}
}

// TestJournalKnowsWhatWasMadeOnceAndChangedLater follows one object through the runs.
func TestJournalKnowsWhatWasMadeOnceAndChangedLater(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	j := openJournal(t, path)
	made := func(e ...Entry) (string, bool, bool, bool) {
		appendAll(t, j, e...)
		target, ok := j.made(KindItem, "a")
		_, begun := j.begun(KindItem, "a")
		return target, ok, begun, j.unfinished(KindItem, "a")
	}
	for _, tc := range []struct {
		name             string
		entry            Entry
		target           string
		made, begun, unf bool
	}{
		{"begun", Entry{Event: EventIntent, Target: "x", Action: Create}, "", false, true, false},
		{"failed", Entry{Event: EventFailed, Action: Create}, "", false, true, false},
		{"done", Entry{Event: EventDone, Target: "x", Action: Create}, "x", true, false, false},
		{"being changed", Entry{Event: EventIntent, Target: "x", Action: Update}, "x", true, false, true},
		{"change failed", Entry{Event: EventFailed, Action: Update}, "x", true, false, true},
		{"changed", Entry{Event: EventDone, Target: "x", Action: Update}, "x", true, false, false},
		{"undone", Entry{Event: EventUndone, Target: "x"}, "", false, false, false},
		{"being replaced", Entry{Event: EventIntent, Kind: KindItem, Target: "y", Action: Replace}, "", false, false, true},
		{"replaced", Entry{Event: EventDone, Target: "y", Action: Replace}, "y", true, false, false},
	} {
		tc.entry.Kind, tc.entry.Source = KindItem, "a"
		if target, ok, begun, unf := made(tc.entry); target != tc.target || ok != tc.made || begun != tc.begun || unf != tc.unf {
			t.Errorf("%s: target %q, made %v, begun %v, unfinished %v", tc.name, target, ok, begun, unf)
		}
	}
}

// TestWhatGivesWayIsOursOnlyWhenItsPlaceIsClear follows a group that is replaced.
func TestWhatGivesWayIsOursOnlyWhenItsPlaceIsClear(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "j"))
	group := func(ev Event, target string, a Action) Entry {
		return Entry{Event: ev, Kind: KindGroup, Source: "g", Target: target, Action: a}
	}
	for _, tc := range []struct {
		name   string
		entry  Entry
		begun  bool
		target string
	}{
		{"is to go", group(EventIntent, "theirs", Replace), false, ""},
		{"could not go", group(EventFailed, "", Replace), false, ""},
		{"is to go again", group(EventIntent, "theirs", Replace), false, ""},
		{"is gone", group(EventCleared, "", Replace), true, ""},
		{"is made", group(EventIntent, "ours", Replace), true, "ours"},
		{"could not be completed", group(EventFailed, "", Replace), true, "ours"},
		{"is complete", group(EventDone, "ours", Replace), false, ""},
	} {
		appendAll(t, j, tc.entry)
		if e, begun := j.begun(KindGroup, "g"); begun != tc.begun || e.Target != tc.target {
			t.Errorf("%s: begun %v with %q", tc.name, begun, e.Target)
		}
	}
}
