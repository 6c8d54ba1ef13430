package clone

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

const (
	oldID = "0fcf0bd879b84a01bd596aee72111e49"
	newID = "b7d1c0bd879b84a01bd596aee7211222"
)

func testRewriter(t *testing.T) *remap.Rewriter {
	t.Helper()
	rw, err := remap.New(remap.Map{
		Items: map[string]string{oldID: newID}, Source: []string{"https://staging.example.org/portal"}, Target: "https://gis.example.org/portal",
	})
	if err != nil {
		t.Fatal(err)
	}
	return rw
}

func TestLongTextIsRewrittenAsAWhole(t *testing.T) {
	t.Parallel()
	rw := testRewriter(t)
	row := `{"itemId":"` + oldID + `","url":"https://staging.example.org/portal/home/item.html?id=` + oldID + `&x=1,2"},` + "\n"
	mapped := strings.NewReplacer(oldID, newID, "staging.example.org", "gis.example.org").Replace
	for name, text := range map[string]string{
		"many pieces":         "[" + strings.Repeat(row, 60_000) + "{}]",
		"short":               row,
		"empty":               "",
		"one very long value": `{"a":"` + oldID + `","b":"` + strings.Repeat("QUJD", 6<<20) + `","c":"` + oldID + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			rep, err := rewriteStream(rw, iotest.HalfReader(strings.NewReader(text)), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got := out.String(); got != mapped(text) {
				t.Errorf("%d bytes differ from the %d wanted", len(got), len(mapped(text)))
			}
			if n := strings.Count(text, oldID); n > 0 && len(rep.Changes)+rep.Omitted < n {
				t.Errorf("%d changes are reported of %d", len(rep.Changes)+rep.Omitted, n)
			}
		})
	}
}

func TestABrokenLongTextIsNotTakenForItsEnd(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	broken := &gis.Error{Message: "the connection broke"}
	_, err := rewriteStream(testRewriter(t), &failing{strings.NewReader(`{"a":1},`), broken}, &out)
	if err != broken {
		t.Errorf("got %v, want %v", err, broken)
	}
}

// failing reads r and then fails.
type failing struct {
	r   *strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if n, _ := f.r.Read(p); n > 0 {
		return n, nil
	}
	return 0, f.err
}

func TestPiecesEndWhereNoReferenceGoesOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{"a":1},{"b":"` + oldID[:8]:          len(`{"a":1},`),
		`["` + oldID + `","` + oldID[:10]:     len(`["` + oldID + `",`),
		"line\nhttps://staging.example.org/p": len("line\n"),
		`https://staging.example.org/x,y`:     0,
		"":                                    0,
	} {
		if got := pieceEnd([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestDataNames(t *testing.T) {
	t.Parallel()
	png := []byte("\x89PNG\r\n\x1a\n\x00")
	for _, tc := range []struct {
		name string
		it   gis.Item
		d    gis.Data
		head []byte
		want string
	}{
		{"a file", gis.Item{Name: "a.csv"}, gis.Data{Name: "a.csv"}, []byte("x"), "a.csv"},
		{"the text of a map", gis.Item{}, gis.Data{}, []byte("{}"), ""},
		{"the text of a map that the portal serves under a name", gis.Item{}, gis.Data{Name: "data.json"}, []byte("{}"), ""},
		{"the text of a service, which has a name of its own", gis.Item{Name: "Stops", URL: "https://x/FeatureServer"}, gis.Data{}, []byte("{}"), ""},
		{"a file of an app with an address", gis.Item{Name: "app.zip", URL: "https://x"}, gis.Data{Name: "app.zip"}, []byte("PK\x03\x04\x00"), "app.zip"},
		{"bytes that only the answer names", gis.Item{}, gis.Data{Name: "p.png"}, png, "p.png"},
		{"bytes without a name", gis.Item{ID: "abc"}, gis.Data{ContentType: "image/png"}, png, "abc.png"},
		{"text that is cut within a character", gis.Item{}, gis.Data{}, []byte("Größe")[:3], ""},
	} {
		if got := dataName(&tc.it, &tc.d, tc.head); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
