package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
)

// switches are copies of files that hold functions with and without guards. A program whose
// name ends in outName and the line of a row runs without the guard of that row.
type switches struct {
	root    string
	sources map[string]*source // by name
	rows    map[int]bool       // lines of the rows that have a switch
}

const outName = ".out"

// source is a file with the functions that it holds a second time.
type source struct {
	text  string
	fset  *token.FileSet
	ast   *ast.File
	extra map[*ast.FuncDecl][]string // functions without a guard, as statements to begin with
}

// switchFile tells the packages with switches which of them is on.
const switchFile = `package %s

import (
	"os"
	"path/filepath"
	"strings"
)

var guardOut = func() string {
	program, _ := os.Executable()
	_, row, _ := strings.Cut(filepath.Base(program), "` + outName + `")
	return row
}()

func guardIsOut(row string) bool { return row == guardOut }
`

func newSwitches(root string) *switches {
	return &switches{root: root, sources: map[string]*source{}, rows: map[int]bool{}}
}

// add makes a switch for a row. It is false where a guard stands outside of functions, or in one
// with labels, which cannot be there twice.
func (s *switches) add(r row) (bool, error) {
	texts, err := r.read(s.root)
	if err != nil {
		return false, err
	}
	type place struct {
		*source
		fn *ast.FuncDecl
	}
	bodies := map[place][]edit{}
	var order []place
	for _, e := range r.edits {
		src, err := s.source(e.file, texts[e.file])
		if err != nil {
			return false, err
		}
		fn := src.enclosing(strings.Index(src.text, e.guard), len(e.guard))
		if fn == nil {
			return false, nil
		}
		p := place{src, fn}
		if bodies[p] == nil {
			order = append(order, p)
		}
		bodies[p] = append(bodies[p], e)
	}
	for _, p := range order {
		p.extra[p.fn] = append(p.extra[p.fn], p.branch(p.fn, r.line, bodies[p]))
	}
	s.rows[r.line] = true
	return true, nil
}

func (s *switches) source(name, text string) (*source, error) {
	if src := s.sources[name]; src != nil {
		return src, nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	src := &source{text: text, fset: fset, ast: f, extra: map[*ast.FuncDecl][]string{}}
	s.sources[name] = src
	return src, nil
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// enclosing returns the function whose body holds n bytes of the text.
func (s *source) enclosing(at, n int) *ast.FuncDecl {
	for _, d := range s.ast.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || at <= s.offset(fn.Body.Lbrace) || at+n > s.offset(fn.Body.Rbrace) {
			continue
		}
		labeled := false
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			_, is := n.(*ast.LabeledStmt)
			labeled = labeled || is
			return true
		})
		if !labeled {
			return fn
		}
	}
	return nil
}

// branch is the body of a function without a guard, for when its switch is on. To the compiler
// it stands in a file named after the row.
func (s *source) branch(fn *ast.FuncDecl, line int, edits []edit) string {
	body := s.text[s.offset(fn.Body.Lbrace)+1 : s.offset(fn.Body.Rbrace)]
	for _, e := range edits {
		body = strings.Replace(body, e.guard, e.without, 1)
	}
	if fn.Type.Results == nil {
		body += "\nreturn"
	}
	return fmt.Sprintf("if guardIsOut(\"%d\") {\n//line row%d.go:1\n%s\n}\n", line, line, body)
}

// files returns the copies by name, with those that packages need beside them.
func (s *switches) files() map[string]string {
	out := map[string]string{}
	for name, src := range s.sources {
		if len(src.extra) == 0 {
			continue
		}
		text := src.text
		for _, d := range slices.Backward(src.ast.Decls) {
			if fn, ok := d.(*ast.FuncDecl); ok && len(src.extra[fn]) > 0 {
				at := src.offset(fn.Body.Lbrace) + 1
				text = text[:at] + strings.Join(src.extra[fn], "") + text[at:]
			}
		}
		out[name] = text
		out[path.Join(path.Dir(name), "zz_guard_is_out.go")] = fmt.Sprintf(switchFile, src.ast.Name.Name)
	}
	return out
}
