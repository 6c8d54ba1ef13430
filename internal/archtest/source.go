package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// source is a parsed Go file.
type source struct {
	file string // slash-separated, below the module
	fset *token.FileSet
	ast  *ast.File
}

func (s source) isTest() bool { return strings.HasSuffix(s.file, "_test.go") }

// in reports whether the file lies in a package named by one of the patterns.
func (s source) in(patterns ...string) bool {
	_, ok := matchesAny(patterns, path.Dir(s.file))
	return ok
}

func (s source) at(n ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.file, s.fset.Position(n.Pos()).Line, fmt.Sprintf(format, args...))
}

// importName answers the name by which the file uses a package, or "".
func (s source) importName(importPath string) string {
	for _, i := range s.ast.Imports {
		if i.Path.Value == `"`+importPath+`"` {
			if i.Name != nil {
				return i.Name.Name
			}
			return path.Base(importPath)
		}
	}
	return ""
}

// uses calls found for each use of pkg.name, for the names given.
func (s source) uses(importPath string, names []string, found func(sel *ast.SelectorExpr)) {
	pkg := s.importName(importPath)
	if pkg == "" {
		return
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg && slices.Contains(names, sel.Sel.Name) {
			found(sel)
		}
		return true
	})
}

// defaultHTTP are the names of net/http that share one client, transport or mux with the
// whole program, without timeouts.
var defaultHTTP = []string{
	"DefaultClient", "DefaultTransport", "DefaultServeMux", "Get", "Head", "Post", "PostForm",
	"Handle", "HandleFunc", "ListenAndServe", "ListenAndServeTLS",
}

// checkHTTP finds uses of the shared HTTP client, transport and mux. Tests may use them
// against servers of their own.
func checkHTTP(s source) []string {
	var bad []string
	if s.isTest() {
		return nil
	}
	s.uses("net/http", defaultHTTP, func(sel *ast.SelectorExpr) {
		bad = append(bad, s.at(sel, "http.%s is shared by the whole program: use a client or server of your own", sel.Sel.Name))
	})
	return bad
}

// checkClock finds readings of the wall clock outside internal/clock, commands and tests.
func checkClock(s source) []string {
	var bad []string
	if s.isTest() || s.in("internal/clock", "cmd/**", "test/**", "tools/**") {
		return nil
	}
	s.uses("time", []string{"Now", "Since", "Until"}, func(sel *ast.SelectorExpr) {
		bad = append(bad, s.at(sel, "time.%s reads the wall clock: ask a clock.Clock, of internal/clock", sel.Sel.Name))
	})
	return bad
}

// checkInit finds init functions.
func checkInit(s source) []string {
	var bad []string
	for _, decl := range s.ast.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			bad = append(bad, s.at(f, "an init function: make an explicit list instead"))
		}
	}
	return bad
}

// checkSkip finds tests that skip on their own authority.
func checkSkip(s source) []string {
	var bad []string
	if s.importName("testing") == "" || s.in("internal/require") {
		return nil
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && slices.Contains([]string{"t", "b", "f", "tb", "tt"}, x.Name) {
			bad = append(bad, s.at(call, "%s.%s: only internal/require skips, so that CI can forbid it", x.Name, sel.Sel.Name))
		}
		return true
	})
	return bad
}

// checkScriptSkip finds the skip command in a test script.
func checkScriptSkip(file, text string) []string {
	var bad []string
	n := 0
	for line := range strings.Lines(text) {
		n++
		if strings.HasPrefix(line, "-- ") {
			break // the files of the archive follow
		}
		words := strings.Fields(line)
		for len(words) > 0 && strings.HasPrefix(words[0], "[") {
			words = words[1:]
		}
		if len(words) > 0 && words[0] == "skip" {
			bad = append(bad, fmt.Sprintf("%s:%d: a script that skips: only internal/require skips", file, n))
		}
	}
	return bad
}
