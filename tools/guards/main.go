package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "guards:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	start := time.Now()
	flags := flag.NewFlagSet("guards", flag.ContinueOnError)
	table := flags.String("table", "test/guards.tsv", "the table of guards")
	parallel := flags.Int("parallel", 2, "how many guards are tried at a time")
	timeout := flags.Duration("timeout", time.Minute, "limit of one test")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	rows, err := readTable(*table)
	if err != nil {
		return err
	}
	if rows = chosen(rows, flags.Args()); len(rows) == 0 {
		return errors.New("no row is chosen")
	}
	tmp, err := os.MkdirTemp("", "guards")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.pkg, b.pkg) })
	p, err := newProver(ctx, root, tmp, *timeout, rows)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "built     %.1fs\n", time.Since(start).Seconds())
	bad := proveAll(ctx, p, rows, max(*parallel, 1), out)
	word := "ok  "
	if bad > 0 {
		word = "FAIL"
	}
	fmt.Fprintf(out, "%s\t%d guards against %d attacks, %d held, %d not\t%.1fs\n",
		word, len(rows), attacks(rows), len(rows)-bad, bad, time.Since(start).Seconds())
	if bad > 0 {
		return fmt.Errorf("%d of %d guards are not held by their tests", bad, len(rows))
	}
	return ctx.Err()
}

// proveAll tries rows, some at a time, and prints a line for each. It returns how many do not
// hold.
func proveAll(ctx context.Context, p *prover, rows []row, parallel int, out io.Writer) int {
	todo := make(chan int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	bad := 0
	for range parallel {
		wg.Go(func() {
			for i := range todo {
				start := time.Now()
				err := p.prove(ctx, rows[i])
				mu.Lock()
				if err != nil {
					bad++
				}
				report(out, rows[i], err, time.Since(start))
				mu.Unlock()
			}
		})
	}
	for i := range rows {
		todo <- i
	}
	close(todo)
	wg.Wait()
	return bad
}

func report(out io.Writer, r row, err error, took time.Duration) {
	word := "held"
	switch {
	case errors.Is(err, errSurvived):
		word = "SURVIVED"
	case err != nil:
		word = "ERROR"
	}
	fmt.Fprintf(out, "%-8s %5.1fs  %v\n", word, took.Seconds(), r)
	if err == nil {
		return
	}
	for _, e := range r.edits {
		fmt.Fprintf(out, "         line %d, %s: %s\n", r.line, e.file, e.guard)
	}
	fmt.Fprintf(out, "         %s\n", strings.ReplaceAll(err.Error(), "\n", "\n         "))
}

// chosen returns the rows whose attack, package, test or file holds one of the words; all
// where there are none.
func chosen(rows []row, words []string) []row {
	if len(words) == 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(r row) bool {
		return !slices.ContainsFunc(words, func(w string) bool {
			return strings.Contains(r.String(), w) || slices.ContainsFunc(r.edits, func(e edit) bool { return strings.Contains(e.file, w) })
		})
	})
}

func attacks(rows []row) int {
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.attack] = true
	}
	return len(seen)
}
