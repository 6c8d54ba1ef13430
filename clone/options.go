package clone

// Options are the choices that a plan is made with. They stand in its header, and a run that
// was cut off goes on only under the same ones.
type Options struct {
	// AllowAdmins lets members keep administrative roles, and such roles be made.
	AllowAdmins bool `json:"allowAdmins,omitempty"`
	// OnConflict says what becomes of an object whose place on the target is taken.
	OnConflict ConflictMode `json:"onConflict,omitempty"`
	// ReplaceMembers lets OnConflict replace accounts too. ReassignTo receives what they own.
	ReplaceMembers bool   `json:"replaceMembers,omitempty"`
	ReassignTo     string `json:"reassignTo,omitempty"`
	// Only and Except select by selectors such as owner:jsmith, type:"Web Map" or an id.
	Only   []string `json:"only,omitempty"`
	Except []string `json:"except,omitempty"`
	// WithoutDependencies leaves out what a selection needs but does not name.
	WithoutDependencies bool `json:"withoutDependencies,omitempty"`
	// MapUsers, MapItems and MapGroups use objects of the target in place of copies.
	MapUsers  map[string]string `json:"mapUsers,omitempty"`
	MapItems  map[string]string `json:"mapItems,omitempty"`
	MapGroups map[string]string `json:"mapGroups,omitempty"`
	// AccessMap gives objects of one access level of the source another one on the target.
	AccessMap map[string]string `json:"accessMap,omitempty"`
	// UpdateExisting brings objects in line that were on the target before the first run.
	UpdateExisting bool `json:"updateExisting,omitempty"`
	// OrgSettings copies the settings of the organization that name groups and items.
	OrgSettings bool `json:"orgSettings,omitempty"`
	// Full reads and writes the data of items that did not change since the last run too.
	Full bool `json:"full,omitempty"`
}

// ConflictMode is what becomes of an object whose place on the target is taken.
type ConflictMode string

// Ways out of a conflict. The empty mode is ConflictFail.
const (
	ConflictFail    ConflictMode = "fail"    // nothing is written while one is open
	ConflictMatch   ConflictMode = "match"   // use what is there
	ConflictRename  ConflictMode = "rename"  // copy under another title or file name
	ConflictReplace ConflictMode = "replace" // what is there gives way
)
