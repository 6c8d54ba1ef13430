package archtest

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// root is the module's folder as seen from this package.
const root = "../.."

// report makes each violation an error of the test.
func report(t *testing.T, bad []string) {
	t.Helper()
	for _, b := range bad {
		t.Error(b)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	pkgs, err := listPackages(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("layers", func(t *testing.T) {
		t.Parallel()
		report(t, checkImports(layers, pkgs))
	})
	t.Run("binary", func(t *testing.T) {
		t.Parallel()
		report(t, checkBinary(pkgs))
	})
}

func TestSource(t *testing.T) {
	t.Parallel()
	sources := parseTree(t)
	t.Run("package comments", func(t *testing.T) {
		t.Parallel()
		report(t, checkPackageComments(sources))
	})
	rules := map[string]func(source) []string{
		"shared HTTP client": checkHTTP, "wall clock": checkClock, "init functions": checkInit, "skips": checkSkip, "reaching out": checkEgress,
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range sources {
				report(t, rule(s))
			}
		})
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/long_files.txt")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := readAllowed(text)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for file, content := range readTree(t) {
		if isGoSource(file) {
			lines[file] = bytes.Count(content, []byte("\n"))
		}
	}
	report(t, checkSizes(lines, allowed))
}

func TestText(t *testing.T) {
	t.Parallel()
	files := readTree(t)
	if len(files) == 0 {
		t.Fatal("git lists no files")
	}
	for file, content := range files {
		report(t, checkSecrets(file, content))
		report(t, checkPaths(file, content))
		if path.Ext(file) == ".txtar" || strings.HasPrefix(file, "test/script/") {
			report(t, checkScriptSkip(file, string(content)))
		}
	}
}

// readTree reads the files that git knows or would add.
func readTree(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := listFiles(root)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if os.IsNotExist(err) { // deleted, and the deletion not committed
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		files[name] = content
	}
	return files
}

func parseTree(t *testing.T) []source {
	t.Helper()
	var sources []source
	for file, content := range readTree(t) {
		if isGoSource(file) {
			sources = append(sources, parse(t, file, string(content)))
		}
	}
	return sources
}

func parse(t *testing.T, file, text string) source {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return source{file, fset, f}
}
