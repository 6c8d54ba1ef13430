package recorded

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/tools/directive"
)

// Standing is what an answer rests on.
type Standing string

// The standings, from the strongest on.
const (
	Recorded   Standing = "recorded"   // a live portal gave it
	Documented Standing = "documented" // a sample of the documentation
	Fixture    Standing = "fixture"    // the tests of another client
	Shape      Standing = "shape"      // documented members and types, values filled in
	Guess      Standing = "guess"      // ours alone
)

// Standings are all of them, from the strongest on.
func Standings() []Standing { return []Standing{Recorded, Documented, Fixture, Shape, Guess} }

// AnyOperation is the path of failures that every operation may give.
const AnyOperation = "*"

// Response is an answer and where it comes from. One file may answer several operations.
type Response struct {
	Op       directive.Operation // Path AnyOperation: any
	File     string              // in testdata
	Standing Standing
	Product  string // online, enterprise or both
	Source   string
	License  string
	Changes  string // what was changed after it was taken over
}

// Request is what a document lets a request of an operation carry.
type Request struct {
	Op     directive.Operation
	Params []string
	Source string
}

const dir = "test/recorded/testdata"

// Responses reads the table of answers of the module at root. A module without the table has
// none.
func Responses(root string) ([]Response, error) {
	var all []Response
	err := readTable(filepath.Join(root, dir, "responses.tsv"), 7, func(f []string) error {
		r := Response{File: f[1], Standing: Standing(f[2]), Product: f[3], Source: f[4], License: f[5], Changes: f[6]}
		if !slices.Contains(Standings(), r.Standing) {
			return fmt.Errorf("%s: %q is no standing", r.File, r.Standing)
		}
		if f[0] == AnyOperation {
			r.Op.Path = AnyOperation
		} else if op, err := operation(f[0]); err != nil {
			return err
		} else {
			r.Op = op
		}
		all = append(all, r)
		return nil
	})
	return all, err
}

// Requests reads the table of requests of the module at root.
func Requests(root string) ([]Request, error) {
	var all []Request
	err := readTable(filepath.Join(root, dir, "requests.tsv"), 3, func(f []string) error {
		op, err := operation(f[0])
		if err != nil {
			return err
		}
		r := Request{Op: op, Source: f[2]}
		if f[1] != "-" {
			r.Params = strings.Split(f[1], ",")
		}
		all = append(all, r)
		return nil
	})
	return all, err
}

func operation(text string) (directive.Operation, error) {
	verb, path, found := strings.Cut(text, " ")
	if verb != "GET" && verb != "POST" || !found {
		return directive.Operation{}, fmt.Errorf("%q is no operation: want GET or POST and a path", text)
	}
	return directive.Operation{Verb: verb, Path: strings.Trim(path, "/")}, nil
}

// readTable calls row with the columns of each line that is no comment.
func readTable(file string, columns int, row func([]string) error) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != columns || slices.Contains(fields, "") {
			return fmt.Errorf("%s:%d: want %d columns, none of them empty", file, n, columns)
		}
		if err := row(fields); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	return lines.Err()
}
