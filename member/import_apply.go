package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// importer carries an import out.
type importer struct {
	pl        *ImportPlan
	p         *gis.Portal
	log       *importLog
	passwords *passwordFile // nil: none are drawn
	m         *meter

	mu     sync.Mutex
	failed map[int][]string // by row: what did not work
	made   map[int]bool     // accounts that are there, of those to be made
}

// Apply carries out the plan: members are made, several at a time, then brought in line with
// their rows. A row that fails in part says in which. Running the import again goes on where
// this run stopped; with the same journal also for members that it began to make.
func (pl *ImportPlan) Apply(ctx context.Context) (*Results, error) {
	log, err := openImportLog(pl.opts.Journal)
	if err != nil {
		return nil, err
	}
	defer log.close()
	im := &importer{pl: pl, p: pl.p, log: log, m: newMeter(pl.opts.Options), failed: map[int][]string{}, made: map[int]bool{}}
	if pl.drawsPasswords() {
		if im.passwords, err = openPasswords(pl.opts.PasswordsOut, log); err != nil {
			return nil, err
		}
		defer im.passwords.close()
	}
	for _, phase := range []func(context.Context) error{
		im.create, im.accounts, im.licenses, im.bundles, im.groups, im.folders, im.statuses, im.settle,
	} {
		if err := phase(ctx); err != nil {
			return im.results(true), err
		}
	}
	return im.results(false), nil
}

func (pl *ImportPlan) drawsPasswords() bool {
	if pl.opts.PasswordsOut == "" {
		return false
	}
	for i := range pl.Rows {
		if r := &pl.Rows[i]; r.drawsPassword() {
			return true
		}
	}
	return false
}

func (r *ImportRow) drawsPassword() bool {
	return r.Action == ActionCreate && len(r.Why) == 0 && r.Record.password() == "" && r.Record.Provider != "enterprise"
}

// alive lists the rows that are being carried out and whose account is there.
func (im *importer) alive(want func(*ImportRow) bool) []int {
	im.mu.Lock()
	defer im.mu.Unlock()
	var out []int
	for i := range im.pl.Rows {
		r := &im.pl.Rows[i]
		if len(r.Why) > 0 || r.Action == "" || r.exists == nil && !im.made[i] || !want(r) {
			continue
		}
		out = append(out, i)
	}
	return out
}

// fail notes what did not work for a row. Only what ends the run is answered.
func (im *importer) fail(ctx context.Context, i int, what string, err error) error {
	if ends(ctx, err) {
		return err
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	text := reasonOf(err)
	if what != "" {
		text = what + ": " + text
	}
	im.failed[i] = append(im.failed[i], text)
	return nil
}

func (im *importer) name(i int) string { return im.pl.Rows[i].username() }

// accounts sets role, user type and names of members who were there before.
func (im *importer) accounts(ctx context.Context) error {
	rows := im.alive(func(r *ImportRow) bool {
		return r.exists != nil && (r.role != "" || r.userType != "" || r.profile != nil || r.expire)
	})
	if len(rows) == 0 {
		return nil
	}
	im.m.begin("update", len(rows))
	return each(ctx, im.pl.opts.workers(), rows, func(ctx context.Context, i int) error {
		r := &im.pl.Rows[i]
		u := im.p.Users.Handle(im.name(i))
		var errs []error
		if r.userType != "" || r.role != "" {
			errs = append(errs, im.try(ctx, i, "", roleAndType(ctx, im.p, u.Username, r.role, r.userType)))
		}
		if r.profile != nil {
			errs = append(errs, im.try(ctx, i, "profile", u.Update(ctx, *r.profile)))
		}
		if r.expire {
			errs = append(errs, im.try(ctx, i, "expire the one-time password", u.ExpirePassword(ctx)))
		}
		im.m.step(u.Username, Done, "")
		return errors.Join(errs...)
	})
}

// roleAndType sets a role and a user type; empty ones stay. User types bound what roles may
// allow: where one of the two cannot be set, the other one goes first.
func roleAndType(ctx context.Context, p *gis.Portal, username string, role esri.RoleID, userType string) error {
	setType := func() error {
		if userType == "" {
			return nil
		}
		if err := p.Users.SetUserType(ctx, userType, username); err != nil {
			return fmt.Errorf("user type: %w", err)
		}
		return nil
	}
	setRole := func() error {
		if role == "" {
			return nil
		}
		if err := p.Users.SetRole(ctx, username, role); err != nil {
			return fmt.Errorf("role: %w", err)
		}
		return nil
	}
	err := setType()
	if rerr := setRole(); rerr != nil || err == nil {
		return errors.Join(err, rerr)
	}
	return setType()
}

// try notes a failure, if it is one.
func (im *importer) try(ctx context.Context, i int, what string, err error) error {
	if err == nil {
		return nil
	}
	return im.fail(ctx, i, what, err)
}

// licenses assigns what the rows want, as assignments do.
func (im *importer) licenses(ctx context.Context) error {
	var changes []Change
	var of []int
	for _, i := range im.alive(func(r *ImportRow) bool { return len(r.set) > 0 }) {
		for _, c := range im.pl.Rows[i].set {
			c.Username = im.name(i)
			changes, of = append(changes, c), append(of, i)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	r := &run{outcomes: map[int]line{}}
	_, err := applyChanges(ctx, im.p, r, changes, im.pl.opts.Options)
	for n := range changes {
		if l, over := r.over(n); over && l.Outcome == Failed {
			im.failed[of[n]] = append(im.failed[of[n]], changes[n].Product+": "+l.Reason)
		}
	}
	return err
}

// bundles gives app bundles, 25 members at a time.
func (im *importer) bundles(ctx context.Context) error {
	return im.byTarget(ctx, "app bundles", func(r *ImportRow) []target {
		var out []target
		for _, b := range r.bundles {
			out = append(out, target{"bundle " + b.ID, "app bundle " + b.Name, b.Assign})
		}
		return out
	})
}

// groups makes members of groups, and managers.
func (im *importer) groups(ctx context.Context) error {
	return im.byTarget(ctx, "groups", func(r *ImportRow) []target {
		var out []target
		for _, g := range r.groups {
			out = append(out, target{"member " + string(g.group.ID), "group " + g.group.Title, g.group.AddUsers})
		}
		for _, g := range r.manages {
			out = append(out, target{"manager " + string(g.group.ID), "group " + g.group.Title, g.addManagers})
		}
		return out
	})
}

// addManagers makes accounts members of the group and its managers.
func (g *groupUse) addManagers(ctx context.Context, usernames ...string) error {
	var failed []gis.ItemError
	for _, step := range []func(context.Context, ...string) error{g.group.AddUsers, func(ctx context.Context, names ...string) error {
		return g.group.SetRole(ctx, gis.MemberAdmin, names...)
	}} {
		err := step(ctx, usernames...)
		b, batch := errors.AsType[*gis.BatchError](err)
		switch {
		case batch:
			failed, usernames = append(failed, b.Failed...), b.Done
		case err != nil:
			return err
		}
		if len(usernames) == 0 {
			break
		}
	}
	if len(failed) > 0 {
		return &gis.BatchError{Op: "managers of the group " + g.group.Title, Done: usernames, Failed: failed}
	}
	return nil
}

// statuses disables members, or enables them.
func (im *importer) statuses(ctx context.Context) error {
	return im.byTarget(ctx, "status", func(r *ImportRow) []target {
		switch {
		case r.disable == nil:
			return nil
		case *r.disable:
			return []target{{"disable", "disable", im.p.Users.Disable}}
		}
		return []target{{"enable", "enable", im.p.Users.Enable}}
	})
}

// target is a call that takes several members.
type target struct {
	key, what string
	send      func(ctx context.Context, usernames ...string) error
}

// byTarget puts the rows that go to the same target together, 25 at a time.
func (im *importer) byTarget(ctx context.Context, phase string, of func(*ImportRow) []target) error {
	type call struct {
		target
		rows []int
	}
	var calls []*call
	open := map[string]*call{}
	n := 0
	for _, i := range im.alive(func(*ImportRow) bool { return true }) {
		for _, t := range of(&im.pl.Rows[i]) {
			c := open[t.key]
			if c == nil || len(c.rows) == parcelSize {
				c = &call{target: t}
				open[t.key], calls = c, append(calls, c)
			}
			c.rows = append(c.rows, i)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	im.m.begin(phase, n)
	return each(ctx, im.pl.opts.workers(), calls, func(ctx context.Context, c *call) error { return im.call(ctx, c.target, c.rows) })
}

// call sends one call, and where it is refused one for each member.
func (im *importer) call(ctx context.Context, t target, rows []int) error {
	names := make([]string, len(rows))
	for n, i := range rows {
		names[n] = im.name(i)
	}
	err := t.send(ctx, names...)
	if err != nil && ends(ctx, err) {
		return err
	}
	var b *gis.BatchError
	for n, i := range rows {
		one := err
		switch {
		case err == nil:
		case errors.As(err, &b):
			one = failureOf(b, names[n])
		case len(rows) > 1:
			one = t.send(ctx, names[n])
		}
		if ferr := im.try(ctx, i, t.what, one); ferr != nil {
			return ferr
		}
		im.m.step(names[n], Done, "")
	}
	return nil
}

// failureOf is the failure of one object of a batch; nil: it succeeded.
func failureOf(b *gis.BatchError, id string) error {
	for _, f := range b.Failed {
		if strings.EqualFold(f.ID, id) {
			return f.Err
		}
	}
	return nil
}

// folders makes the folders that are missing.
func (im *importer) folders(ctx context.Context) error {
	rows := im.alive(func(r *ImportRow) bool { return len(r.folders) > 0 })
	if len(rows) == 0 {
		return nil
	}
	im.m.begin("folders", len(rows))
	return each(ctx, im.pl.opts.workers(), rows, func(ctx context.Context, i int) error {
		for _, title := range im.pl.Rows[i].folders {
			if err := im.try(ctx, i, fmt.Sprintf("folder %q", title), ensureFolder(ctx, im.p, im.name(i), title)); err != nil {
				return err
			}
		}
		im.m.step(im.name(i), Done, "")
		return nil
	})
}

// ensureFolder makes a folder unless it is there.
func ensureFolder(ctx context.Context, p *gis.Portal, owner, title string) error {
	_, err := p.Content.CreateFolder(ctx, owner, title)
	if err == nil {
		return nil
	}
	if _, there := p.Content.FolderByTitle(ctx, owner, title); there == nil {
		return nil
	}
	return err
}

// settle writes down who is as the file wants it.
func (im *importer) settle(context.Context) error {
	var names []string
	for _, i := range im.alive(func(*ImportRow) bool { return true }) {
		if len(im.failed[i]) == 0 {
			names = append(names, im.name(i))
		}
	}
	return im.log.append(importLine{Event: importDone, Names: names})
}

// results tells what became of the rows.
func (im *importer) results(cut bool) *Results {
	out := &Results{Notes: im.pl.Warnings}
	im.mu.Lock()
	defer im.mu.Unlock()
	for i := range im.pl.Rows {
		r := &im.pl.Rows[i]
		row := r.result()
		if row.Outcome == Done {
			switch why := strings.Join(im.failed[i], "; "); {
			case why != "" && (r.exists != nil || im.made[i]):
				row.Outcome, row.Reason = Failed, "the member is there, but not as the row wants it: "+why
			case why != "":
				row.Outcome, row.Reason = Failed, why
			case cut:
				row.Outcome, row.Reason = Failed, "the run ended before the row was done; it goes on when the import is run again"
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
