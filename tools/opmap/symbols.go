package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// symbol is a function, method, type or field with directives.
type symbol struct {
	name string // with its package, such as gis.Users.Search
	ops  []operation
	py   []string // as written: arcgis.gis.User.update
}

// operation is a REST call that a symbol makes.
type operation struct{ verb, path string }

func (o operation) String() string { return o.verb + " " + o.path }

// scanSymbols reads the directives of the packages below the named folders of root.
// A folder that does not exist has none.
func scanSymbols(root string, folders ...string) ([]symbol, error) {
	var all []symbol
	for _, folder := range folders {
		err := goFiles(filepath.Join(root, folder), func(file string, f *ast.File) error {
			rel, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				return err
			}
			s := symbolScanner{pkg: path.Base(filepath.ToSlash(rel)), file: file}
			if err := s.scanFile(f); err != nil {
				return err
			}
			all = append(all, s.found...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

type symbolScanner struct {
	pkg, file string
	found     []symbol
}

func (s *symbolScanner) scanFile(f *ast.File) error {
	for _, decl := range f.Decls {
		var err error
		switch d := decl.(type) {
		case *ast.FuncDecl:
			err = s.add(funcName(d), d.Doc)
		case *ast.GenDecl:
			err = s.genDecl(d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *symbolScanner) genDecl(d *ast.GenDecl) error {
	for _, spec := range d.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		doc := t.Doc
		if doc == nil && len(d.Specs) == 1 {
			doc = d.Doc
		}
		if err := s.add(t.Name.Name, doc); err != nil {
			return err
		}
		st, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range st.Fields.List {
			for _, name := range field.Names {
				if err := s.add(t.Name.Name+"."+name.Name, field.Doc, field.Comment); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// add records the symbol if one of its comments holds a directive.
func (s *symbolScanner) add(name string, docs ...*ast.CommentGroup) error {
	found := symbol{name: s.pkg + "." + name}
	for _, doc := range docs {
		for line := range commentLines(doc) {
			if text, ok := strings.CutPrefix(line, "rest:"); ok {
				op, err := parseOperation(text)
				if err != nil {
					return fmt.Errorf("%s: %s: %w", s.file, found.name, err)
				}
				found.ops = append(found.ops, op)
			}
			if text, ok := strings.CutPrefix(line, "py:"); ok {
				found.py = append(found.py, strings.TrimSpace(text))
			}
		}
	}
	if len(found.ops)+len(found.py) > 0 {
		s.found = append(s.found, found)
	}
	return nil
}

func parseOperation(text string) (operation, error) {
	f := strings.Fields(text)
	if len(f) < 2 {
		return operation{}, fmt.Errorf("directive %q: want a verb and a path", "rest:"+text)
	}
	verb := strings.ToUpper(f[0])
	if verb != "GET" && verb != "POST" {
		return operation{}, fmt.Errorf("directive %q: the verb is GET or POST", "rest:"+text)
	}
	return operation{verb, strings.Trim(f[1], "/")}, nil
}

// commentLines yields the lines of a comment without their markers and outer blanks.
func commentLines(doc *ast.CommentGroup) iter.Seq[string] {
	return func(yield func(string) bool) {
		if doc == nil {
			return
		}
		for _, c := range doc.List {
			text, _ := strings.CutPrefix(c.Text, "//")
			if !yield(strings.TrimSpace(text)) {
				return
			}
		}
	}
}

// funcName answers Func or Type.Method.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}

// goFiles calls visit for each Go file below dir that is neither a test nor test data, in
// the order of their paths.
func goFiles(dir string, visit func(file string, f *ast.File) error) error {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return nil
	}
	return filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		return visit(file, f)
	})
}
