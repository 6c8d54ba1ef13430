package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/tools/directive"
)

// tree copies the fixture and applies edits: file name to replacement pairs.
func tree(t *testing.T, edits map[string][2]string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/tree")); err != nil {
		t.Fatal(err)
	}
	for name, edit := range edits {
		file := filepath.Join(root, name)
		old, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(old), edit[0]) {
			t.Fatalf("%s does not contain %q", name, edit[0])
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(old), edit[0], edit[1], 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func operation(verb, path string) directive.Operation {
	return directive.Operation{Verb: verb, Path: path}
}

// fixtureRoutes is the route table of the fixture's server.
func fixtureRoutes() []route {
	return []route{
		{"community/Self", false}, {"community/users", false}, {"community/users/{username}/update", true},
		{"community/users/{username}/{operation}", false}, {"content/items/{id}/resources/{path...}", false}, {"portaladmin/security", false},
	}
}

func TestServedHasTheTablesOfTheServer(t *testing.T) {
	t.Parallel()
	all := served()
	for _, want := range []directive.Operation{operation("POST", "generateToken"), operation("GET", "oauth2/token"), operation("GET", "search"), operation("POST", "content/users/{username}/addItem")} {
		if !slices.ContainsFunc(all, func(r route) bool { return r.serves(want) }) {
			t.Errorf("no route serves %v", want)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	root := tree(t, nil)
	if err := run([]string{"-root", root}, fixtureRoutes(), io.Discard); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, "docs", "coverage.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/coverage.golden.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("page differs from testdata/coverage.golden.md, got:\n%s", got)
	}
	if err := run([]string{"-root", root, "-check"}, fixtureRoutes(), io.Discard); err != nil {
		t.Errorf("the page just written does not pass -check: %v", err)
	}
}

func TestBareDirectives(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string][2]string{"gis/users.go": {"// rest: GET community/self", "//rest: get /community/self"}})
	symbols, err := directive.Scan(root, "gis")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Name == "gis.Self" && len(s.Ops) == 1 && s.Ops[0] == operation("GET", "community/self") {
			return
		}
	}
	t.Errorf("gis.Self lacks its operation: %+v", symbols)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const seed, reasons = "tools/opmap/parity.tsv", "tools/opmap/reasons.tsv"
	const answers = "test/recorded/testdata/responses.tsv"
	const users, server = "gis/users.go", "internal/portal/rest/routes.go"
	tests := []struct {
		name, file, old, with, want string
	}{
		{"uncovered member", seed, "UserManager\tas_df", "User\tlevel\tproperty\tlevel\nUserManager\tas_df", "User.level has neither"},
		{"directive lost", users, "// py: arcgis.gis.User.update\n", "", "User.update has neither"},
		{"test files cover nothing", reasons, "User\tbundles\tlater\tlicenses\tbundles come with seats\n", "", "User.bundles has neither"},
		{"covered and excused", reasons, "User\tbundles", "User\tupdate\tlater\tx\ty\nUser\tbundles", "User.update is covered by gis.User.Update"},
		{"reason without member", reasons, "User\tbundles", "Hub\tsites\tlater\tx\ty\nUser\tbundles", "names Hub.sites"},
		{"unknown status", reasons, "\tnone\t", "\tsoon\t", `status "soon"`},
		{"missing column", reasons, "\tlicenses\t", "\t", "4 columns, want 5"},
		{"empty column", reasons, "bundles come with seats", "", "a column is empty"},
		{"reason twice", reasons, "UserManager\tas_df", "User\tbundles", "two reasons"},
		{"member twice", seed, "UserManager\tas_df", "UserManager\tsearch", "listed twice"},
		{"directive without path", users, "GET community/self", "GET", "want a verb and a path"},
		{"directive with another verb", users, "GET community/self", "PUT community/self", "GET or POST"},
		{"unknown standing", answers, "\tdocumented\t", "\tsaid\t", `"said" is no standing`},
		{"answer to no operation", answers, "GET community/users\tusers", "community/users\tusers", "is no operation"},
		{"standing lost, old page", answers, "\trecorded\t", "\tfixture\t", "not current"},
		{"word behind the path", users, "canFlag reads", "canFlag read", "only the word reads"},
		{"reads behind GET", users, "GET community/self", "GET community/self reads", "only after POST"},
		{"new note, old page", server, "the portal answers an empty list", "the portal answers nothing", "not current"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, nil)
			if err := run([]string{"-root", root}, fixtureRoutes(), io.Discard); err != nil {
				t.Fatal(err)
			}
			changed := tree(t, map[string][2]string{tt.file: {tt.old, tt.with}})
			page, err := os.ReadFile(filepath.Join(root, "docs", "coverage.md"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(changed, "docs"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(changed, "docs", "coverage.md"), page, 0o644); err != nil {
				t.Fatal(err)
			}
			err = run([]string{"-root", changed, "-check"}, fixtureRoutes(), io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want an error with %q", err, tt.want)
			}
			after, err := os.ReadFile(filepath.Join(changed, "docs", "coverage.md"))
			if err != nil || string(after) != string(page) {
				t.Errorf("-check wrote to the page (%v)", err)
			}
		})
	}
}

func TestServes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		route route
		op    directive.Operation
		want  bool
	}{
		{"same", route{"community/users", false}, operation("GET", "community/users"), true},
		{"other case", route{"community/Self", false}, operation("GET", "community/self"), true},
		{"other variable name", route{"content/items/{id}", false}, operation("GET", "content/items/{itemId}"), true},
		{"fixed word for a variable", route{"portals/{id}/users", false}, operation("GET", "portals/self/users"), true},
		{"variable for a fixed word", route{"portals/self/users", false}, operation("GET", "portals/{id}/users"), false},
		{"reads answer POST", route{"community/users", false}, operation("POST", "community/users"), true},
		{"writes refuse GET", route{"community/createGroup", true}, operation("GET", "community/createGroup"), false},
		{"longer", route{"community/users", false}, operation("GET", "community/users/{u}"), false},
		{"shorter", route{"community/users/{u}", false}, operation("GET", "community/users"), false},
		{"rest", route{"items/{id}/resources/{path...}", false}, operation("GET", "items/{id}/resources/a/b"), true},
		{"empty rest", route{"items/{id}/resources/{path...}", false}, operation("GET", "items/{id}/resources"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.route.serves(tt.op); got != tt.want {
				t.Errorf("%v serves %v = %v, want %v", tt.route, tt.op, got, tt.want)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"extra"}, {"-unknown"}, {"-root", "testdata/no-such-tree"}} {
		if err := run(args, fixtureRoutes(), io.Discard); err == nil {
			t.Errorf("run(%q) succeeded", args)
		}
	}
}
