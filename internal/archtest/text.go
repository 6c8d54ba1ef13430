package archtest

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// isRecorded reports whether the file holds what a program wrote or will be compared with:
// the places where a secret slips in unseen.
func isRecorded(file string) bool {
	return inTestdata(file) || strings.Contains(path.Base(file), ".golden.") ||
		path.Ext(file) == ".txtar" || strings.HasPrefix(file, "docs/") || strings.HasPrefix(file, "test/script/")
}

// isText tells source and recorded text from pictures and archives, as git does: by a zero
// byte in the first part.
func isText(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) < 0
}

// Names and shapes of secrets. The key may be quoted as in JSON, or stand in a query, a form
// or a header.
var (
	tokenValue    = regexp.MustCompile(`(?i)(?:token|client_?secret|api_?key|refresh|authorization|cookie)["']?\s*[:=]\s*["']?(?:bearer\s+)?([A-Za-z0-9_.\-]{32,})`)
	passwordValue = regexp.MustCompile(`(?i)(?:password|passwd|passphrase)["']?\s*[:=]\s*["']?([^\s"'&,;<>(){}$]{6,})`)
	privateKey    = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)
	madeUp        = regexp.MustCompile(`(?i)example|redacted|secret|password|token|placeholder|«|\*\*\*|xxx|\.\.\.`)
)

// checkSecrets finds what looks like a token, a password or a private key in a recorded
// file. A value that says that it is made up, as "example-token-…" does, is none.
func checkSecrets(file string, content []byte) []string {
	if !isRecorded(file) || !isText(content) {
		return nil
	}
	var bad []string
	report := func(kind string, at int) {
		line := 1 + bytes.Count(content[:at], []byte("\n"))
		bad = append(bad, fmt.Sprintf("%s:%d: looks like a %s: replace it by a hole or a value that says it is an example", file, line, kind))
	}
	for _, rule := range []struct {
		kind    string
		pattern *regexp.Regexp
	}{{"token", tokenValue}, {"password", passwordValue}} {
		for _, m := range rule.pattern.FindAllSubmatchIndex(content, -1) {
			if value := content[m[2]:m[3]]; !madeUp.Match(value) && distinct(value) > 5 {
				report(rule.kind, m[2])
			}
		}
	}
	for _, m := range privateKey.FindAllIndex(content, -1) {
		report("private key", m[0])
	}
	return bad
}

// distinct counts the different bytes of a value: "00000000" and "abababab" are made up.
func distinct(value []byte) int {
	var seen [256]bool
	n := 0
	for _, b := range value {
		if !seen[b] {
			seen[b] = true
			n++
		}
	}
	return n
}

// Paths of a developer's machine. The names are put together here so that this file does
// not hold what it forbids.
var (
	anywherePath = regexp.MustCompile(`(^|[^A-Za-z0-9_.])(/(?:wo` + `rk|fa` + `rm)/|/tmp/(?:bash_` + `jobs|rh)\b)`)
	sourcePath   = regexp.MustCompile(`(^|[^A-Za-z0-9_.])(/ro` + `ot/|/Us` + `ers/[a-z]+/|[A-Z]:\\Us` + `ers\\)`)
)

// checkPaths finds paths of a machine: in source those of any; in recorded files, where other
// people's paths are part of real data, only those of this project's own machines. Folders
// under home are left out, for /home/item.html is an address of every portal.
func checkPaths(file string, content []byte) []string {
	if !isText(content) || path.Base(file) == "go.sum" {
		return nil
	}
	patterns := []*regexp.Regexp{anywherePath}
	if isSourceText(file) {
		patterns = append(patterns, sourcePath)
	}
	var bad []string
	for _, pattern := range patterns {
		for _, m := range pattern.FindAllSubmatchIndex(content, -1) {
			line := 1 + bytes.Count(content[:m[4]], []byte("\n"))
			bad = append(bad, fmt.Sprintf("%s:%d: names a path of a machine: %s", file, line, content[m[4]:m[5]]))
		}
	}
	return bad
}

// isSourceText reports whether people wrote the file for this project.
func isSourceText(file string) bool {
	if inTestdata(file) || strings.HasPrefix(file, "internal/demo/") && path.Ext(file) != ".go" {
		return false
	}
	switch path.Ext(file) {
	case ".go", ".md", ".sh", ".py", ".js", ".mjs", ".ts", ".css", ".sql", ".toml", ".txtar", ".mod", "":
		return true
	}
	return false
}
