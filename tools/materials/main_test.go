package main

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	t.Parallel()
	d := list(&debug.BuildInfo{
		GoVersion: "go1.26.1", Main: debug.Module{Path: "example.com/p", Version: "v1.2.3"},
		Deps: []*debug.Module{
			{Path: "example.com/a", Version: "v0.1.0", Sum: "h1:abc="},
			{Path: "example.com/b", Version: "v0.2.0", Replace: &debug.Module{Path: "example.com/c", Version: "v0.3.0"}},
		},
		Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "-ldflags", Value: "-s"}},
	})
	var got []string
	for _, c := range append(d.Components, d.Metadata.Component) {
		got = append(got, c.Address)
		for _, p := range c.Properties {
			got = append(got, p.Name+"="+p.Value)
		}
	}
	const want = "pkg:golang/std@1.26.1 pkg:golang/example.com/a@v0.1.0 go.sum=h1:abc= pkg:golang/example.com/c@v0.3.0 pkg:golang/example.com/p@v1.2.3 GOOS=linux"
	if text := strings.Join(got, " "); text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// The test's own binary has a list.
func TestRun(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run([]string{self}, &out); err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(out.Bytes(), &d); err != nil || d.Format != "CycloneDX" || len(d.Components) == 0 {
		t.Errorf("%v: %s", err, out.String())
	}
	if err := run(nil, &out); err == nil {
		t.Error("no binary is a binary")
	}
}
