package remap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestScan(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	text := "id,url\n1," + strings.ToUpper(mapID) + "\n2,https://portal.example.org/portal/x?id=" + teamID + "\n" +
		"3,https%3A%2F%2Fportal.example.org%3A443%2Fportal\n4," + lostID + "," + keptID + ",x" + mapID + "\n" +
		"5,https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/1\n6,portal.example.org/portal2,staging.maps.arcgis.com\n" +
		"7,https://gis.example.com/arc,//other.example.org/x\n"
	at := func(part string) string { return fmt.Sprintf("@%d ", strings.Index(text, part)) }
	want := at("A0FC") + "item " + strings.ToUpper(mapID) + " kept\n" +
		at("https://portal") + "address https://portal.example.org/portal kept\n" +
		at(teamID) + "group " + teamID + " kept\n" +
		at("https%3A") + "address https%3A%2F%2Fportal.example.org%3A443%2Fportal kept\n" +
		at("staging") + "address staging.maps.arcgis.com kept"
	wantService := at("https://services") + "service https://services.arcgis.com/ORG/arcgis/rest/services"
	for _, window := range []int{1, 2, 7, 100, 1 << 20} {
		rep, err := r.scan(iotest.OneByteReader(strings.NewReader(text)), window)
		if err != nil {
			t.Fatal(err)
		}
		if got := refs(rep.Unresolved); got != want {
			t.Errorf("window %d\n got %s\nwant %s", window, got, want)
		}
		if got := refs(rep.ByReference); got != wantService {
			t.Errorf("window %d\n got %s\nwant %s", window, got, wantService)
		}
		if len(rep.Changes)+len(rep.External)+rep.Omitted > 0 {
			t.Errorf("window %d: %+v", window, rep)
		}
	}
}

// Offsets hold beyond the first window, and hits across its border are found.
func TestScanFarOffset(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	const window = 8 << 10
	for _, shift := range []int{-40, -31, -16, -1, 0, 1} {
		at := 3*window + shift
		for _, filler := range []string{" ", "x", "/", "\\", "%", "é"} {
			pad := strings.Repeat(filler, at/len(filler)+1)[:at-1] + " "
			rep, err := r.scan(strings.NewReader(pad+mapID+" "+pad), window)
			if err != nil || refs(rep.Unresolved) != fmt.Sprintf("@%d item %s kept", at, mapID) {
				t.Errorf("filler %q, shift %d: %v %s", filler, shift, err, refs(rep.Unresolved))
			}
		}
	}
}

func TestScanListIsBounded(t *testing.T) {
	t.Parallel()
	text := strings.Repeat(mapID+"\n", maxHits+5) + strings.Repeat("//services.arcgis.com/ORG/arcgis/rest/services\n", maxHits+2)
	rep, err := rewriter(t, testMap()).Scan(strings.NewReader(text))
	if err != nil || len(rep.Unresolved) != maxHits || len(rep.ByReference) != maxHits || rep.Omitted != 7 {
		t.Errorf("%d, %d, %d, %v", len(rep.Unresolved), len(rep.ByReference), rep.Omitted, err)
	}
}

// endless yields bytes without holding them.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = "0123456789abcdefx/%2F\\&"[(e.left-i)%23]
	}
	e.left -= n
	return n, nil
}

// Not parallel: it counts allocations.
func TestScanMemoryIsBounded(t *testing.T) {
	r := rewriter(t, testMap())
	allocations := func(size int) float64 {
		return testing.AllocsPerRun(1, func() {
			if _, err := r.Scan(&endless{size}); err != nil {
				t.Error(err)
			}
		})
	}
	if small, large := allocations(1<<10), allocations(4<<20); large > small {
		t.Errorf("1 kB takes %v allocations, 4 MB %v", small, large)
	}
}

func TestScanReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	rd := io.MultiReader(strings.NewReader(mapID+" "), iotest.ErrReader(broken))
	if _, err := rewriter(t, testMap()).Scan(rd); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if rep, err := rewriter(t, testMap()).Scan(bytes.NewReader(nil)); err != nil || len(rep.Unresolved) > 0 {
		t.Errorf("an empty file: %+v %v", rep, err)
	}
}
