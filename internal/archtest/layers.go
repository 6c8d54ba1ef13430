package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// layer is a row of the table "Who may import whom". Patterns name packages of this module
// by their path inside it, and others by their import path; "x/**" is x and all below it.
type layer struct {
	pkgs []string
	// may lists the packages of this module that non-test code may import; packages named
	// by one and the same pattern of pkgs may always import each other.
	may []string
	// never lists what must not be reached, not even through others.
	never []string
	// external lists the modules that may be imported besides the standard library.
	external []string
}

// Shorthands of the table.
var (
	anyModule  = []string{"**"}
	noModule   = []string{}
	xModules   = []string{"golang.org/x/**"}
	databases  = []string{"database/sql", "database/sql/driver", "modernc.org/sqlite", "github.com/jackc/pgx/**", "github.com/pressly/goose/**"}
	small      = []string{"internal/clock", "internal/secret", "internal/confirm", "internal/filelock", "internal/journal"}
	publicSDK  = []string{"gis/**", "clone/**", "member/**", "esri/**"}
	queryTrees = []string{"internal/portal/search", "internal/portal/where"}
)

// layers is the table; the first row that names a package is its row.
var layers = []layer{
	{
		pkgs:     []string{"esri", "clone/remap"},
		may:      []string{"esri"},
		external: noModule,
	},
	{
		pkgs:     []string{"esri/pbf"},
		may:      []string{"esri"},
		external: anyModule,
	},
	{
		pkgs:     []string{"gis"},
		may:      []string{"gis/**", "esri/**", "internal/wire", "internal/clock", "internal/secret"},
		never:    slices.Concat(databases, []string{"clone/**", "member/**", "internal/portal/**", "internal/store/**", "internal/cli/**"}),
		external: xModules,
	},
	{
		pkgs:     []string{"gis/**", "internal/wire"},
		may:      []string{"esri/**", "internal/wire", "internal/clock", "internal/secret"},
		never:    slices.Concat(databases, []string{"clone/**", "member/**", "internal/portal/**", "internal/store/**", "internal/cli/**"}),
		external: anyModule,
	},
	{
		pkgs:     []string{"clone/**", "member/**"},
		may:      slices.Concat([]string{"gis/**", "esri/**"}, small),
		never:    []string{"internal/portal/**", "internal/store/**", "internal/cli/**", "internal/console/**"},
		external: anyModule,
	},
	{
		// The query tree is part of the domain's store interface.
		pkgs:     []string{"internal/portal/search"},
		external: noModule,
	},
	{
		pkgs:     []string{"internal/portal"},
		may:      []string{"esri/**", "internal/clock", "internal/secret", "internal/portal/search"},
		never:    []string{"net/http", "database/sql", "gis/**"},
		external: anyModule,
	},
	{
		pkgs: []string{
			"internal/portal/rest/**", "internal/portal/oauth/**", "internal/portal/where/**", "internal/portal/features/**",
			"internal/portal/publish/**", "internal/portal/siteadmin/**", "internal/portal/ldap",
		},
		may:      slices.Concat([]string{"internal/portal", "esri/**"}, queryTrees, small),
		never:    []string{"gis/**"},
		external: anyModule,
	},
	{
		pkgs:     []string{"internal/store/**", "internal/blob/**"},
		may:      slices.Concat([]string{"internal/portal", "esri/**"}, queryTrees, small),
		never:    []string{"internal/portal/rest/**", "gis/**"},
		external: anyModule,
	},
	{
		pkgs:     []string{"internal/portal/app/**"},
		may:      slices.Concat([]string{"internal/portal/**", "internal/store/**", "internal/blob/**", "esri/**"}, small),
		never:    []string{"internal/cli/**", "internal/console/**", "gis/**"},
		external: anyModule,
	},
	{
		pkgs:     []string{"portaltest/**"},
		may:      slices.Concat([]string{"internal/portal/**", "internal/store/**", "internal/blob/**", "esri/**", "gis/**"}, small),
		never:    []string{"internal/cli/**", "internal/console/**"},
		external: anyModule,
	},
	{
		pkgs:     []string{"internal/demo/**", "internal/console/**"},
		may:      slices.Concat(publicSDK, small),
		never:    []string{"internal/portal/**", "internal/store/**", "internal/blob/**"},
		external: anyModule,
	},
	{
		pkgs:     []string{"internal/serve/**"},
		may:      slices.Concat([]string{"internal/portal/app/**", "internal/portal/ldap", "internal/store/**", "internal/blob/**", "internal/demo/**", "internal/console/**"}, small),
		never:    []string{"internal/cli/**", "internal/menu/**"},
		external: anyModule,
	},
	{
		pkgs: []string{"internal/cli/**", "internal/menu/**"},
		may: slices.Concat(publicSDK, []string{
			"internal/serve/**", "internal/demo/**", "internal/menu/**", "internal/cli/command", "internal/cli/terminal", "internal/cli/outcome",
		}, small),
		external: anyModule,
	},
	{
		pkgs:     []string{"cmd/rhumb"},
		may:      []string{"internal/cli/**"},
		external: noModule,
	},
	{
		pkgs:     []string{"internal/clock", "internal/confirm", "internal/secret", "internal/filelock", "internal/fault", "internal/golden", "internal/require", "internal/archtest"},
		external: anyModule,
	},
	{
		pkgs:     []string{"internal/journal"},
		may:      []string{"internal/filelock"},
		external: noModule,
	},
	{
		// The map of operations reads the server's own route tables.
		pkgs:     []string{"tools/opmap"},
		may:      []string{"internal/portal/**", "tools/directive", "test/recorded"},
		external: noModule,
	},
	{
		pkgs:     []string{"tools/**"},
		external: noModule,
	},
	{
		pkgs:     []string{"test/**"},
		may:      []string{"**"},
		external: anyModule,
	},
}

// checkImports holds each package of the module against its row of the table.
func checkImports(table []layer, pkgs []Package) []string {
	external := map[string]bool{}
	for _, p := range pkgs {
		if _, our := ours(p.ImportPath); !p.Standard && !our {
			external[p.ImportPath] = true
		}
	}
	var bad []string
	for _, p := range pkgs {
		name, our := ours(p.ImportPath)
		if !our {
			continue
		}
		row, own := rowOf(table, name)
		if row == nil {
			bad = append(bad, name+" is in no row of the import table: decide its layer")
			continue
		}
		bad = append(bad, row.direct(name, own, p.Imports, external)...)
		bad = append(bad, row.reached(name, p.Deps)...)
		bad = append(bad, crossing(name, slices.Concat(p.TestImports, p.XTestImports))...)
	}
	return bad
}

// rowOf answers the row of the package and the pattern that named it.
func rowOf(table []layer, name string) (*layer, string) {
	for i := range table {
		if own, ok := matchesAny(table[i].pkgs, name); ok {
			return &table[i], own
		}
	}
	return nil, ""
}

func (l *layer) direct(name, own string, imports []string, external map[string]bool) []string {
	var bad []string
	for _, imported := range imports {
		if inner, our := ours(imported); our {
			if _, ok := matchesAny(l.may, inner); !ok && !matches(own, inner) && !slices.Contains(l.may, "**") {
				bad = append(bad, name+" may not import "+inner)
			}
			continue
		}
		if external[imported] && !slices.Contains(l.external, "**") {
			if _, ok := matchesAny(l.external, imported); !ok {
				bad = append(bad, name+" may not import "+imported)
			}
		}
	}
	return bad
}

func (l *layer) reached(name string, deps []string) []string {
	var bad []string
	for _, dep := range deps {
		inner, our := ours(dep)
		if !our {
			inner = dep
		}
		if pattern, ok := matchesAny(l.never, inner); ok {
			bad = append(bad, fmt.Sprintf("%s must never reach %s, but reaches %s", name, strings.TrimSuffix(pattern, "/**"), inner))
		}
	}
	return bad
}

// crossing holds the tests to the first rule too: client and server meet on the wire, through
// portaltest, never in one test that builds a value with one and reads it with the other.
func crossing(name string, testImports []string) []string {
	var bad []string
	for _, imported := range testImports {
		inner, our := ours(imported)
		if our && matches("gis/**", name) && matches("internal/portal/**", inner) ||
			our && matches("internal/portal/**", name) && matches("gis/**", inner) {
			bad = append(bad, "tests of "+name+" may not import "+inner+": client and server meet in portaltest")
		}
	}
	return bad
}
