// Command commonpasswords makes the file of common passwords that the portal refuses from a list
// of passwords, which it reads from standard input as a JSON array of strings.
//
// It keeps those that the rules for passwords admit (eight characters, a letter and a digit),
// without regard to case, and writes the first eight bytes of the SHA-256 of each, sorted, to
// standard output. The list itself is neither public reading nor needed to look a password up.
//
//	npm pack @zxcvbn-ts/language-common@4.1.3
//	tar -xzOf zxcvbn-ts-language-common-4.1.3.tgz package/src/passwords.json |
//		go run ./tools/commonpasswords >internal/portal/common_passwords.bin
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "commonpasswords:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var list []string
	if err := json.NewDecoder(in).Decode(&list); err != nil {
		return fmt.Errorf("read a JSON array of passwords: %w", err)
	}
	var sums [][]byte
	for _, p := range list {
		if !admitted(p) {
			continue
		}
		sum := sha256.Sum256([]byte(strings.ToLower(p)))
		sums = append(sums, sum[:8])
	}
	slices.SortFunc(sums, bytes.Compare)
	sums = slices.CompactFunc(sums, bytes.Equal)
	_, err := out.Write(bytes.Join(sums, nil))
	return err
}

func admitted(p string) bool {
	return utf8.RuneCountInString(p) >= 8 && strings.ContainsFunc(p, unicode.IsLetter) && strings.ContainsFunc(p, unicode.IsDigit)
}
