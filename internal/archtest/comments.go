package archtest

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// checkPackageComments demands one package comment of each package: in one of its files
// that are not tests, or of a package of tests alone in one of those. It begins with
// "Package name", in a command with "Command name".
func checkPackageComments(sources []source) []string {
	packages := map[string][]source{}
	for _, s := range sources {
		packages[path.Dir(s.file)] = append(packages[path.Dir(s.file)], s)
	}
	var bad []string
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		bad = append(bad, packageComment(dir, packages[dir])...)
	}
	return bad
}

func packageComment(dir string, files []source) []string {
	code := slices.DeleteFunc(slices.Clone(files), source.isTest)
	if len(code) == 0 {
		code = files
	}
	var bad, commented []string
	for _, s := range code {
		if s.ast.Doc == nil {
			continue
		}
		commented = append(commented, s.file)
		name := s.ast.Name.Name
		want := "Package " + name + " "
		if name == "main" {
			want = "Command " + path.Base(dir) + " "
		}
		if !strings.HasPrefix(s.ast.Doc.Text(), want) {
			bad = append(bad, fmt.Sprintf("%s: the package comment begins with %q", s.file, want))
		}
	}
	switch {
	case len(commented) == 0:
		bad = append(bad, dir+": no package comment")
	case len(commented) > 1:
		bad = append(bad, fmt.Sprintf("%s: more than one package comment: %s", dir, strings.Join(commented, ", ")))
	}
	return bad
}
