// Package directive reads the comments that say which REST operations and which members of
// the Python reference a symbol covers.
//
//	// rest: POST community/users/{username}/update
//	// py: arcgis.gis.User.update
//
// They stand in the doc comment of a function, method, type or field. A read that portals take
// as POST alone ends in the word reads:
//
//	// rest: POST content/users/{username}/items/{id}/canDelete reads
package directive

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

// Symbol is a function, method, type or field with directives.
type Symbol struct {
	Name  string // with its package, such as gis.Users.Search
	Ops   []Operation
	Reads []Operation // those of Ops that change nothing
	Py    []string    // as written: arcgis.gis.User.update
}

// Operation is a REST call that a symbol makes.
type Operation struct{ Verb, Path string }

// String answers the operation as directives write it.
func (o Operation) String() string { return o.Verb + " " + o.Path }

// Scan reads the directives of the packages below the named folders of root. A folder that
// does not exist has none.
func Scan(root string, folders ...string) ([]Symbol, error) {
	var all []Symbol
	for _, folder := range folders {
		err := GoFiles(filepath.Join(root, folder), func(file string, f *ast.File) error {
			rel, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				return err
			}
			s := scanner{pkg: path.Base(filepath.ToSlash(rel)), file: file}
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

type scanner struct {
	pkg, file string
	found     []Symbol
}

func (s *scanner) scanFile(f *ast.File) error {
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

func (s *scanner) genDecl(d *ast.GenDecl) error {
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
func (s *scanner) add(name string, docs ...*ast.CommentGroup) error {
	found := Symbol{Name: s.pkg + "." + name}
	for _, doc := range docs {
		for line := range CommentLines(doc) {
			if text, ok := strings.CutPrefix(line, "rest:"); ok {
				op, reads, err := parseOperation(text)
				if err != nil {
					return fmt.Errorf("%s: %s: %w", s.file, found.Name, err)
				}
				found.Ops = append(found.Ops, op)
				if reads {
					found.Reads = append(found.Reads, op)
				}
			}
			if text, ok := strings.CutPrefix(line, "py:"); ok {
				found.Py = append(found.Py, strings.TrimSpace(text))
			}
		}
	}
	if len(found.Ops)+len(found.Py) > 0 {
		s.found = append(s.found, found)
	}
	return nil
}

func parseOperation(text string) (op Operation, reads bool, err error) {
	f := strings.Fields(text)
	if len(f) < 2 {
		return op, false, fmt.Errorf("directive %q: want a verb and a path", "rest:"+text)
	}
	op = Operation{strings.ToUpper(f[0]), strings.Trim(f[1], "/")}
	switch {
	case op.Verb != "GET" && op.Verb != "POST":
		return op, false, fmt.Errorf("directive %q: the verb is GET or POST", "rest:"+text)
	case len(f) > 3 || len(f) == 3 && (f[2] != "reads" || op.Verb == "GET"):
		return op, false, fmt.Errorf("directive %q: only the word reads may follow the path, and only after POST", "rest:"+text)
	}
	return op, op.Verb == "GET" || len(f) == 3, nil
}

// CommentLines yields the lines of a comment without their markers and outer blanks.
func CommentLines(doc *ast.CommentGroup) iter.Seq[string] {
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

// GoFiles calls visit for each Go file below dir that is neither a test nor test data, in
// the order of their paths.
func GoFiles(dir string, visit func(file string, f *ast.File) error) error {
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
