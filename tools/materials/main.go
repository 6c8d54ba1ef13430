// Command materials lists what a binary is made of, from what the Go toolchain noted in it, as a
// CycloneDX document (https://cyclonedx.org, version 1.6): the program, the toolchain and every
// module that was linked, with its version and the checksum of go.sum.
//
// The list depends on the binary alone: equal binaries have equal lists.
//
//	go run ./tools/materials bin/rhumb >bin/rhumb.cdx.json
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
)

type document struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	Address    string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "materials:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("name one binary, as in materials bin/rhumb")
	}
	info, err := buildinfo.ReadFile(args[0])
	if err != nil {
		return err
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(list(info))
}

func list(info *debug.BuildInfo) document {
	program := module("application", &info.Main)
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "CGO_ENABLED", "vcs.revision", "vcs.modified":
			program.Properties = append(program.Properties, property{s.Key, s.Value})
		}
	}
	version := strings.TrimPrefix(info.GoVersion, "go")
	d := document{
		Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{program},
		Components: []component{{Type: "library", Ref: "std", Name: "std", Version: version, Address: "pkg:golang/std@" + version}},
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		d.Components = append(d.Components, module("library", m))
	}
	return d
}

func module(kind string, m *debug.Module) component {
	address := "pkg:golang/" + m.Path + "@" + m.Version
	c := component{Type: kind, Ref: address, Name: m.Path, Version: m.Version, Address: address}
	if m.Sum != "" {
		c.Properties = []property{{"go.sum", m.Sum}}
	}
	return c
}
