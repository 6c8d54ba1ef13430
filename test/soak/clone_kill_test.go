package soak

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/internal/demo"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestKilledClonesEndEqual kills clones and their undoing at random moments and begins them again
// until they end: the target must then hold what an undisturbed clone leaves, and after undo what
// it held before.
func TestKilledClonesEndEqual(t *testing.T) {
	src := portaltest.Start(t)
	if err := demo.Seed(t.Context(), signIn(t, src), nil); err != nil {
		t.Fatal(err)
	}
	calm := portaltest.Start(t)
	began := time.Now()
	run := cloneOf(t, src, calm)
	if code := run.start("run").wait(); code != 0 {
		t.Fatalf("the undisturbed clone ended with %d:\n%s", code, run.log.String())
	}
	whole := time.Since(began)
	want := stockOf(t, calm)
	if len(want) < 500 {
		t.Fatalf("an inventory of %d lines proves little", len(want))
	}

	kills, rng := amount(50, 4), rand.New(rand.NewPCG(3, 5))
	for done := 0; done < kills; {
		dst := portaltest.Start(t)
		before := stockOf(t, dst)
		c := cloneOf(t, src, dst)
		n := c.killUntilDone(rng, whole, min(10, kills-done), "run")
		sameStock(t, fmt.Sprintf("after %d kills", n), stockOf(t, dst), want)
		undone := c.killUntilDone(rng, whole/2, min(5, kills-done-n), "undo", "--yes")
		sameStock(t, fmt.Sprintf("undone after %d kills", undone), stockOf(t, dst), before)
		done += n + undone
		t.Logf("%d of %d kills: %d in a run, %d in an undo", done, kills, n, undone)
		if t.Failed() {
			t.FailNow()
		}
	}
}

func signIn(t testing.TB, srv *portaltest.Portal) *gis.Portal {
	t.Helper()
	p, err := gis.New(srv.URL, auth.Password(srv.Admin, srv.AdminPassword))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func stockOf(t *testing.T, srv *portaltest.Portal) []string {
	t.Helper()
	lines, err := inventory(t.Context(), signIn(t, srv))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// sameStock names the first facts that only one of two inventories has.
func sameStock(t *testing.T, when string, got, want []string) {
	t.Helper()
	shown := 0
	for _, d := range []struct {
		name      string
		in, notIn []string
	}{{"missing", want, got}, {"unexpected", got, want}} {
		for _, line := range d.in {
			if _, found := slices.BinarySearch(d.notIn, line); !found && shown < 10 {
				t.Errorf("%s: %s: %s", when, d.name, line)
				shown++
			}
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d facts, want %d", when, len(got), len(want))
	}
}

// cloner runs rhumb clone between two portals, always with the same journal.
type cloner struct {
	t        *testing.T
	src, dst *portaltest.Portal
	journal  string
	cmd      *exec.Cmd
	log      bytes.Buffer
}

func cloneOf(t *testing.T, src, dst *portaltest.Portal) *cloner {
	return &cloner{t: t, src: src, dst: dst, journal: filepath.Join(t.TempDir(), "journal")}
}

func (c *cloner) start(args ...string) *cloner {
	c.t.Helper()
	bin, err := binary()
	if err != nil {
		c.t.Fatal(err)
	}
	args = append([]string{"clone", args[0], "--to", c.dst.URL, "--journal", c.journal}, args[1:]...)
	if args[1] != "undo" {
		args = append(args, "--from", c.src.URL)
	}
	c.log.Reset()
	c.cmd = exec.Command(bin, args...)
	c.cmd.Env = append(os.Environ(), "RHUMB_FROM_USER="+c.src.Admin, "RHUMB_FROM_PASSWORD="+c.src.AdminPassword,
		"RHUMB_TO_USER="+c.dst.Admin, "RHUMB_TO_PASSWORD="+c.dst.AdminPassword)
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	return c
}

// wait returns the exit code, -1 for a killed process.
func (c *cloner) wait() int {
	c.t.Helper()
	err := c.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	return c.cmd.ProcessState.ExitCode()
}

// killUntilDone begins the command again and again and kills it at random moments, most times,
// and then lets it end. It returns the number of kills.
func (c *cloner) killUntilDone(rng *rand.Rand, span time.Duration, most int, args ...string) int {
	c.t.Helper()
	kills := 0
	for kills < most {
		c.start(args...)
		moment := time.AfterFunc(time.Duration(rng.Int64N(int64(span))), func() { c.cmd.Process.Kill() })
		code := c.wait()
		moment.Stop()
		if code == 0 {
			return kills
		}
		if code != -1 {
			c.t.Fatalf("%s ended with %d after %d kills:\n%s", strings.Join(args, " "), code, kills, c.log.String())
		}
		kills++
	}
	if code := c.start(args...).wait(); code != 0 {
		c.t.Fatalf("%s ended with %d after %d kills:\n%s", strings.Join(args, " "), code, kills, c.log.String())
	}
	return kills
}
