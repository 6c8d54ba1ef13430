package bench

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/demo"
	"github.com/rhumb-gis/rhumb/internal/require"
	"github.com/rhumb-gis/rhumb/portaltest"
)

const scripts = "../foreign/python"

// python is the interpreter that the suite of the Python client installed.
func python(b *testing.B) string {
	b.Helper()
	path, err := filepath.Abs("../foreign/.cache/python/bin/python")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		require.Missing(b, "python-arcgis", "test/foreign/run.sh python, which installs it, did not run")
	}
	return path
}

// total is how many calls came by since the last reset.
func (w *wire) total() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		n += c
	}
	return n
}

func holds(b *testing.B, g *gis.Portal) (n int) {
	b.Helper()
	for _, err := range g.Content.SearchAll(b.Context(), "", nil) {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}

// script clones by one of the scripts and returns the seconds that it took, without the start of
// the interpreter and the imports.
func script(b *testing.B, name string, from, to *portaltest.Portal) float64 {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), python(b), "-W", "ignore", name)
	cmd.Dir = scripts
	home := b.TempDir()
	trusted := filepath.Join(home, "ca.pem")
	if err := os.WriteFile(trusted, append(bytes.Clone(from.CA), to.CA...), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "HOME="+home, "TMPDIR="+home, "PYTHONDONTWRITEBYTECODE=1", "SSL_CERT_FILE="+trusted,
		"RHUMB_FROM_URL="+from.URL, "RHUMB_FROM_USER="+from.Admin, "RHUMB_FROM_PASSWORD="+from.AdminPassword,
		"RHUMB_TO_URL="+to.URL, "RHUMB_TO_USER="+to.Admin, "RHUMB_TO_PASSWORD="+to.AdminPassword)
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v", name, err) // what it printed holds lines of the client
	}
	var said struct{ Seconds float64 }
	if err := json.Unmarshal(bytes.TrimSpace(out), &said); err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return said.Seconds
}

// BenchmarkToolsOnTheDemo clones the demo's organization with the notebook's steps, with
// clone_items of the Python package (members made before, service items left out), and with
// rhumb, with its verification and without. It reports seconds, the items that are on the
// target, and the calls on both portals for each of these.
func BenchmarkToolsOnTheDemo(b *testing.B) {
	w := &wire{}
	w.reset()
	source := portaltest.Start(b, portaltest.TLS(), portaltest.Wrap(w.wrap)) // the Python client speaks nothing else
	from := source.Client(b)
	if err := demo.Seed(b.Context(), from, nil); err != nil {
		b.Fatal(err)
	}
	for _, tool := range []struct {
		name string
		run  func(*testing.B, *portaltest.Portal) float64
	}{
		{"notebook", func(b *testing.B, to *portaltest.Portal) float64 { return script(b, "notebook.py", source, to) }},
		{"clone_items", func(b *testing.B, to *portaltest.Portal) float64 { return script(b, "cloneitems.py", source, to) }},
		{"rhumb", func(b *testing.B, to *portaltest.Portal) float64 {
			rep, err := clone.Run(b.Context(), from, to.Client(b), clone.RunOptions{Journal: filepath.Join(b.TempDir(), "j")}, nil)
			if err != nil || rep.Result.Differences != 0 {
				b.Fatalf("%v: %+v", err, rep.Result)
			}
			return rep.Result.Seconds
		}},
		{"rhumb-unverified", func(b *testing.B, to *portaltest.Portal) float64 {
			target, began := to.Client(b), b.Elapsed()
			j, err := clone.OpenJournal(filepath.Join(b.TempDir(), "j"), "bench")
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			plan, err := clone.Prepare(b.Context(), from, target, clone.Options{}, j, nil)
			if err != nil {
				b.Fatal(err)
			}
			if rep, err := clone.Apply(b.Context(), from, target, plan, clone.ApplyOptions{}, j, nil); err != nil || rep.Result.Failed() != 0 {
				b.Fatalf("%v: %+v", err, rep.Result)
			}
			return (b.Elapsed() - began).Seconds()
		}},
	} {
		b.Run("tool="+tool.name, func(b *testing.B) {
			var seconds float64
			calls, items := 0, 0
			for range b.N {
				to := portaltest.Start(b, portaltest.TLS(), portaltest.Wrap(w.wrap))
				w.reset()
				seconds += tool.run(b, to)
				calls += w.total()
				items += holds(b, to.Client(b))
			}
			b.ReportMetric(seconds/float64(b.N), "s/clone")
			b.ReportMetric(float64(items)/float64(b.N), "items")
			b.ReportMetric(float64(calls)/float64(max(items, 1)), "calls/item")
		})
	}
}
