package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// prover runs tests with and without guards.
type prover struct {
	root    string // of the module
	tmp     string
	timeout time.Duration // of one test
	on      *switches
	whole   map[string]string // by package: its test program, with every guard
	broken  map[int]error     // by line: rows that prove nothing

	mu   sync.Mutex
	good map[string]func() error // by package and test: whether it passes with every guard
}

var errSurvived = errors.New("the test passes without the guard")

// newProver builds what the rows need.
func newProver(ctx context.Context, root, tmp string, timeout time.Duration, rows []row) (*prover, error) {
	p := &prover{root: root, tmp: tmp, timeout: timeout, broken: map[int]error{}, good: map[string]func() error{}}
	for {
		err := p.buildAll(ctx, rows)
		var failed *buildError
		if !errors.As(err, &failed) || len(failed.rows()) == 0 {
			return p, err
		}
		maps.Copy(p.broken, failed.rows()) // and on without them
	}
}

// buildAll makes the switches of the rows and builds the tests with them.
func (p *prover) buildAll(ctx context.Context, rows []row) error {
	p.on = newSwitches(p.root)
	var pkgs []string
	for _, r := range rows {
		if p.broken[r.line] == nil {
			if _, err := p.on.add(r); err != nil {
				p.broken[r.line] = err
			}
		}
		pkgs = append(pkgs, r.pkg)
	}
	overlay, err := writeOverlay(p.root, filepath.Join(p.tmp, "switches"), p.on.files())
	if err != nil {
		return err
	}
	p.whole = map[string]string{}
	for i, group := range groups(pkgs) {
		dir := filepath.Join(p.tmp, fmt.Sprint("tests", i))
		if err := p.goTest(ctx, overlay, dir, group...); err != nil {
			return err
		}
		for _, pkg := range group {
			p.whole[pkg] = program(dir, pkg)
		}
	}
	return nil
}

// groups splits packages so that no two of a group give a program of one name.
func groups(pkgs []string) [][]string {
	var out [][]string
	seen, times := map[string]bool{}, map[string]int{}
	for _, pkg := range pkgs {
		if seen[pkg] {
			continue
		}
		seen[pkg] = true
		n := times[path.Base(pkg)]
		times[path.Base(pkg)]++
		if n == len(out) {
			out = append(out, nil)
		}
		out[n] = append(out[n], pkg)
	}
	return out
}

// alone writes the overlay of one row.
func (p *prover) alone(r row) (overlay, dir string, err error) {
	files, err := r.without(p.root)
	if err != nil {
		return "", "", err
	}
	dir = filepath.Join(p.tmp, fmt.Sprint("row", r.line))
	overlay, err = writeOverlay(p.root, dir, files)
	return overlay, dir, err
}

// prove returns nil where the test of a row fails because the guard is out.
func (p *prover) prove(ctx context.Context, r row) error {
	if err := p.broken[r.line]; err != nil {
		return err
	}
	if err := p.passes(ctx, r); err != nil {
		return err
	}
	bin, clean, err := p.binary(ctx, r)
	if err != nil {
		return err
	}
	defer clean()
	res, err := p.run(ctx, r, bin)
	switch {
	case err != nil:
		return err
	case strings.Contains(res.output, "panic: test timed out"):
		return fmt.Errorf("the test hangs without the guard: it must fail within %v", p.timeout)
	case res.ok:
		return errSurvived
	case strings.Contains(res.output, "--- FAIL: "), strings.Contains(res.output, "panic: "):
		return nil
	}
	return fmt.Errorf("the test neither passed nor failed: %s", tail(res.output))
}

// program is what the go command calls the test program of a package in dir.
func program(dir, pkg string) string { return filepath.Join(dir, path.Base(pkg)+".test") }

// binary returns the test program of a row without its guard.
func (p *prover) binary(ctx context.Context, r row) (bin string, clean func(), err error) {
	if p.on.rows[r.line] {
		bin = p.whole[r.pkg] + fmt.Sprint(outName, r.line)
		return bin, func() { os.Remove(bin) }, os.Link(p.whole[r.pkg], bin)
	}
	overlay, dir, err := p.alone(r)
	if err != nil {
		return "", nil, err
	}
	if err := p.goTest(ctx, overlay, dir, r.pkg); err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("does not build without the guard: %w", err)
	}
	return program(dir, r.pkg), func() { os.RemoveAll(dir) }, nil
}

// passes reports whether the test of a row passes with every guard. Each is run once.
func (p *prover) passes(ctx context.Context, r row) error {
	p.mu.Lock()
	key := r.pkg + " " + r.test
	once := p.good[key]
	if once == nil {
		once = sync.OnceValue(func() error { return p.passesIn(ctx, r) })
		p.good[key] = once
	}
	p.mu.Unlock()
	return once()
}

func (p *prover) passesIn(ctx context.Context, r row) error {
	res, err := p.run(ctx, r, p.whole[r.pkg])
	switch {
	case err != nil:
		return err
	case !res.ok:
		return fmt.Errorf("fails as it is: %s", tail(res.output))
	case strings.Contains(res.output, "--- SKIP"):
		return fmt.Errorf("skips: %s", tail(res.output))
	case !strings.Contains(res.output, "--- PASS"):
		return errors.New("there is no such test")
	}
	return nil
}

type result struct {
	ok     bool
	output string
}

// run runs the test of a row in a program.
func (p *prover) run(ctx context.Context, r row, bin string) (result, error) {
	ctx, stop := context.WithTimeout(ctx, 2*p.timeout) // longer than the test's own limit, which tells where it hung
	defer stop()
	cmd := exec.CommandContext(ctx, bin, "-test.run="+exactly(r.test), "-test.v", "-test.count=1", "-test.paniconexit0", "-test.timeout="+p.timeout.String())
	cmd.Dir = filepath.Join(p.root, r.pkg)
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return result{}, err
	}
	return result{ok: err == nil, output: out.String()}, nil
}

// exactly is a pattern of -run that matches names whole, part by part.
func exactly(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^(" + part + ")$"
	}
	return strings.Join(parts, "/")
}
