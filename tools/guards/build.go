package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// goTest builds the test programs of packages into dir.
func (p *prover) goTest(ctx context.Context, overlay, dir string, pkgs ...string) error {
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay=" + overlay, "-o", dir + string(filepath.Separator)}
	for _, pkg := range pkgs {
		args = append(args, "./"+pkg)
	}
	return p.goCommand(ctx, args...)
}

func (p *prover) goCommand(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = p.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return &buildError{err, string(out)}
	}
	return nil
}

// buildError is why the go command failed.
type buildError struct {
	err    error
	output string
}

func (e *buildError) Error() string { return fmt.Sprintf("%v: %s", e.err, tail(e.output)) }
func (e *buildError) Unwrap() error { return e.err }

var inBranch = regexp.MustCompile(`(?m)^.*\brow(\d+)\.go:\d+.*$`)

// rows returns what the compiler says of the branches of rows, by their lines.
func (e *buildError) rows() map[int]error {
	out := map[int]error{}
	for _, m := range inBranch.FindAllStringSubmatch(e.output, -1) {
		if line, err := strconv.Atoi(m[1]); err == nil && out[line] == nil {
			out[line] = fmt.Errorf("does not build without the guard: %s", m[0])
		}
	}
	return out
}

// writeOverlay writes files, named below root, into dir, and the file that tells the go
// command to read them in place of those of the tree.
func writeOverlay(root, dir string, files map[string]string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, text := range files {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, name)] = file
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, b, 0o600)
}

// tail is the end of what a command said.
func tail(s string) string {
	const most = 1500
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = "…" + s[len(s)-most:]
	}
	return s
}
