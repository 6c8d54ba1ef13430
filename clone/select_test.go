package clone_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
)

// copied lists what a plan does not leave out of a kind, by title or, for members, by name; the
// portal's own accounts, groups and items are always left out.
func copied(plan *clone.Plan, k clone.Kind) string {
	var names []string
	for _, s := range plan.Steps {
		if s.Kind != k || s.Action == clone.Skip {
			continue
		}
		if k == clone.KindUser {
			names = append(names, s.Source)
		} else {
			names = append(names, s.Title)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// TestSelectionTakesWhatItNeeds picks parts of the fixture: an app that shows a map, which lies
// in a folder and draws a layer, which was made from a file.
func TestSelectionTakesWhatItNeeds(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	const all = "Engine App, Engine Map, More notes, Notes, Spare Map, Stops, Stops as CSV"
	for _, tc := range []struct {
		name                               string
		opts                               clone.Options
		items, groups, users, folders, own string
	}{
		{"everything", clone.Options{}, all, "Field Crews, Reviewers", "ada_lovelace, admin, alan_turing, grace_hopper", "Maps of 1843", "Cartographer"},
		{"an app with what it shows", clone.Options{Only: []string{string(p.app.ID)}},
			"Engine App, Engine Map, Notes, Stops, Stops as CSV", "Field Crews", "ada_lovelace, admin, grace_hopper", "Maps of 1843", "Cartographer"},
		{"an app by itself", clone.Options{Only: []string{string(p.app.ID)}, WithoutDependencies: true}, "Engine App", "", "admin", "", ""},
		{"a map by itself with its place", clone.Options{Only: []string{strings.ToUpper(string(p.webmap.ID))}, WithoutDependencies: true}, "Engine Map", "", "ada_lovelace", "Maps of 1843", "Cartographer"},
		{"a member", clone.Options{Only: []string{"owner:Grace_Hopper"}}, "Stops, Stops as CSV", "Field Crews", "grace_hopper", "", ""},
		{"a group by title", clone.Options{Only: []string{"group:field crews"}}, "Engine Map, Stops, Stops as CSV", "Field Crews", "ada_lovelace, grace_hopper", "Maps of 1843", "Cartographer"},
		{"a group by id", clone.Options{Only: []string{"group:" + string(p.other.ID)}}, "", "Reviewers", "admin", "", ""},
		{"a folder", clone.Options{Only: []string{"folder:ada_lovelace/maps OF 1843"}}, "Engine Map, Stops, Stops as CSV", "Field Crews", "ada_lovelace, grace_hopper", "Maps of 1843", "Cartographer"},
		{"a root folder", clone.Options{Only: []string{"folder:grace_hopper/"}}, "Stops, Stops as CSV", "Field Crews", "grace_hopper", "", ""},
		{"a tag", clone.Options{Only: []string{"tag:DOC"}}, "More notes, Notes", "", "admin", "", ""},
		{"a type", clone.Options{Only: []string{`type:"PDF"`}}, "More notes, Notes", "", "admin", "", ""},
		{"a query", clone.Options{Only: []string{`query:title:"More notes"`}}, "More notes", "", "admin", "", ""},
		{"one or the other", clone.Options{Only: []string{"type:CSV", "tag:doc"}}, "More notes, Notes, Stops as CSV", "Field Crews", "admin, grace_hopper", "", ""},
		{"all but a tag", clone.Options{Except: []string{"tag:doc"}}, "Engine App, Engine Map, Spare Map, Stops, Stops as CSV", "Field Crews, Reviewers", "ada_lovelace, admin, alan_turing, grace_hopper", "Maps of 1843", "Cartographer"},
		{"all but a member", clone.Options{Except: []string{"owner:grace_hopper"}}, "Engine App, Engine Map, More notes, Notes, Spare Map", "Reviewers", "ada_lovelace, admin, alan_turing", "Maps of 1843", "Cartographer"},
		{"except wins", clone.Options{Only: []string{"tag:doc"}, Except: []string{string(p.second.ID)}}, "Notes", "", "admin", "", ""},
		{"except wins over what is needed", clone.Options{Only: []string{string(p.webmap.ID)}, Except: []string{string(p.layer.ID)}}, "Engine Map", "Field Crews", "ada_lovelace, grace_hopper", "Maps of 1843", "Cartographer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, tc.opts, nil, nil))
			for _, k := range []struct {
				kind clone.Kind
				want string
			}{{clone.KindItem, tc.items}, {clone.KindGroup, tc.groups}, {clone.KindUser, tc.users}, {clone.KindFolder, tc.folders}, {clone.KindRole, tc.own}} {
				if got := copied(plan, k.kind); got != k.want {
					t.Errorf("%s: got %q, want %q", k.kind, got, k.want)
				}
			}
			var b bytes.Buffer
			ok(t, plan.Write(&b))
			must[*clone.Plan](t)(clone.ReadPlan(&b))
		})
	}
}

// TestSelectionSaysWhy reads the reasons of steps that are there for others, and of those that
// are left out.
func TestSelectionSaysWhy(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{Only: []string{string(p.app.ID)}, Except: []string{"tag:csv"}}, nil, nil))
	for _, tc := range []struct {
		kind         clone.Kind
		source, want string
	}{
		{clone.KindItem, string(p.webmap.ID), `needed by "Engine App" (` + string(p.app.ID) + `)`},
		{clone.KindItem, string(p.layer.ID), `needed by "Engine Map" (` + string(p.webmap.ID) + `)`},
		{clone.KindGroup, string(p.group.ID), `needed by "Engine App"`},
		{clone.KindUser, "ada_lovelace", `it owns "Engine Map"`},
		{clone.KindRole, string(p.role.ID), "it is the role of ada_lovelace"},
		{clone.KindFolder, string(p.folder.ID), `"Engine Map" (` + string(p.webmap.ID) + `) is in it`},
		{clone.KindItem, string(p.spare.ID), "not selected"},
		{clone.KindUser, "alan_turing", "not selected"},
		{clone.KindGroup, string(p.other.ID), "not selected"},
		{clone.KindItem, string(p.file.ID), "left out by --except tag:csv"},
	} {
		if s := step(t, plan, tc.kind, tc.source); !strings.Contains(s.Reason, tc.want) {
			t.Errorf("%s %s: %q, want %q", tc.kind, tc.source, s.Reason, tc.want)
		}
	}
}

// TestSelectionIsClonedAndProved applies a selection and finds no difference; then everything,
// which adds the rest and leaves what was copied.
func TestSelectionIsClonedAndProved(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	opts := clone.RunOptions{Journal: p.journal, Options: clone.Options{Only: []string{"group:Field Crews"}}}
	rep := must[*clone.Report](t)(clone.Run(t.Context(), p.from, p.to, opts, nil))
	expectClean(t, rep)
	if r := rep.Result; r.Items.Created != 3 || r.Groups.Created != 1 || r.Users.Created != 2 {
		t.Errorf("figures: %+v", r)
	}
	rep = must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectClean(t, rep)
	if r := rep.Result; r.Items.Created != 4 || r.Items.Matched != 3 || r.Groups.Created != 1 || r.Users.Created != 1 {
		t.Errorf("figures of the rest: %+v", r)
	}
}

func TestSelectionOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	_, err := clone.Prepare(t.Context(), p.from, p.to, clone.Options{Only: []string{"tag:nobody-has-it"}}, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "--only: nothing on the source matches") {
		t.Errorf("got %v", err)
	}
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{Except: []string{"tag:nobody-has-it"}}, nil, nil))
	if !slices.ContainsFunc(plan.Notices, func(n clone.Notice) bool {
		return n.Code == clone.NoticeSelectors && slices.Equal(n.Objects, []string{"--except tag:nobody-has-it"})
	}) {
		t.Errorf("no notice of the idle selector: %+v", plan.Notices)
	}
}
