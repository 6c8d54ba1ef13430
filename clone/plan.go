package clone

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Kind names what a step, a difference or a failure is about.
type Kind string

// Kinds of object.
const (
	KindRole         Kind = "role"
	KindUser         Kind = "user"
	KindGroup        Kind = "group"
	KindFolder       Kind = "folder"
	KindItem         Kind = "item"
	KindResource     Kind = "resource"
	KindRelationship Kind = "relationship"
	KindShare        Kind = "share"
	KindSetting      Kind = "setting" // of the organization
)

// kinds are the kinds of step, in the order of a plan.
var kinds = [...]Kind{KindRole, KindUser, KindGroup, KindFolder, KindItem, KindRelationship, KindShare, KindSetting}

// Action is what a plan does with an object.
type Action string

// Actions of a plan.
const (
	Create   Action = "create"
	Match    Action = "match"    // it is on the target already and is used as it is
	Update   Action = "update"   // it is on the target already and is brought in line with the source
	Replace  Action = "replace"  // what is in its place on the target gives way to it
	Skip     Action = "skip"     // left out, for the reason given
	Conflict Action = "conflict" // nothing is written while one is open
)

// PlanFormat is the version of the plan file.
const PlanFormat = "rhumb-plan/1"

// Side is one portal of a clone.
type Side struct {
	Address string `json:"address"` // canonical: scheme, host, port where not the default, context
	Org     string `json:"org"`
	Key     string `json:"key"` // org and a hash of the address: tells installs apart that share an org id
	User    string `json:"user"`
}

// Header is the first line of a plan: everything but the steps that decides what Apply does.
type Header struct {
	Format  string            `json:"format"`
	Source  Side              `json:"source"`
	Target  Side              `json:"target"`
	Options Options           `json:"options"`
	Users   map[string]string `json:"users"`            // source name to target name, where they differ
	Groups  map[string]string `json:"groups,omitempty"` // the source portal's own groups to the target's
	Items   map[string]string `json:"items,omitempty"`  // the source portal's own items to the target's
}

// Step is one object of a plan. Source and Target name it on either side: a role id, a
// username, a group, folder or item id; for a share the item's id, for a relationship the
// ids of origin and destination and the type, with spaces between. A step that creates has a
// Target where an earlier run left the object incomplete; Apply goes by its journal there.
type Step struct {
	Kind       Kind     `json:"step"`
	Action     Action   `json:"action"`
	Source     string   `json:"source"`
	Target     string   `json:"target,omitempty"`
	Title      string   `json:"title,omitempty"`
	Type       string   `json:"type,omitempty"`
	Owner      string   `json:"owner,omitempty"`  // on the source
	Folder     string   `json:"folder,omitempty"` // on the source; empty: the root folder
	Role       string   `json:"role,omitempty"`   // of a user, on the source
	UserType   string   `json:"userType,omitempty"`
	Privileges []string `json:"privileges,omitempty"` // of a role
	Access     string   `json:"access,omitempty"`
	Groups     []string `json:"groups,omitempty"` // of a share, on the source
	Modified   int64    `json:"modified,omitempty"`
	Size       int64    `json:"size,omitempty"`
	Rename     string   `json:"rename,omitempty"`     // title or file name on the target, where the source's own is taken
	Needs      []string `json:"needs,omitempty"`      // of an item: planned items and groups that it refers to, by source id
	Cycle      int      `json:"cycle,omitempty"`      // items with the same number refer to each other in a ring
	Registered bool     `json:"registered,omitempty"` // of an item: it is an app that signs members in, with a client id
	Reason     string   `json:"reason,omitempty"`
}

// Plan is what a clone will do, in the order in which it is done: roles, users, groups,
// folders, items, relationships, shares. Two plans of one state are byte-identical.
type Plan struct {
	Header Header
	Steps  []Step
}

// Conflicts lists the steps that must be settled before anything is written.
func (p *Plan) Conflicts() []Step {
	return slices.Collect(func(yield func(Step) bool) {
		for _, s := range p.Steps {
			if s.Action == Conflict && !yield(s) {
				return
			}
		}
	})
}

// Write stores the plan as JSON Lines: the header, then a step a line.
func (p *Plan) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p.Header); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	for i := range p.Steps {
		if err := enc.Encode(&p.Steps[i]); err != nil {
			return fmt.Errorf("write plan: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return nil
}

// ReadPlan reads what Write stored. Unknown keys and unknown kinds are errors that name the
// line, since a plan may have been edited by hand.
func ReadPlan(r io.Reader) (*Plan, error) {
	dec := json.NewDecoder(bufio.NewReader(r))
	dec.DisallowUnknownFields()
	p := &Plan{}
	if err := dec.Decode(&p.Header); err != nil {
		return nil, fmt.Errorf("plan, line 1: %w", err)
	}
	if p.Header.Format != PlanFormat {
		return nil, fmt.Errorf("plan, line 1: format is %q, this program reads %q", p.Header.Format, PlanFormat)
	}
	for line := 2; ; line++ {
		var s Step
		switch err := dec.Decode(&s); {
		case err == io.EOF:
			return p, nil
		case err != nil:
			return nil, fmt.Errorf("plan, line %d: %w", line, err)
		}
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("plan, line %d: %w", line, err)
		}
		p.Steps = append(p.Steps, s)
	}
}

// begun reports whether a copy is on the target, complete or not.
func (s *Step) begun() bool {
	switch s.Action {
	case Match, Update, Replace:
		return true
	}
	return s.Action == Create && s.Target != ""
}

func (s *Step) check() error {
	if !slices.Contains(kinds[:], s.Kind) {
		return fmt.Errorf("step %q is not a kind of step", s.Kind)
	}
	if !slices.Contains([]Action{Create, Match, Update, Replace, Skip, Conflict}, s.Action) {
		return fmt.Errorf("action %q is not an action", s.Action)
	}
	if s.Source == "" {
		return fmt.Errorf("step %s has no source", s.Kind)
	}
	return nil
}
