package search

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func word(field, text string) *Term   { return &Term{Field: field, Text: text, Kind: Word, Boost: 1} }
func phrase(field, text string) *Term { return &Term{Field: field, Text: text, Kind: Phrase, Boost: 1} }
func pattern(field, text string) *Term {
	return &Term{Field: field, Text: text, Kind: Pattern, Boost: 1}
}
func exists(field string) *Term         { return &Term{Field: field, Text: "*", Kind: Exists, Boost: 1} }
func all(parts ...Node) *And            { return &And{parts} }
func some(parts ...Node) *Or            { return &Or{parts} }
func none(part Node) *Not               { return &Not{part} }
func boosted(t *Term, by float64) *Term { t.Boost = by; return t }
func between(field, a, b string) *Range { return &Range{Field: field, From: a, To: b} }
func filtered(field, text string) *Term {
	return &Term{Field: field, Text: text, Kind: Phrase, Boost: 1, Filter: true}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want Node
	}{
		// nothing
		{"", &And{}},
		{" \t\n", &And{}},
		// words
		{"fire", word("", "fire")},
		{"Fire Station", all(word("", "Fire"), word("", "Station"))},
		{"'single quotes'", all(word("", "'single"), word("", "quotes'"))},
		{"1=1", word("", "1=1")},
		{"1=1 OR 2=2", some(word("", "1=1"), word("", "2=2"))},
		{"Roads & Bridges", all(word("", "Roads"), word("", "&"), word("", "Bridges"))},
		{"foo-bar", word("", "foo-bar")},
		{"a - b", all(word("", "a"), word("", "-"), word("", "b"))},
		{"hello!", word("", "hello!")},
		{"12:30", word("", "12:30")},
		{"http://a.example/x", word("", "http://a.example/x")},
		{"Überschwemmung 洪水", all(word("", "Überschwemmung"), word("", "洪水"))},
		{"or and not", all(word("", "or"), word("", "and"), word("", "not"))},
		{"ORANGE NOTE ANDES", all(word("", "ORANGE"), word("", "NOTE"), word("", "ANDES"))},
		// phrases
		{`"web map"`, phrase("", "web map")},
		{`"a * b?"`, phrase("", "a * b?")},
		{`"say \"hi\" \\ now"`, phrase("", `say "hi" \ now`)},
		{`""`, phrase("", "")},
		{`5"x"`, all(word("", "5"), phrase("", "x"))},
		// fields
		{"owner:jsmith", word("owner", "jsmith")},
		{"OWNER:jsmith", word("owner", "jsmith")},
		{"id: abc AND group: def", all(word("id", "abc"), word("group", "def"))},
		{`type:"web map"`, phrase("type", "web map")},
		{"title:fire station", all(word("title", "fire"), word("", "station"))},
		{"title:(fire OR flood)", some(word("title", "fire"), word("title", "flood"))},
		{"title:(fire owner:x)", all(word("title", "fire"), word("owner", "x"))},
		{"url:http://h/x?y", pattern("url", "http://h/x?y")},
		{"a:b:c", word("a", "b:c")},
		{"lastlogin:-1", word("lastlogin", "-1")},
		// aliases
		{"accountid:0123", word("orgid", "0123")},
		{"AccountID: 0123", word("orgid", "0123")},
		{"uploaded:[1 TO 2]", between("created", "1", "2")},
		{"role:account_admin OR role:account_publisher", some(word("role", "org_admin"), word("role", "org_publisher"))},
		{`role:"Account_User"`, phrase("role", "org_user")},
		{"title:account_admin", word("title", "account_admin")},
		// operators
		{"a AND b", all(word("", "a"), word("", "b"))},
		{"a OR b", some(word("", "a"), word("", "b"))},
		{"NOT a", none(word("", "a"))},
		{"a NOT b", all(word("", "a"), none(word("", "b")))},
		{"a AND NOT b", all(word("", "a"), none(word("", "b")))},
		{"a OR NOT b", some(word("", "a"), none(word("", "b")))},
		{"NOT NOT a", none(none(word("", "a")))},
		{"+a -b", all(word("", "a"), none(word("", "b")))},
		{`-"a b" -(c d) -username:esri_nav`, all(none(phrase("", "a b")), none(all(word("", "c"), word("", "d"))), none(word("username", "esri_nav")))},
		{"a && b || !c", some(all(word("", "a"), word("", "b")), none(word("", "c")))},
		{"NOT(a)", none(word("", "a"))},
		// precedence: AND binds tighter than OR, side by side like AND
		{"a OR b accountid:x", some(word("", "a"), all(word("", "b"), word("orgid", "x")))},
		{"a AND b OR c AND d", some(all(word("", "a"), word("", "b")), all(word("", "c"), word("", "d")))},
		{"(a OR b) c", all(some(word("", "a"), word("", "b")), word("", "c"))},
		{"((a)) (b (c d))", all(word("", "a"), word("", "b"), word("", "c"), word("", "d"))},
		// what the Python package sends for item types
		{`roads AND  (type:"web map" NOT type:"web mapping application") accountid:0123`, all(
			word("", "roads"), phrase("type", "web map"), none(phrase("type", "web mapping application")), word("orgid", "0123"))},
		// wildcards
		{"fire*", pattern("", "fire*")},
		{"f?re", pattern("", "f?re")},
		{`a\*b*`, pattern("", `a\*b*`)},
		{`a\*b`, word("", "a*b")},
		{"*", exists("")},
		{"*:*", exists("")},
		{"tags:*", exists("tags")},
		{"* orgid:x", all(exists(""), word("orgid", "x"))},
		// ranges
		{"created:[0000001259692864000 TO 0000001260384065000]", between("created", "0000001259692864000", "0000001260384065000")},
		{"created:[* TO 5]", between("created", "*", "5")},
		{"owner:{arcgis_explorer TO esri}", &Range{"owner", "arcgis_explorer", "esri", true, true}},
		{"numviews:[1 TO 5}", &Range{"numviews", "1", "5", false, true}},
		{"numviews:{ 1 TO 5 ]", &Range{"numviews", "1", "5", true, false}},
		{`title:["a b" TO "c d"]`, between("title", "a b", "c d")},
		{"numviews: [-5 TO 3]^2 x", all(between("numviews", "-5", "3"), word("", "x"))},
		// boosts
		{"fire^5", boosted(word("", "fire"), 5)},
		{`title:"a b"^0.5`, boosted(phrase("title", "a b"), 0.5)},
		{"(a b^3)^2", all(boosted(word("", "a"), 2), boosted(word("", "b"), 6))},
		// escapes
		{`a\:b`, word("", "a:b")},
		{`\-a`, word("", "-a")},
		{`\(a\)`, word("", "(a)")},
		{`\AND`, word("", "AND")},
		{`a\ b`, word("", "a b")},
		{`c\~`, word("", "c~")},
		{"a~b", word("", "a~b")},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.in)
			if err != nil {
				t.Fatalf("Parse(%q): %v", tt.in, err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Parse(%q)\n got %s\nwant %s", tt.in, Print(got), Print(tt.want))
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		at   int
		says string // the way out
	}{
		{"(a b", 1, "add )"},
		{"a)", 2, "write \\)"},
		{"a ()", 3, "hold nothing"},
		{`say "hi`, 5, `write \"`},
		{"a AND", 6, "term is missing"},
		{"a OR", 5, "term is missing"},
		{"OR a", 1, `write "OR"`},
		{"AND", 1, `write "AND"`},
		{"a AND OR b", 7, `write "OR"`},
		{"NOT", 4, "term is missing"},
		{"title:", 7, "field title has no value"},
		{"title: AND b", 8, `write "AND"`},
		{"(title:)", 8, "field title has no value"},
		{"*fire", 1, "cannot begin with a wildcard"},
		{"title:?x", 7, "cannot begin with a wildcard"},
		{"**", 1, "cannot begin with a wildcard"},
		{"fire^", 5, "needs a number"},
		{"fire^x", 5, "needs a number"},
		{"^2", 1, "cannot begin with ^"},
		{"[1 TO 2]", 1, "put a field before it"},
		{"created:[1 2]", 12, "write TO"},
		{"created:[1 TO 2", 9, "bracket is not closed"},
		{"created:[ TO 2]", 14, "write TO"},
		{"created:[1 TO ]", 15, "an end is missing"},
		{"roam~", 5, "not supported"},
		{"roam~0.8 x", 5, "not supported"},
		{`"a b"~3`, 6, "not supported"},
		{`a\`, 2, "backslash"},
		{"extent:[-114.3,21.7] - [-73.1,44.0]", 1, "bbox"},
		{"Extent: [1,2]", 1, "bbox"},
		{"é é (", 6, "term is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			n, err := Parse(tt.in)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("Parse(%q) = %v, %v; want an *Error", tt.in, n, err)
			}
			if e.At != tt.at || !strings.Contains(e.Message, tt.says) {
				t.Errorf("Parse(%q): %v; want character %d and %q", tt.in, e, tt.at, tt.says)
			}
		})
	}
}

func TestParseFilter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in      string
		want    Node
		wantErr string
	}{
		{in: `title:"Water Bodies"`, want: filtered("title", "Water Bodies")},
		{in: `Tags:"a" AND (type:"Web Map" OR NOT owner:ada)`, want: all(filtered("tags", "a"), some(filtered("type", "Web Map"), none(filtered("owner", "ada"))))},
		{in: `tag:"a"`, want: filtered("tags", "a")},
		{in: "", want: &And{}},
		{in: "fire", wantErr: "needs a field"},
		{in: `"a b"`, wantErr: "needs a field"},
		{in: "title:fi*", wantErr: "no wildcards"},
		{in: "title:*", wantErr: "no wildcards"},
		{in: "created:[1 TO 2]", wantErr: "no ranges"},
		{in: `title:"a"^2`, wantErr: "no boosts"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			got, err := ParseFilter(tt.in)
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Fatalf("ParseFilter(%q) = %v, %v; want an error with %q", tt.in, got, err, tt.wantErr)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("ParseFilter(%q) = %s, %v; want %s", tt.in, Print(got), err, Print(tt.want))
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, says string
	}{
		{"length", strings.Repeat("a ", MaxLength), "longer than"},
		{"terms", strings.Repeat("a ", MaxTerms+1), "more than 1024 terms"},
		{"parentheses", strings.Repeat("(", 5000) + "a" + strings.Repeat(")", 5000), "nests more than"},
		{"NOT", strings.Repeat("NOT ", 5000) + "a", "nests more than"},
		{"prefixes", strings.Repeat("-", 5000) + "a", "nests more than"},
		{"open parentheses", strings.Repeat("(", MaxLength-1), "nests more than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse(tt.in); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want an error with %q", err, tt.says)
			}
		})
	}
	if _, err := Parse(strings.Repeat("a ", MaxTerms)); err != nil {
		t.Errorf("a query at the limit: %v", err)
	}
	if _, err := Parse(strings.Repeat("(", MaxDepth) + "a" + strings.Repeat(")", MaxDepth)); err != nil {
		t.Errorf("nesting at the limit: %v", err)
	}
}
