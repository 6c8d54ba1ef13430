package clone

import (
	"maps"
	"strings"
	"testing"
)

func TestReadMap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want, err string }{
		{"two rows", "source,target\nada,ada.l\ngrace,hopper\n", "ada=ada.l grace=hopper", ""},
		{"mark, quotes, blanks and CRLF", "\ufeffSource, Target\r\n\"a, b\" , c \r\n\r\nd,e\r\n", "", "line 2, column"},
		{"quoted comma", "source,target\n\"a, b\",c\n", "a, b=c", ""},
		{"empty file", "", "", "line 1: the file is empty"},
		{"no header", "ada,grace\n", "", `line 1: the first line is "ada,grace"`},
		{"three columns", "source,target\na,b,c\n", "", "line 2: 3 columns"},
		{"no target", "source,target\na,b\nc,\n", "", "line 3, column 3: the target is empty"},
		{"no source", "source,target\n  ,b\n", "", "line 2, column 1: the source is empty"},
		{"twice", "source,target\nada,b\nc,d\nADA,e\n", "", "line 4, column 1: ADA is mapped in line 2 already"},
		{"open quote", "source,target\n\"a,b\n", "", "line 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadMap(strings.NewReader(tc.in))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("got %v, want an error with %q", err, tc.err)
				}
				return
			}
			want := map[string]string{}
			for _, pair := range strings.Split(strings.ReplaceAll(tc.want, ", ", "\x00"), " ") {
				from, to, _ := strings.Cut(strings.ReplaceAll(pair, "\x00", ", "), "=")
				want[from] = to
			}
			if err != nil || !maps.Equal(got, want) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

func TestParseAccessMap(t *testing.T) {
	t.Parallel()
	got, err := ParseAccessMap(" org=public, shared = private")
	if err != nil || !maps.Equal(got, map[string]string{"org": "public", "shared": "private"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := ParseAccessMap(""); got != nil || err != nil {
		t.Errorf("empty: got %v, %v", got, err)
	}
	for in, want := range map[string]string{
		"org":                "not a pair",
		"org=everyone":       `"everyone" is not a level that can be given`,
		"private=shared":     `"shared" is not a level that can be given`,
		"team=org":           `"team" is not a level of access`,
		"org=public,org=org": "named twice",
	} {
		if _, err := ParseAccessMap(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", in, err, want)
		}
	}
}

// TestAccessNeverWidensByItself walks every level under maps that touch other levels.
func TestAccessNeverWidensByItself(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		m      map[string]string
		level  string
		groups bool
		want   string
	}{
		{nil, "private", false, "private"}, {nil, "shared", true, "shared"}, {nil, "org", true, "org"}, {nil, "public", false, "public"}, {nil, "", false, ""},
		{map[string]string{"org": "public"}, "private", true, "private"},
		{map[string]string{"org": "public"}, "org", false, "public"},
		{map[string]string{"public": "private"}, "public", true, "shared"},
		{map[string]string{"public": "private"}, "public", false, "private"},
		{map[string]string{"private": "org"}, "", false, "org"},
		{map[string]string{"shared": "org"}, "shared", true, "org"},
	} {
		o := Options{AccessMap: tc.m}
		if got := o.itemAccess(tc.level, tc.groups); got != tc.want {
			t.Errorf("%v: %s (in groups: %v) becomes %s, want %s", tc.m, tc.level, tc.groups, got, tc.want)
		}
	}
}

func TestOptionsCheck(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("a", 32)
	for _, tc := range []struct {
		o    Options
		want string
	}{
		{Options{}, ""},
		{Options{OnConflict: ConflictReplace, ReplaceMembers: true, ReassignTo: "ada", Only: []string{"tag:x", id}, MapItems: map[string]string{id: id}}, ""},
		{Options{OnConflict: "overwrite"}, "--on-conflict"},
		{Options{ReplaceMembers: true, ReassignTo: "ada"}, "--replace-members: it goes with"},
		{Options{OnConflict: ConflictReplace, ReplaceMembers: true}, "--reassign-to USER"},
		{Options{ReassignTo: "ada"}, "--reassign-to: it goes with"},
		{Options{MapItems: map[string]string{"x": id}}, `--map-items: "x"`},
		{Options{MapGroups: map[string]string{id: strings.ToUpper(id)}}, "--map-groups"},
		{Options{MapUsers: map[string]string{"Ada": "x", "ada": "y"}}, "--map-users"},
		{Options{MapUsers: map[string]string{"Ada": " "}}, "mapped to no name"},
		{Options{Only: []string{"color:red"}}, "--only"},
		{Options{Except: []string{"tag:"}}, "--except"},
		{Options{Only: []string{"folder:ada"}}, "folder:OWNER/TITLE"},
	} {
		err := tc.o.Check()
		if (tc.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%+v: got %v, want %q", tc.o, err, tc.want)
		}
	}
}
