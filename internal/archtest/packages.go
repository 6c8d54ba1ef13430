package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"strings"
)

// module is the import path of the root package.
const module = "github.com/rhumb-gis/rhumb"

// Package is what go list tells about a package.
type Package struct {
	ImportPath, Dir string
	Standard        bool
	DepOnly         bool // reached, not listed itself
	GoFiles         []string
	TestGoFiles     []string
	XTestGoFiles    []string
	Imports, Deps   []string
	TestImports     []string
	XTestImports    []string
}

// ours reports whether the import path belongs to this module, and its path inside it.
func ours(importPath string) (string, bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// listPackages answers the packages of the module at root and all that they reach.
func listPackages(root string) ([]Package, error) {
	const fields = "ImportPath,Dir,Standard,DepOnly,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps,TestImports,XTestImports"
	out, err := output(root, "go", "list", "-deps", "-json="+fields, "./...")
	if err != nil {
		return nil, err
	}
	var list []Package
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, p)
	}
}

// listFiles answers the slash-separated paths of the files that are committed at root or
// would be: ignored ones are left out.
func listFiles(root string) ([]string, error) {
	out, err := output(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}

func output(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", cmd, err, stderr.Bytes())
	}
	return out, nil
}

// matches reports whether name is named by pattern: exactly, or by a pattern "dir/**" dir
// and everything below it.
func matches(pattern, name string) bool {
	if dir, ok := strings.CutSuffix(pattern, "/**"); ok {
		return name == dir || strings.HasPrefix(name, dir+"/")
	}
	return name == pattern
}

// matchesAny answers the first of the patterns that names name.
func matchesAny(patterns []string, name string) (string, bool) {
	for _, p := range patterns {
		if matches(p, name) {
			return p, true
		}
	}
	return "", false
}

// inTestdata reports whether the file is recorded data rather than source.
func inTestdata(file string) bool {
	return strings.HasPrefix(file, "testdata/") || strings.Contains(file, "/testdata/")
}

// isGoSource reports whether the file is Go source of this module.
func isGoSource(file string) bool { return path.Ext(file) == ".go" && !inTestdata(file) }
