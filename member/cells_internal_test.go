package member

import (
	"reflect"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

func TestNeutral(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "ada": "ada", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx",
		"'=1": "''=1", "'ada": "'ada", "a=b": "a=b",
	} {
		if got := neutral(in); got != want {
			t.Errorf("neutral(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzCells writes texts into cells and reads them back.
func FuzzCells(f *testing.F) {
	f.Add("a;b", "=x", `\`)
	f.Add("'=1", "''", `a\;b: c, d`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, s := range []string{a, b, c} {
			if got := plain(neutral(s)); got != s {
				t.Errorf("%q comes back as %q", s, got)
			}
			if n := neutral(s); isFormula(n) {
				t.Errorf("%q is a formula", n)
			}
		}
		list := splitList(a + ";" + b + ";" + c)
		if got := splitList(joinList(list)); !reflect.DeepEqual(got, list) {
			t.Errorf("%q comes back as %q", list, got)
		}
		grants, err := parseGrants(a)
		if err != nil {
			return
		}
		for i := range grants {
			grants[i].Product = grants[i].title()
		}
		again, err := parseGrants(formatGrants(grants))
		if err != nil || !reflect.DeepEqual(again, grants) {
			t.Errorf("%q comes back as %q: %v", grants, again, err)
		}
	})
}

func TestCode(t *testing.T) {
	t.Parallel()
	for want, in := range map[string][]string{
		"-": nil, "A": {"desktopAdvN"}, "S12": {"spatialAnalystN", "3DAnalystN", "desktopStdN"}, "B+": {"desktopBasicN", "imageAnalystN"}, "-9": {"smpEuropeN"},
	} {
		if got := Code(in); got != want {
			t.Errorf("Code(%v) = %s, want %s", in, got, want)
		}
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	// Two members swap levels of which no seat is free: neither can go first.
	p := &Product{License: newTestLicense(map[string]int{"desktopAdvN": 1, "desktopStdN": 1}), Assigned: map[string]int{"desktopAdvN": 1, "desktopStdN": 1}, holders: map[string]*Holding{"a": {}, "b": {}}}
	swap := func() []Change {
		return []Change{
			{Username: "a", ItemID: "p", Before: []string{"desktopAdvN"}, After: []string{"desktopStdN"}},
			{Username: "b", ItemID: "p", Before: []string{"desktopStdN"}, After: []string{"desktopAdvN"}},
		}
	}
	c := swap()
	settle(c, []*Product{p})
	if c[0].Refusal == "" || c[1].Refusal == "" {
		t.Errorf("%+v", c)
	}
	// With one more seat of one level they go one after the other.
	p.Seats["desktopStdN"] = 2
	c = swap()
	settle(c, []*Product{p})
	if c[0].Refusal != "" || c[1].Refusal != "" || c[0].Wave >= c[1].Wave {
		t.Errorf("%+v", c)
	}
}

func newTestLicense(seats map[string]int) *gis.License {
	return &gis.License{ItemID: "p", Title: Pro, MaxUsers: gis.NoLimit, Seats: seats}
}
