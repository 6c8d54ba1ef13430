package clone

import "slices"

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
	Kind        Kind     `json:"step"`
	Action      Action   `json:"action"`
	Source      string   `json:"source"`
	Target      string   `json:"target,omitempty"`
	Title       string   `json:"title,omitempty"`
	Type        string   `json:"type,omitempty"`
	Owner       string   `json:"owner,omitempty"`  // on the source
	Folder      string   `json:"folder,omitempty"` // on the source; empty: the root folder
	Role        string   `json:"role,omitempty"`   // of a user, on the source
	UserType    string   `json:"userType,omitempty"`
	Privileges  []string `json:"privileges,omitempty"` // of a role
	Access      string   `json:"access,omitempty"`
	Groups      []string `json:"groups,omitempty"` // of a share, on the source
	Modified    int64    `json:"modified,omitempty"`
	Size        int64    `json:"size,omitempty"`
	Rename      string   `json:"rename,omitempty"`      // title or file name on the target, where the source's own is taken
	Needs       []string `json:"needs,omitempty"`       // of an item: planned items and groups that it refers to, by source id
	Cycle       int      `json:"cycle,omitempty"`       // items with the same number refer to each other in a ring
	Categorized bool     `json:"categorized,omitempty"` // of a group: items have categories within it
	Registered  bool     `json:"registered,omitempty"`  // of an item: it is an app that signs members in, with a client id
	Reason      string   `json:"reason,omitempty"`
}

// Plan is what a clone will do, in the order in which it is done: roles, users, groups,
// folders, items, relationships, shares. Two plans of one state are byte-identical.
//
// References and Notices are for people: Apply goes by the header and the steps alone.
type Plan struct {
	Header     Header
	Steps      []Step
	References []Reference // what items name that will have no counterpart, each once an item and part
	Notices    []Notice
}

// Notice is something that a reader of the plan should know before it is applied.
type Notice struct {
	Code    string   `json:"code"`
	Text    string   `json:"text"`
	Objects []string `json:"objects,omitempty"`
}

// Conflicts lists the steps that must be settled before anything is written.
func (p *Plan) Conflicts() []Step { return p.having(Conflict) }

// Replaced lists the steps whose place on the target something else gives way from.
func (p *Plan) Replaced() []Step { return p.having(Replace) }

func (p *Plan) having(action Action) []Step {
	return slices.Collect(func(yield func(Step) bool) {
		for _, s := range p.Steps {
			if s.Action == action && !yield(s) {
				return
			}
		}
	})
}

// begun reports whether a copy is on the target, complete or not.
func (s *Step) begun() bool {
	switch s.Action {
	case Match, Update, Replace:
		return true
	}
	return s.Action == Create && s.Target != ""
}
