package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// restPrefix is where the operations that directives name are served.
const restPrefix = "sharing/rest/"

// route is one entry of the server's route table.
type route struct {
	pattern string // below sharing/rest, or the whole path
	write   bool
}

func (r route) String() string {
	if r.write {
		return "POST " + r.pattern
	}
	return "GET " + r.pattern
}

// serves reports whether the route answers the operation: fixed segments match without
// regard to case, a variable matches any segment, a last {name...} any rest.
func (r route) serves(op operation) bool {
	if r.write && op.verb != "POST" {
		return false
	}
	want, have := strings.Split(op.path, "/"), strings.Split(r.pattern, "/")
	for i, h := range have {
		if strings.HasSuffix(h, "...}") {
			return i < len(want)
		}
		if i >= len(want) || !variable(h) && !strings.EqualFold(h, want[i]) {
			return false
		}
	}
	return len(want) == len(have)
}

func variable(segment string) bool { return strings.HasPrefix(segment, "{") }

// scanRoutes reads the Route literals of the packages below dir.
func scanRoutes(dir string) ([]route, error) {
	constants := map[string]ast.Expr{}
	var files []*ast.File
	var names []string
	err := goFiles(dir, func(file string, f *ast.File) error {
		files, names = append(files, f), append(names, file)
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.CONST {
				collectConstants(d, filepath.Dir(file), constants)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var routes []route
	for i, f := range files {
		s := routeScanner{dir: filepath.Dir(names[i]), constants: constants}
		ast.Inspect(f, s.visit)
		if s.err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], s.err)
		}
		routes = append(routes, s.routes...)
	}
	slices.SortFunc(routes, func(a, b route) int { return strings.Compare(a.pattern, b.pattern) })
	return slices.Compact(routes), nil
}

func collectConstants(d *ast.GenDecl, dir string, into map[string]ast.Expr) {
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		for i, name := range v.Names {
			if i < len(v.Values) {
				into[dir+"."+name.Name] = v.Values[i]
			}
		}
	}
}

type routeScanner struct {
	dir       string
	constants map[string]ast.Expr
	routes    []route
	err       error
}

// visit collects Route{…} and the elements of []Route{…}.
func (s *routeScanner) visit(n ast.Node) bool {
	lit, ok := n.(*ast.CompositeLit)
	if !ok || s.err != nil {
		return s.err == nil
	}
	if isRoute(lit.Type) {
		s.add(lit)
	}
	if list, ok := lit.Type.(*ast.ArrayType); ok && isRoute(list.Elt) {
		for _, e := range lit.Elts {
			if entry, ok := e.(*ast.CompositeLit); ok && entry.Type == nil {
				s.add(entry)
			}
		}
	}
	return true
}

func isRoute(t ast.Expr) bool {
	switch x := t.(type) {
	case *ast.Ident:
		return x.Name == "Route"
	case *ast.SelectorExpr:
		return x.Sel.Name == "Route"
	}
	return false
}

// add reads one literal; an empty one is a zero value, not a route.
func (s *routeScanner) add(lit *ast.CompositeLit) {
	var r route
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			s.err = fmt.Errorf("a Route literal without field names")
			return
		}
		switch name, _ := kv.Key.(*ast.Ident); {
		case name == nil:
		case name.Name == "Pattern":
			pattern, err := s.text(kv.Value)
			if err != nil {
				s.err = fmt.Errorf("a Pattern that is not constant: %w", err)
				return
			}
			r.pattern = strings.TrimPrefix(strings.Trim(pattern, "/"), restPrefix)
		case name.Name == "Write":
			value, _ := kv.Value.(*ast.Ident)
			r.write = value != nil && value.Name == "true"
		}
	}
	if len(lit.Elts) > 0 {
		s.routes = append(s.routes, r)
	}
}

// text evaluates a constant string: a literal, a constant of the package, or a sum.
func (s *routeScanner) text(e ast.Expr) (string, error) {
	switch x := e.(type) {
	case *ast.BasicLit:
		return strconv.Unquote(x.Value)
	case *ast.Ident:
		if value, ok := s.constants[s.dir+"."+x.Name]; ok {
			return s.text(value)
		}
		return "", fmt.Errorf("%s is no constant of the package", x.Name)
	case *ast.BinaryExpr:
		left, err := s.text(x.X)
		if err != nil {
			return "", err
		}
		right, err := s.text(x.Y)
		return left + right, err
	case *ast.ParenExpr:
		return s.text(x.X)
	}
	return "", fmt.Errorf("%T", e)
}
