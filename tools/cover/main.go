// Command cover reads a coverage profile and prints the share of statements that tests
// reached, by package. It fails when a package is below its floor.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

const module = "github.com/rhumb-gis/rhumb/"

// floors holds the least share in percent; the longest prefix that fits a package wins.
// What has none, such as a command's main, is printed without a floor.
var floors = []struct {
	prefix string
	floor  float64
}{
	{"", 80},
	{"clone/remap", 95},
	{"esri", 95},
	{"internal/portal/search", 95},
	{"cmd", 0},
	{"test", 0},
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cover:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("usage: cover PROFILE")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	packages, err := readProfile(f)
	if err != nil {
		return err
	}
	return report(packages, out)
}

// report prints a line a package and names those below their floors.
func report(packages []share, out io.Writer) error {
	var errs []error
	var all share
	for _, p := range packages {
		all.statements += p.statements
		all.reached += p.reached
		floor := floorOf(p.name)
		mark := ""
		if p.percent() < floor {
			mark = "  below its floor"
			errs = append(errs, fmt.Errorf("%s: %.1f %%, floor %.0f %%", p.name, p.percent(), floor))
		}
		fmt.Fprintf(out, "%6.1f %%  (floor %2.0f)  %s%s\n", p.percent(), floor, p.name, mark)
	}
	fmt.Fprintf(out, "%6.1f %%              all\n", all.percent())
	return errors.Join(errs...)
}

func floorOf(pkg string) float64 {
	best := floors[0]
	for _, f := range floors[1:] {
		if len(f.prefix) > len(best.prefix) && (pkg == f.prefix || strings.HasPrefix(pkg, f.prefix+"/")) {
			best = f
		}
	}
	return best.floor
}

// share is how many of a package's statements were reached.
type share struct {
	name                string
	statements, reached int
}

func (s share) percent() float64 {
	if s.statements == 0 {
		return 100
	}
	return 100 * float64(s.reached) / float64(s.statements)
}

// byPackage sums blocks, each counted once however many test binaries report it.
func byPackage(blocks map[string]block) []share {
	sums := map[string]share{}
	for place, b := range blocks {
		file, _, _ := strings.Cut(place, ":")
		if strings.HasSuffix(file, "_gen.go") {
			continue
		}
		name := strings.TrimPrefix(path.Dir(file), module)
		s := sums[name]
		s.name = name
		s.statements += b.statements
		if b.reached {
			s.reached += b.statements
		}
		sums[name] = s
	}
	var list []share
	for _, s := range sums {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b share) int { return strings.Compare(a.name, b.name) })
	return list
}
