package clone_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestAnEditedPlanBreaksNoRule edits plans in every way that could delete or overwrite what no
// plan may, and expects a refusal that names the line and no write.
func TestAnEditedPlanBreaksNoRule(t *testing.T) {
	t.Parallel()
	g := &gate{}
	p := emptyPair(t, portaltest.Wrap(g.wrap))
	p.makeMembers(t)
	s := p.occupyOnly(t)
	replace := clone.Options{OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: "keeper"}
	for name, tc := range map[string]struct {
		opts clone.Options
		edit func(plan *clone.Plan)
		want string
	}{
		"replaces the connecting account": {replace, func(plan *clone.Plan) {
			u := step(t, plan, clone.KindUser, "ada_lovelace")
			u.Action, u.Target = clone.Replace, p.dst.Admin
		}, "signed in with"},
		"replaces an account of the portal itself": {replace, func(plan *clone.Plan) {
			u := step(t, plan, clone.KindUser, "ada_lovelace")
			u.Action, u.Target = clone.Replace, "esri_nav"
		}, "portal itself"},
		"replaces the heir": {replace, func(plan *clone.Plan) {
			u := step(t, plan, clone.KindUser, "ada_lovelace")
			u.Action, u.Target = clone.Replace, "KEEPER"
		}, "is to receive"},
		"replaces accounts without leave": {clone.Options{OnConflict: clone.ConflictReplace}, func(plan *clone.Plan) {
			u := step(t, plan, clone.KindUser, "ada_lovelace")
			u.Action, u.Target = clone.Replace, "ada_lovelace"
		}, "--replace-members"},
		"replaces without leave": {clone.Options{OnConflict: clone.ConflictMatch}, func(plan *clone.Plan) {
			r := step(t, plan, clone.KindRole, string(p.role.ID))
			r.Action, r.Target = clone.Replace, "org_user"
		}, "--on-conflict replace"},
		"updates one account from two": {clone.Options{OnConflict: clone.ConflictMatch}, func(plan *clone.Plan) {
			for _, name := range []string{"ada_lovelace", "grace_hopper"} {
				u := step(t, plan, clone.KindUser, name)
				u.Action, u.Target = clone.Update, "ada_lovelace"
			}
		}, "changed by line"},
		"updates nothing": {clone.Options{OnConflict: clone.ConflictMatch}, func(plan *clone.Plan) {
			u := step(t, plan, clone.KindUser, "grace_hopper")
			u.Action, u.Target = clone.Update, ""
		}, "no target"},
		"names an object twice": {clone.Options{OnConflict: clone.ConflictMatch}, func(plan *clone.Plan) {
			plan.Steps = append(plan.Steps, *step(t, plan, clone.KindUser, "grace_hopper"))
		}, "has a step in line"},
		"sets settings without leave": {clone.Options{OnConflict: clone.ConflictMatch}, func(plan *clone.Plan) {
			plan.Steps = append(plan.Steps, clone.Step{Kind: clone.KindSetting, Action: clone.Update, Source: "defaultBasemap"})
		}, "--org-settings"},
	} {
		plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, tc.opts, nil, nil))
		for i := range plan.Steps {
			if plan.Steps[i].Action == clone.Conflict {
				plan.Steps[i].Action = clone.Match
			}
		}
		tc.edit(plan)
		before := g.writes.Load()
		_, err := clone.ApplyPlan(t.Context(), p.from, p.to, plan, clone.RunOptions{Journal: t.TempDir() + "/j"}, nil)
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: got %v, want an error that names the line and %q", name, err, tc.want)
		}
		if n := g.writes.Load() - before; n != 0 {
			t.Errorf("%s: %d writes reached the target", name, n)
		}
	}
	if u := must[*gis.User](t)(p.to.Users.Get(t.Context(), "ada_lovelace")); u.Email != "ada_lovelace@elsewhere.example" || s == nil {
		t.Errorf("the account is %+v", u)
	}
}

// occupyOnly puts accounts on the target and no groups or items that clash.
func (p *pair) occupyOnly(t *testing.T) *gis.User {
	t.Helper()
	var last *gis.User
	for _, name := range []string{"keeper", "ada_lovelace"} {
		last = must[*gis.User](t)(p.to.Users.Create(t.Context(), gis.UserSpec{
			Username: name, Password: "nobody-knows-8", FirstName: "Some", LastName: "Body", Email: name + "@elsewhere.example", Role: gis.RolePublisher, UserType: "creatorUT"}))
	}
	return last
}

// TestATargetThatDriftedIsRefused changes the target after the plan was made.
func TestATargetThatDriftedIsRefused(t *testing.T) {
	t.Parallel()
	g := &gate{}
	p := emptyPair(t, portaltest.Wrap(g.wrap))
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	p.member(t, "newcomer")
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "plan"))
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, j, nil))
	ok(t, j.Close())

	ctx := t.Context()
	must[*gis.User](t)(p.to.Users.Create(ctx, gis.UserSpec{Username: "newcomer", Password: "nobody-knows-8", FirstName: "N", LastName: "C", Email: "n@example.org", Role: gis.RoleUser, UserType: "creatorUT"}))
	ok(t, p.to.Groups.Handle(esri.GroupID(p.mapping(t, clone.KindGroup)[string(p.other.ID)])).Delete(ctx))
	gone := must[*gis.Item](t)(p.to.Content.Get(ctx, esri.ItemID(p.mapping(t, clone.KindItem)[string(p.second.ID)])))
	ok(t, gone.Delete(ctx))
	moved := must[*gis.Item](t)(p.to.Content.Get(ctx, esri.ItemID(p.mapping(t, clone.KindItem)[string(p.spare.ID)])))
	ok(t, moved.ReassignTo(ctx, "grace_hopper", ""))

	before := g.writes.Load()
	_, err := clone.ApplyPlan(ctx, p.from, p.to, plan, clone.RunOptions{Journal: p.journal}, nil)
	var d *clone.DriftError
	if !errors.Is(err, clone.ErrDrift) || !errors.As(err, &d) || len(d.Objects) != 3 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{"Reviewers", "More notes", "newcomer"} {
		if !strings.Contains(d.Objects[i], want) {
			t.Errorf("drift %d is %q, want one about %s", i, d.Objects[i], want)
		}
	}
	if n := g.writes.Load() - before; n != 0 {
		t.Errorf("%d writes reached the target", n)
	}
}

// TestPasswordsGoToTheFileFirst cuts a run at the first accounts and lets it go on: each account
// opens with the one password that the file holds for it.
func TestPasswordsGoToTheFileFirst(t *testing.T) {
	t.Parallel()
	for _, at := range []int64{0, 3, 4, 7} {
		g := &gate{}
		p := emptyPair(t, portaltest.Wrap(g.wrap))
		p.makeMembers(t)
		file := t.TempDir() + "/passwords.csv"
		opts := clone.RunOptions{Journal: p.journal, PasswordsOut: file}
		ctx, cancel := context.WithCancel(t.Context())
		g.cut = cancel
		g.late.Store(at%2 == 0)
		g.at.Store(at)
		_, err := clone.Run(ctx, p.from, p.to, opts, nil)
		if (err != nil) != (at > 0) {
			t.Fatalf("cut at %d: %v", at, err)
		}
		if at > 0 {
			expectClean(t, must[*clone.Report](t)(clone.Run(t.Context(), p.from, p.to, opts, nil)))
		}
		raw := must[[]byte](t)(os.ReadFile(file))
		lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
		if fi := must[os.FileInfo](t)(os.Stat(file)); fi.Mode().Perm() != 0o600 || len(lines) != 4 || lines[0] != "username,password" {
			t.Fatalf("cut at %d: mode %v, %d lines", at, fi.Mode(), len(lines))
		}
		for _, line := range lines[1:] {
			name, password, _ := strings.Cut(line, ",")
			if journal := must[[]byte](t)(os.ReadFile(p.journal)); bytes.Contains(journal, []byte(password)) {
				t.Errorf("cut at %d: the journal holds the password of %s", at, name)
			}
			if name == "alan_turing" {
				continue // who is disabled
			}
			answer := fmt.Sprint(p.dst.Call(t, "", "sharing/rest/generateToken", url.Values{"username": {name}, "password": {password}}))
			if !strings.Contains(answer, "password must be changed") {
				t.Errorf("cut at %d: %s signs in and is told %s", at, name, answer)
			}
		}
		if _, err := clone.Run(t.Context(), p.from, p.to, opts, nil); err == nil || !strings.Contains(err.Error(), "there already") {
			t.Errorf("cut at %d: another run with the same file: %v", at, err)
		}
	}
}

// TestAUserTypeThatTheTargetLacksIsToldWithTheWayOut takes the user type that an edited plan names in its place.
func TestAUserTypeThatTheTargetLacksIsToldWithTheWayOut(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	p.makeMembers(t)
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	step(t, plan, clone.KindUser, "grace_hopper").UserType = "kingUT"
	step(t, plan, clone.KindUser, "ada_lovelace").UserType = "storytellerUT"
	rep := must[*clone.Report](t)(clone.ApplyPlan(t.Context(), p.from, p.to, plan, clone.RunOptions{Journal: p.journal}, nil))
	if len(rep.Failures) != 1 || rep.Failures[0].Source != "grace_hopper" || !strings.Contains(rep.Failures[0].Error, "kingUT") || !strings.Contains(rep.Failures[0].Error, "creatorUT") {
		t.Errorf("failures: %+v", rep.Failures)
	}
	if u := must[*gis.User](t)(p.to.Users.Get(t.Context(), "ada_lovelace")); u.UserLicenseTypeID != "storytellerUT" {
		t.Errorf("the fallback of the plan was not taken: %s", u.UserLicenseTypeID)
	}
}
