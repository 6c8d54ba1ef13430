package archtest

import (
	"fmt"
	"strings"
	"testing"
)

// verdict checks that a rule finds exactly want, each by a part of its text.
func verdict(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("found %d violations, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("violation %q does not say %q", got[i], want[i])
		}
	}
}

// pkg makes a package of the module that imports the given paths: "~/x" is x of the module.
func pkg(name string, imports, deps, tests []string) Package {
	full := func(paths []string) []string {
		var list []string
		for _, p := range paths {
			list = append(list, strings.Replace(p, "~/", module+"/", 1))
		}
		return list
	}
	return Package{ImportPath: module + "/" + name, Imports: full(imports), Deps: full(append(deps, imports...)), XTestImports: full(tests)}
}

func TestCheckImports(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  Package
		want []string
	}{
		{"vocabulary on the standard library", pkg("esri", []string{"encoding/json"}, nil, nil), nil},
		{"vocabulary with a module", pkg("esri", []string{"example.com/json"}, nil, nil), []string{"esri may not import example.com/json"}},
		{"codec with a module", pkg("esri/pbf", []string{"example.com/json", "~/esri"}, nil, nil), nil},
		{"remap on the vocabulary", pkg("clone/remap", []string{"~/esri"}, nil, nil), nil},
		{"remap on the SDK", pkg("clone/remap", []string{"~/gis"}, nil, nil), []string{"clone/remap may not import gis"}},
		{"SDK on its transport", pkg("gis", []string{"~/internal/wire", "~/gis/auth", "golang.org/x/time/rate"}, nil, nil), nil},
		{"SDK core with a module", pkg("gis", []string{"example.com/json"}, nil, nil), []string{"gis may not import example.com/json"}},
		{"SDK on the server", pkg("gis", []string{"~/internal/portal"}, nil, nil), []string{"gis may not import internal/portal", "gis must never reach internal/portal, but reaches internal/portal"}},
		{"SDK reaches a database", pkg("gis/layer", []string{"~/gis"}, []string{"database/sql"}, nil), []string{"gis/layer must never reach database/sql"}},
		{"transport on the SDK", pkg("internal/wire", []string{"~/gis"}, nil, nil), []string{"internal/wire may not import gis"}},
		{"engine on the SDK", pkg("clone", []string{"~/gis", "~/clone/remap", "~/internal/confirm"}, nil, nil), nil},
		{"engine on a store", pkg("clone", []string{"~/internal/store/sqlite"}, nil, nil), []string{"clone may not import", "clone must never reach internal/store"}},
		{"engine on members", pkg("clone", []string{"~/member"}, nil, nil), []string{"clone may not import member"}},
		{"search is a leaf", pkg("internal/portal/search", []string{"~/esri"}, nil, nil), []string{"internal/portal/search may not import esri"}},
		{"domain on search", pkg("internal/portal", []string{"~/internal/portal/search", "~/esri"}, nil, nil), nil},
		{"domain on where", pkg("internal/portal", []string{"~/internal/portal/where"}, nil, nil), []string{"may not import internal/portal/where"}},
		{"domain reaches HTTP", pkg("internal/portal", []string{"~/esri"}, []string{"net/http"}, nil), []string{"internal/portal must never reach net/http"}},
		{"routes on the domain", pkg("internal/portal/rest", []string{"~/internal/portal", "~/internal/portal/search", "net/http"}, nil, nil), nil},
		{"routes on sign-in", pkg("internal/portal/rest", []string{"~/internal/portal/oauth"}, nil, nil), []string{"may not import internal/portal/oauth"}},
		{"store on routes", pkg("internal/store/sqlite", []string{"~/internal/portal/rest"}, nil, nil), []string{"may not import internal/portal/rest", "must never reach internal/portal/rest"}},
		{"composition", pkg("internal/portal/app", []string{"~/internal/portal/rest", "~/internal/store/sqlite", "~/internal/blob"}, nil, nil), nil},
		{"demo on the server", pkg("internal/demo", []string{"~/gis"}, []string{"~/internal/portal"}, nil), []string{"internal/demo must never reach internal/portal"}},
		{"serve on commands", pkg("internal/serve", []string{"~/internal/cli"}, nil, nil), []string{"may not import internal/cli", "must never reach internal/cli"}},
		{"commands", pkg("internal/cli/clone", []string{"~/clone", "~/internal/cli", "~/internal/serve", "example.com/json"}, nil, nil), nil},
		{"commands on the domain", pkg("internal/cli", []string{"~/internal/portal"}, nil, nil), []string{"internal/cli may not import internal/portal"}},
		{"main on more than its commands", pkg("cmd/rhumb", []string{"~/internal/cli", "~/gis"}, nil, nil), []string{"cmd/rhumb may not import gis"}},
		{"unknown package", pkg("internal/util", nil, nil, nil), []string{"internal/util is in no row"}},
		{"SDK test on portaltest", pkg("gis", nil, nil, []string{"~/portaltest"}), nil},
		{"SDK test on the domain", pkg("gis", nil, nil, []string{"~/internal/portal/rest"}), []string{"tests of gis may not import internal/portal/rest"}},
		{"server test on the SDK", pkg("internal/portal/rest", nil, nil, []string{"~/gis"}), []string{"tests of internal/portal/rest may not import gis"}},
	}
	others := []Package{
		{ImportPath: "example.com/json"}, {ImportPath: "golang.org/x/time/rate"},
		{ImportPath: "net/http", Standard: true, Imports: []string{"example.com/json"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			verdict(t, checkImports(layers, append(others[:len(others):len(others)], tt.pkg)), tt.want)
		})
	}
}

func TestCheckBinary(t *testing.T) {
	t.Parallel()
	verdict(t, checkBinary([]Package{pkg("cmd/rhumb", nil, []string{"fmt", "~/gis"}, nil)}), nil)
	verdict(t, checkBinary([]Package{pkg("cmd/rhumb", nil, []string{"testing", "net/http/httptest", "~/portaltest", "~/internal/store/sqlite"}, nil)}),
		[]string{"test package testing", "test package net/http/httptest", "test package portaltest"})
	verdict(t, checkBinary(nil), []string{"is not there"})
}

func TestSourceRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, text string
		rule             func(source) []string
		want             []string
	}{
		{"default client", "gis/a.go", `import "net/http"; var _ = http.DefaultClient; func f() { http.Get("x") }`, checkHTTP, []string{"http.DefaultClient", "http.Get"}},
		{"renamed import", "gis/a.go", `import web "net/http"; var _ = web.DefaultTransport`, checkHTTP, []string{"http.DefaultTransport"}},
		{"own client", "gis/a.go", `import "net/http"; var c http.Client; func f() { c.Get("x") }`, checkHTTP, nil},
		{"another package's Get", "gis/a.go", `import "example.com/http"; func f() { http.Get("x") }`, checkHTTP, nil},
		{"client of a test", "gis/a_test.go", `import "net/http"; func f() { http.Get("x") }`, checkHTTP, nil},
		{"wall clock", "gis/a.go", `import "time"; var _, _ = time.Now(), time.Since`, checkClock, []string{"time.Now", "time.Since"}},
		{"durations", "gis/a.go", `import "time"; var _ = time.Second`, checkClock, nil},
		{"the clock itself", "internal/clock/a.go", `import "time"; var _ = time.Now()`, checkClock, nil},
		{"clock of a test", "gis/a_test.go", `import "time"; var _ = time.Now()`, checkClock, nil},
		{"clock of a command", "cmd/rhumb/a.go", `import "time"; var _ = time.Now()`, checkClock, nil},
		{"clock passed as a function", "clone/a.go", `import "time"; var now = time.Now`, checkClock, []string{"time.Now"}},
		{"init", "gis/a.go", `func init() {}`, checkInit, []string{"init function"}},
		{"method init", "gis/a.go", `type T int; func (T) init() {}`, checkInit, nil},
		{"skip", "gis/a_test.go", `import "testing"; func f(t *testing.T, b *testing.B) { t.Skip(); b.Skipf("x"); t.SkipNow() }`, checkSkip, []string{"t.Skip:", "b.Skipf:", "t.SkipNow:"}},
		{"another Skip", "gis/a_test.go", `import "testing"; func f(d decoder, t *testing.T) { d.Skip() }`, checkSkip, nil},
		{"the one that may skip", "internal/require/a.go", `import "testing"; func f(t *testing.T) { t.Skip() }`, checkSkip, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			verdict(t, tt.rule(parse(t, tt.file, "package p\n"+tt.text)), tt.want)
		})
	}
}

func TestCheckScriptSkip(t *testing.T) {
	t.Parallel()
	verdict(t, checkScriptSkip("a.txtar", "exec rhumb version\n[!exec:strace] skip 'no strace'\nskip\nstdout skip\n-- f --\nskip\n"),
		[]string{"a.txtar:2", "a.txtar:3"})
}

func TestCheckPackageComments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"one", map[string]string{"p/doc.go": "// Package p is.\npackage p", "p/a.go": "package p"}, nil},
		{"none", map[string]string{"p/a.go": "package p"}, []string{"p: no package comment"}},
		{"two", map[string]string{"p/a.go": "// Package p is.\npackage p", "p/b.go": "// Package p is.\npackage p"}, []string{"more than one"}},
		{"a test's does not count", map[string]string{"p/a.go": "package p", "p/a_test.go": "// Package p is.\npackage p"}, []string{"no package comment"}},
		{"tests alone", map[string]string{"p/a_test.go": "// Package p is.\npackage p"}, nil},
		{"another beginning", map[string]string{"p/a.go": "// Copyright\npackage p"}, []string{`begins with "Package p "`}},
		{"command", map[string]string{"tools/x/a.go": "// Command x does.\npackage main"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var sources []source
			for file, text := range tt.files {
				sources = append(sources, parse(t, file, text))
			}
			verdict(t, checkPackageComments(sources), tt.want)
		})
	}
}

func TestCheckSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		file    string
		lines   int
		allowed int
		want    string
	}{
		{"short", "a.go", 500, 0, ""},
		{"long", "a.go", 501, 0, "the limit is 500"},
		{"excepted", "a.go", 600, 600, ""},
		{"excepted and grown", "a.go", 601, 600, "grew beyond"},
		{"excepted and shrunk", "a.go", 599, 600, "lower its exception"},
		{"excepted in vain", "a.go", 400, 600, "delete its line"},
		{"excepted and gone", "b.go", 0, 600, "delete its line"},
		{"beyond the hard limit", "a.go", 801, 801, "hard limit is 800"},
		{"test", "a_test.go", 800, 0, ""},
		{"long test", "a_test.go", 801, 0, "hard limit"},
		{"generated", "a_gen.go", 5000, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			allowed, err := readAllowed(fmt.Appendf(nil, "# exceptions\n\n%s %d\n", tt.file, tt.allowed))
			if err != nil {
				t.Fatal(err)
			}
			if tt.allowed == 0 {
				clear(allowed)
			}
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			verdict(t, checkSizes(map[string]int{tt.file: tt.lines}, allowed), want)
		})
	}
	for _, text := range []string{"a.go", "a.go many", "a.go 1 2"} {
		if _, err := readAllowed([]byte(text)); err == nil {
			t.Errorf("exceptions %q: no error", text)
		}
	}
}

func TestCheckSecrets(t *testing.T) {
	t.Parallel()
	const hex = "0123456789abcdef0123456789abcdef" // no secret: this file is not recorded
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"token in a query", "a/testdata/x.txt", "GET /x?f=json&token=" + hex, []string{"x.txt:1: looks like a token"}},
		{"token in JSON", "a/testdata/x.json", "{\n\"access_token\": \"" + hex + "\"}", []string{"x.json:2: looks like a token"}},
		{"bearer", "docs/a.md", "Authorization: Bearer " + hex, []string{"token"}},
		{"hole", "a/testdata/x.json", `{"token":"«token»"}`, nil},
		{"made up", "a/testdata/x.json", `{"token":"example-0123456789abcdef0123456789abcdef"}`, nil},
		{"one letter", "a/testdata/x.json", `{"token":"` + strings.Repeat("a", 40) + `"}`, nil},
		{"password", "test/script/a.txtar", `{"password": "hunter2hunter2"}`, []string{"password"}},
		{"password from the environment", "test/script/a.txtar", "env RHUMB_PASSWORD=$PW\n--password-stdin < pw", nil},
		{"redacted", "docs/a.md", "password=[redacted]", nil},
		{"private key", "a/testdata/k.pem", "-----BEGIN EC PRIVATE " + "KEY-----\n", []string{"private key"}},
		{"item id", "a/testdata/x.json", `{"id":"` + hex + `"}`, nil},
		{"source", "gis/a.go", "token=" + hex, nil},
		{"picture", "a/testdata/x.png", "\x00token=" + hex, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			verdict(t, checkSecrets(tt.file, []byte(tt.text)), tt.want)
		})
	}
}

func TestCheckPaths(t *testing.T) {
	t.Parallel()
	work, home := "/wo"+"rk/main/x.go", "/Us"+"ers/ada/x"
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"source", "gis/a.go", "// see\n// " + work, []string{"a.go:2: names a path"}},
		{"at the beginning", "Makefile", work, []string{"Makefile:1"}},
		{"recorded", "a/testdata/x.json", `"` + work + `"`, []string{"x.json:1"}},
		{"home", "README.md", home, []string{"README.md:1"}},
		{"somebody's home in real data", "a/testdata/x.json", home, nil},
		{"address", "gis/a.go", "https://host.example" + work, nil},
		{"page of a portal", "gis/a.go", `"/home/item.html"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			verdict(t, checkPaths(tt.file, []byte(tt.text)), tt.want)
		})
	}
}
