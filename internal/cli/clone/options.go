package clone

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
)

// options are the flags of the verbs. flags declares those of every verb, planFlags those that
// decide what a plan holds; a verb declares its own besides.
type options struct {
	io       *command.Streams
	from, to string
	journal  string
	json     bool
	restart  bool
	yes      bool
	secrets  string // file for first passwords
	report   string // file
	connect  connect.Options
	licenses bool

	allowAdmins bool
	choices     choices
}

// choices are the flags that a plan is made with.
type choices struct {
	onConflict                     string
	replaceMembers                 bool
	reassignTo                     string
	only, except                   []string
	dependencies                   bool
	mapUsers, mapItems, mapGroups  string
	accessMap                      string
	updateExisting, settings, full bool
}

func (o *options) flags(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&o.from, "from", "", "`address` of the source portal, such as https://staging.example.org/portal")
	fl.StringVar(&o.to, "to", "", "`address` of the target portal")
	fl.StringVar(&o.journal, "journal", "", "`file` that records the run (default: in the user's state folder, by both portals)")
	fl.BoolVar(&o.allowAdmins, "allow-admins", false, "let members keep administrative roles; without it they become plain users")
	fl.BoolVar(&o.json, "json", false, "print events and the result as JSON, one object a line")
	o.connect.Flags(fl)
}

// passwordsFlag declares --passwords-out.
func (o *options) passwordsFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.secrets, "passwords-out", "", "new `file` for the first passwords of new accounts, readable by its owner alone; without it nobody knows them")
}

// licensesFlag declares --licenses.
func (o *options) licensesFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.licenses, "licenses", false, "give members at the end what they hold on the source, as far as the target has seats: user types, licenses, app bundles")
}

// planFlags declares the flags that a plan is made with.
func (o *options) planFlags(cmd *cobra.Command) {
	fl, c := cmd.Flags(), &o.choices
	fl.StringVar(&c.onConflict, "on-conflict", string(clone.ConflictFail), "what becomes of an object whose place is taken: `fail`, match, rename or replace")
	fl.BoolVar(&c.replaceMembers, "replace-members", false, "let --on-conflict replace replace accounts too")
	fl.StringVar(&c.reassignTo, "reassign-to", "", "`account` of the target that receives what replaced accounts own")
	fl.StringArrayVar(&c.only, "only", nil, "copy only what the `selector` picks: owner:NAME, group:TITLE, folder:OWNER/TITLE, tag:T, type:T, query:Q or an id (repeatable: or)")
	fl.StringArrayVar(&c.except, "except", nil, "leave out what the `selector` picks (repeatable; wins over --only)")
	fl.BoolVar(&c.dependencies, "with-dependencies", true, "copy with a selection what it needs")
	fl.StringVar(&c.mapUsers, "map-users", "", "CSV `file` source,target: accounts of the target that stand for members of the source")
	fl.StringVar(&c.mapItems, "map-items", "", "CSV `file` source,target: items of the target to use in place of copies")
	fl.StringVar(&c.mapGroups, "map-groups", "", "CSV `file` source,target: groups of the target to use in place of copies")
	fl.StringVar(&c.accessMap, "access-map", "", "`levels` of access that change, such as org=public,public=org")
	fl.BoolVar(&c.updateExisting, "update-existing", false, "bring in line what was on the target before the first run")
	fl.BoolVar(&c.settings, "org-settings", false, "copy the settings of the organization that name groups and items")
	fl.BoolVar(&c.full, "full", false, "read and write items anew that did not change since the last run")
}

// open signs in to both portals. A clone keeps what it lists for long and waits for portals most
// of the time: memory is worth more here than what collecting it earlier costs. GOGC is heeded.
func (o *options) open(ctx context.Context, f *command.Factory) (source, target *gis.Portal, err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40)
	}
	if source, err = o.connect.Open(ctx, f, "from", o.from, "RHUMB_FROM_"); err != nil {
		return nil, nil, err
	}
	if target, err = o.connect.Open(ctx, f, "to", o.to, "RHUMB_TO_"); err != nil {
		return nil, nil, err
	}
	return source, target, nil
}

// clone reads the flags into the options of a plan. It reads the map files, and is called
// before anything is asked of a portal: what is wrong is a mistake in the call.
func (o *options) clone() (clone.Options, error) {
	c := &o.choices
	out := clone.Options{
		AllowAdmins: o.allowAdmins, ReplaceMembers: c.replaceMembers, ReassignTo: c.reassignTo,
		Only: c.only, Except: c.except, WithoutDependencies: !c.dependencies && len(c.only) > 0,
		UpdateExisting: c.updateExisting, OrgSettings: c.settings, Full: c.full,
	}
	if c.onConflict != "" && c.onConflict != string(clone.ConflictFail) {
		out.OnConflict = clone.ConflictMode(c.onConflict)
	}
	var errs []error
	for _, m := range []struct {
		flag, path string
		ids        bool
		into       *map[string]string
	}{
		{"map-users", c.mapUsers, false, &out.MapUsers},
		{"map-items", c.mapItems, true, &out.MapItems},
		{"map-groups", c.mapGroups, true, &out.MapGroups},
	} {
		var err error
		if *m.into, err = readMap(m.flag, m.path, m.ids); err != nil {
			errs = append(errs, err)
		}
	}
	var err error
	if out.AccessMap, err = clone.ParseAccessMap(c.accessMap); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(append(errs, out.Check())...); err != nil {
		return clone.Options{}, command.Usage("%w", distinct(err))
	}
	return out, nil
}

// distinct says each line of an error once.
func distinct(err error) error {
	var lines []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return errors.New(strings.Join(lines, "\n"))
}

// readMap reads a map file; ids are put in lower case.
func readMap(flag, path string, ids bool) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	defer f.Close()
	m, err := clone.ReadMap(f)
	if err != nil {
		return nil, fmt.Errorf("--%s %s: %w", flag, path, err)
	}
	if !ids {
		return m, nil
	}
	lower := make(map[string]string, len(m))
	for s, t := range m {
		lower[strings.ToLower(s)] = strings.ToLower(t)
	}
	return lower, nil
}
