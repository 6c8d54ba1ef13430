package main

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(strings.NewReader(`["password","short1","QWERTY123","qwerty123","12345678","1qaz2wsx"]`), &out); err != nil {
		t.Fatal(err)
	}
	a, b := sha256.Sum256([]byte("qwerty123")), sha256.Sum256([]byte("1qaz2wsx"))
	want := append(bytes.Clone(a[:8]), b[:8]...)
	if bytes.Compare(a[:8], b[:8]) > 0 {
		want = append(bytes.Clone(b[:8]), a[:8]...)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("got %x, want %x", out.Bytes(), want)
	}
	if err := run(strings.NewReader("password1\n"), &out); err == nil {
		t.Error("a list that is no JSON is taken")
	}
}
