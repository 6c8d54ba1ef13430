package clone

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// chosen is what a selection comes to: the objects that are copied, and why the others are not.
type chosen struct {
	v      *survey
	keep   map[objectKey]string // why it is copied; empty: it was selected itself
	denied map[objectKey]string // the --except that leaves it out
	known  map[string]bool      // folded names of members of copied groups who are on the target
}

// choose applies --only and --except to the steps that are planned so far. Dependencies are
// followed in waves, each in the order of ids, so that what is said to need an object does
// not depend on how fast a portal answers.
func (v *survey) choose(ctx context.Context, sel *selection, m *Meter) error {
	if sel.every() {
		return nil
	}
	c := &chosen{v: v, keep: map[objectKey]string{}, denied: map[objectKey]string{}, known: map[string]bool{}}
	items := c.pick(sel)
	v.idle = sel.idle()
	if len(sel.only) > 0 {
		if len(c.keep) == 0 {
			return errors.New("--only: nothing on the source matches")
		}
		if err := c.follow(ctx, items, m); err != nil {
			return err
		}
	}
	c.places()
	c.finish()
	return nil
}

// pick applies the selectors to every object and returns the items that they take.
func (c *chosen) pick(sel *selection) (items []string) {
	v, title := c.v, map[string]string{}
	put := func(key objectKey, o *selectable) bool {
		denied, taken := sel.pick(sel.except, o), sel.pick(sel.only, o)
		switch {
		case denied != nil:
			c.denied[key] = "left out by --except " + denied.text
		case len(sel.only) == 0 || taken != nil:
			c.keep[key] = ""
			return true
		}
		return false
	}
	for _, u := range v.from.users {
		put(objectKey{KindUser, fold(u.Username)}, &selectable{kind: KindUser, owner: u.Username})
	}
	for _, g := range v.from.groups {
		put(objectKey{KindGroup, string(g.group.ID)}, &selectable{kind: KindGroup, id: string(g.group.ID), owner: g.group.Owner, groups: []*censusGroup{g}})
	}
	for _, f := range v.from.folders {
		title[string(f.ID)] = f.Title
		put(objectKey{KindFolder, string(f.ID)}, &selectable{kind: KindFolder, owner: f.Username, folder: f.Title})
	}
	for _, it := range v.from.items {
		o := &selectable{kind: KindItem, id: it.ID, owner: it.Owner, folder: title[it.Folder], typ: it.Type, tags: it.Tags}
		for _, id := range v.groupsOf[it.ID] {
			if g := v.sourceGroup(id); g != nil {
				o.groups = append(o.groups, g)
			}
		}
		if put(objectKey{KindItem, it.ID}, o) {
			items = append(items, it.ID)
		}
		it.Tags = nil
	}
	if len(sel.only) == 0 {
		for _, r := range v.from.roles {
			c.keep[objectKey{KindRole, string(r.ID)}] = ""
		}
	}
	return items
}

// add takes an object in because another needs it, and reports whether that is news.
func (c *chosen) add(key objectKey, why string) bool {
	if _, kept := c.keep[key]; kept || c.denied[key] != "" {
		return false
	}
	c.keep[key] = why
	return true
}

// follow takes in what the selected objects need: what they live in always, and what they refer
// to, are related to or are shared with unless that is turned off.
func (c *chosen) follow(ctx context.Context, wave []string, m *Meter) error {
	v := c.v
	for !v.opts.WithoutDependencies && len(wave) > 0 {
		needs, err := v.readNeeds(ctx, wave, m)
		if err != nil {
			return err
		}
		var next []string
		for i, id := range wave {
			it := v.from.item(id)
			why := "needed by " + describe(it.Title, id)
			for _, need := range needs[i] {
				switch {
				case v.from.item(need) != nil:
					if c.add(objectKey{KindItem, need}, why) {
						next = append(next, need)
					}
				case v.sourceGroup(need) != nil:
					c.add(objectKey{KindGroup, need}, why)
				}
			}
			for _, group := range v.groupsOf[id] {
				c.add(objectKey{KindGroup, group}, "needed by the sharing of "+describe(it.Title, id))
			}
		}
		slices.Sort(next)
		wave = next
	}
	return nil
}

// places takes in the accounts, roles and folders that the copied objects live in, and those
// members of copied groups that are on the target already.
func (c *chosen) places() {
	v, there := c.v, map[string]bool{}
	for i := range v.plan.Steps {
		if s := &v.plan.Steps[i]; s.Kind == KindUser && s.begun() {
			there[fold(s.Source)] = true
		}
	}
	for _, it := range v.from.items {
		if _, kept := c.keep[objectKey{KindItem, it.ID}]; kept {
			why := "it owns " + describe(it.Title, it.ID)
			c.add(objectKey{KindUser, fold(it.Owner)}, why)
			if it.Folder != "" {
				c.add(objectKey{KindFolder, it.Folder}, describe(it.Title, it.ID)+" is in it")
			}
		}
	}
	for _, g := range v.from.groups {
		if _, kept := c.keep[objectKey{KindGroup, string(g.group.ID)}]; !kept {
			continue
		}
		c.add(objectKey{KindUser, fold(g.group.Owner)}, "it owns "+describe(g.group.Title, string(g.group.ID)))
		for _, n := range slices.Concat(g.members.Admins, g.members.Users) {
			if there[fold(n)] {
				c.known[fold(n)] = true
				c.add(objectKey{KindUser, fold(n)}, "it belongs to "+describe(g.group.Title, string(g.group.ID)))
			}
		}
	}
	for _, f := range v.from.folders {
		if _, kept := c.keep[objectKey{KindFolder, string(f.ID)}]; kept {
			c.add(objectKey{KindUser, fold(f.Username)}, "it owns the folder "+f.Title)
		}
	}
	for _, u := range v.from.users {
		if _, kept := c.keep[objectKey{KindUser, fold(u.Username)}]; kept {
			c.add(objectKey{KindRole, string(u.Role)}, "it is the role of "+u.Username)
		}
	}
}

// finish makes steps of what is not copied into skipped ones, and says of the others what
// needs them. A copy of an earlier run of something that is not selected stays known, so that
// references to it are rewritten.
func (c *chosen) finish() {
	v := c.v
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		key := objectKey{s.Kind, s.Source}
		if s.Kind == KindUser {
			key.source = fold(s.Source)
		}
		why, kept := c.keep[key]
		switch {
		case s.Action == Skip:
		case kept:
			s.addReasonIf(why)
		default:
			c.drop(s, key, cmp.Or(c.denied[key], notSelected))
		}
	}
}

const notSelected = "not selected"

// drop leaves an object out.
func (c *chosen) drop(s *Step, key objectKey, why string) {
	v, there := c.v, s.begun()
	switch {
	case s.Kind == KindItem:
		v.skipped[s.Source] = true
	case s.Kind == KindGroup && there:
		v.plan.Header.Groups[s.Source] = s.Target
	case s.Kind == KindUser && s.Action == Match && c.known[key.source]:
		return // the groups that it belongs to need to know the account
	case s.Kind == KindUser && !there:
		delete(v.users, key.source)
		delete(v.plan.Header.Users, s.Source)
		v.absent[key] = true
	case s.Kind == KindGroup:
		v.absent[key] = true
	}
	s.Action, s.Target, s.Rename, s.Reason = Skip, "", "", why
	if s.Kind == KindUser {
		delete(v.demoted, key.source)
	}
}

func (s *Step) addReasonIf(why string) {
	if why != "" {
		s.addReason(why)
	}
}

// unselected reports whether the plan leaves a member out, so that nobody is missing.
func (a *applier) unselected(username string) bool {
	s := a.step(KindUser, username)
	return s != nil && s.Action == Skip
}
