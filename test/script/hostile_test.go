package script

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// hostile drives a terminal, were it printed as it is: a title, a clearing and a turned order.
const hostile = "Roads\x1b]0;owned\a\u009b2J\u202e"

// No title or name of either portal drives the terminal of who clones, verifies and undoes,
// whether it is told as planned, in conflict, failed, different or kept.
//
// Guard: terminal.Plain, wherever commands print what portals say.
func TestNoTextOfAPortalDrivesTheTerminal(t *testing.T) { // sets the environment: not parallel
	from, to := portaltest.Start(t), portaltest.Start(t)
	source, target := from.Client(t), to.Client(t)
	ctx := t.Context()
	check := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	item, err := source.Content.Add(ctx, gis.ItemSpec{Title: hostile, Type: "Web Map", Tags: []string{hostile}}, gis.WithText(`{"layers":[{"itemId":"0123456789abcdef0123456789abcdef"}]}`))
	check(item, err)
	check(source.Groups.Create(ctx, gis.GroupSpec{Title: "Group " + hostile, Tags: []string{"x"}}))
	check(target.Groups.Create(ctx, gis.GroupSpec{Title: "Group " + hostile, Tags: []string{"x"}}))
	for prefix, p := range map[string]*portaltest.Portal{"RHUMB_FROM_": from, "RHUMB_TO_": to, "RHUMB_": to} {
		t.Setenv(prefix+"TOKEN", p.AdminToken(t))
	}
	dir := t.TempDir()
	journal := filepath.Join(dir, "journal")
	run := func(args ...string) {
		t.Helper()
		var out bytes.Buffer
		cli.Main(ctx, args, &command.Streams{In: strings.NewReader(""), Out: &out, Err: &out})
		if text := out.String(); strings.ContainsAny(text, "\x1b\a\u009b\u202e") || !strings.Contains(text, "Roads") {
			t.Errorf("rhumb %s prints %q", strings.Join(args, " "), text)
		}
	}
	pair := []string{"--from", from.URL, "--to", to.URL}
	with := func(verb string, more ...string) []string {
		return append(append([]string{"clone", verb}, pair...), more...)
	}
	run(with("run", "--journal", journal)...) // into a conflict
	run(with("run", "--journal", journal, "--on-conflict", "rename")...)
	for it, err := range target.Content.Search(ctx, "type:\"Web Map\"", nil) {
		check(it, err)
		if strings.HasPrefix(it.Title, "Roads") {
			check(nil, it.Update(ctx, gis.ItemUpdate{Title: new("Other " + hostile)}))
		}
	}
	run(with("verify", "--journal", journal)...)
	run("clone", "undo", "--to", to.URL, "--journal", journal, "--dry-run")
	run("clone", "undo", "--to", to.URL, "--journal", journal, "--yes")
}
