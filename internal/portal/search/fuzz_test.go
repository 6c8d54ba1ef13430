package search

import (
	"reflect"
	"testing"
)

// FuzzParse holds that a query either is refused or survives being printed and read again.
func FuzzParse(f *testing.F) {
	for _, q := range []string{
		"", "a b", `type:"web map" NOT type:"web mapping application"`, "title:(a OR b)^2 -c", "created:[1 TO 2} x",
		`owner:{"a b" TO *]`, `a\:b\*c*`, "fi?e* AND tags:*", "*:*", `"a \" b"^0.5`, `\AND OR \-x`, "a && !b || c", "http://x/y", "12:30~x", "é:ü",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		n, err := Parse(q)
		if err != nil {
			return
		}
		again, err := Parse(Print(n))
		if err != nil {
			if len(Print(n)) > MaxLength { // escapes made it longer
				return
			}
			t.Fatalf("%q prints as %q: %v", q, Print(n), err)
		}
		if !reflect.DeepEqual(n, again) {
			t.Fatalf("%q prints as %q, which reads as %q", q, Print(n), Print(again))
		}
	})
}

// FuzzParseFilter holds the same for filter expressions.
func FuzzParseFilter(f *testing.F) {
	for _, q := range []string{"", `a:"b" AND NOT (c:d OR e:"f g")`, `tags:"a\"b"`} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		n, err := ParseFilter(q)
		if err != nil {
			return
		}
		again, err := ParseFilter(Print(n))
		if err != nil && len(Print(n)) <= MaxLength || err == nil && !reflect.DeepEqual(n, again) {
			t.Fatalf("%q prints as %q: %v", q, Print(n), err)
		}
	})
}
