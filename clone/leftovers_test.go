package clone

import (
	"slices"
	"strings"
	"testing"
)

// TestPlainSearchFindsEverySpelling spells an id and an address of the source in every way that
// texts have, beside look-alikes which are none.
func TestPlainSearchFindsEverySpelling(t *testing.T) {
	t.Parallel()
	const id, group, other = "0fcf0bd879b84a01bd596aee72111e49", "aaaabbbbccccddddeeeeffff00001111", "99990bd879b84a01bd596aee72119999"
	p := plainSearch{moved: map[string]string{id: "item", group: "group"}, addresses: []string{"staging.example.org/portal"}, target: "gis.example.org/portal"}
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"plain id":              {`{"itemId":"` + id + `"}`, []string{id}},
		"upper case":            {strings.ToUpper(id), []string{id}},
		"within words":          {"source_" + id + "-1 r-" + id + "_x", []string{id}},
		"group":                 {"group=" + group, []string{group}},
		"longer":                {id + "0 a" + id + " " + id[:31], nil},
		"another id":            {other, nil},
		"address":               {"see https://staging.example.org/portal/home", []string{"staging.example.org/portal"}},
		"protocol-relative":     {`"//Staging.example.org/portal"`, []string{"staging.example.org/portal"}},
		"backslashes":           {`https:\/\/staging.example.org\/portal\/home`, []string{"staging.example.org/portal"}},
		"percent":               {"portalUrl=https%3A%2F%2Fstaging.example.org%2Fportal", []string{"staging.example.org/portal"}},
		"percent twice":         {"u=https%253A%252F%252Fstaging.example.org%252Fportal", []string{"staging.example.org/portal"}},
		"entities":              {"https:&#x2F;&#47;staging.example.org&#x2f;portal", []string{"staging.example.org/portal"}},
		"longer host":           {"https://staging.example.org.evil/portal https://staging.example.org/portal2 https://a.staging.example.org/portal", nil},
		"service by reference":  {"https://staging.example.org/portal/rest/services/Hosted/x_" + id + "/FeatureServer/0", nil},
		"embedded picture":      {"data:image/png;base64,AAAA" + id + "==", nil},
		"the target":            {"https://gis.example.org/portal/home/item.html?id=" + other, nil},
		"nothing":               {"", nil},
		"both in nested string": {`{"a":"{\"b\":\"` + id + `\",\"u\":\"https:\\/\\/staging.example.org\\/portal\"}"}`, []string{id, "staging.example.org/portal"}},
	} {
		var got []string
		for _, f := range p.search([]byte(tt.text)) {
			got = append(got, f.value)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %q, want %q", name, got, tt.want)
		}
	}
}

// TestStateTellsWhatWasTouched names aspects, and speaks of the time of change only where
// nothing else differs.
func TestStateTellsWhatWasTouched(t *testing.T) {
	t.Parallel()
	var was, now state
	was.add("title", "Roads")
	was.add("groups", "a", "b")
	was.modified(5)
	if got := parseState(was.String()); !slices.Equal(got, was) {
		t.Fatalf("parsed %v, want %v", got, was)
	}
	if sealedAt(was.String()) != 5 || sealedAt("title=00") != 1 {
		t.Error("the time of the last change is lost")
	}
	now = slices.Clone(was)
	if got := was.touched(now); got != nil {
		t.Errorf("untouched: %q", got)
	}
	now[2].hash = "6"
	if got := was.touched(now); !slices.Equal(got, []string{"data, files or details"}) {
		t.Errorf("data: %q", got)
	}
	now[0].hash = "x"
	if got := was.touched(now); !slices.Equal(got, []string{"title"}) {
		t.Errorf("title: %q", got)
	}
}
