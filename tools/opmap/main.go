package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/rhumb-gis/rhumb/test/recorded"
	"github.com/rhumb-gis/rhumb/tools/directive"
)

func main() {
	if err := run(os.Args[1:], served(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "opmap:", err)
		os.Exit(1)
	}
}

func run(args []string, routes []route, stderr io.Writer) error {
	flags := flag.NewFlagSet("opmap", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("root", ".", "the module's folder")
	check := flags.Bool("check", false, "write nothing; fail if something is missing or the page is not current")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	m, err := load(*root, routes)
	if err != nil {
		return err
	}
	page := m.page()
	target := filepath.Join(*root, "docs", "coverage.md")
	if *check {
		return errors.Join(m.problems(), current(target, page))
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, page, 0o644)
}

// load reads the sources below root and joins them with the routes.
func load(root string, routes []route) (*coverage, error) {
	seed, err := readSeed(filepath.Join(root, "tools", "opmap", "parity.tsv"))
	if err != nil {
		return nil, err
	}
	reasons, err := readReasons(filepath.Join(root, "tools", "opmap", "reasons.tsv"))
	if err != nil {
		return nil, err
	}
	symbols, err := directive.Scan(root, "gis", "clone", "member")
	if err != nil {
		return nil, err
	}
	notes, err := scanNotes(root, filepath.Join(root, "internal", "portal"))
	if err != nil {
		return nil, err
	}
	responses, err := recorded.Responses(root)
	if err != nil {
		return nil, err
	}
	guesses, err := scanNotes(root, filepath.Join(root, "gis"))
	if err != nil {
		return nil, err
	}
	c := join(seed, reasons, symbols, routes, notes)
	c.evidence = gather(symbols, responses, slices.DeleteFunc(guesses, func(n note) bool { return n.kind != "guess" }))
	return c, nil
}

// current says whether the file holds exactly page.
func current(file string, page []byte) error {
	got, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if !bytes.Equal(got, page) {
		return errors.New("docs/coverage.md is not current: run make generate and commit it")
	}
	return nil
}
