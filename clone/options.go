package clone

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

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

// ConflictModes lists the modes.
func ConflictModes() []ConflictMode {
	return []ConflictMode{ConflictFail, ConflictMatch, ConflictRename, ConflictReplace}
}

func (o *Options) conflict() ConflictMode { return cmp.Or(o.OnConflict, ConflictFail) }

// Access levels as listings name them. An item that only groups see is listed as shared.
const (
	levelPrivate = "private"
	levelShared  = "shared"
	levelOrg     = "org"
	levelPublic  = "public"
)

// access is the level that an object of the given level has on the target.
func (o *Options) access(level string) string {
	if to := o.AccessMap[cmp.Or(level, levelPrivate)]; to != "" {
		return to
	}
	return level
}

// itemAccess is access for an item that is shared with groups on the target, or not. What
// only groups see is listed as shared.
func (o *Options) itemAccess(level string, inGroups bool) string {
	switch to := o.access(level); {
	case to == levelShared && !inGroups:
		return levelPrivate // the groups are left out
	case to == level, to != levelPrivate, !inGroups:
		return to
	default:
		return levelShared
	}
}

// Check says which of the options are not valid or do not go together. Every message names the
// flag of the command line.
func (o *Options) Check() error {
	errs := []error{o.checkConflict(), o.checkAccess(), o.checkMaps()}
	_, err := newSelection(o)
	return errors.Join(append(errs, err)...)
}

func (o *Options) checkConflict() error {
	switch {
	case o.OnConflict != "" && !slices.Contains(ConflictModes(), o.OnConflict):
		return fmt.Errorf("--on-conflict: %q is not one of fail, match, rename and replace", o.OnConflict)
	case o.ReplaceMembers && o.OnConflict != ConflictReplace:
		return errors.New("--replace-members: it goes with --on-conflict replace")
	case o.ReplaceMembers && o.ReassignTo == "":
		return errors.New("--replace-members: name who receives what the accounts own, with --reassign-to USER")
	case !o.ReplaceMembers && o.ReassignTo != "":
		return errors.New("--reassign-to: it goes with --replace-members")
	}
	return nil
}

func (o *Options) checkAccess() error {
	var errs []error
	for _, from := range slices.Sorted(maps.Keys(o.AccessMap)) {
		to := o.AccessMap[from]
		if !slices.Contains([]string{levelPrivate, levelShared, levelOrg, levelPublic}, from) {
			errs = append(errs, fmt.Errorf("--access-map: %q is not a level of access; the levels are private, shared, org and public", from))
		}
		if !slices.Contains([]string{levelPrivate, levelOrg, levelPublic}, to) {
			errs = append(errs, fmt.Errorf("--access-map %s: %q is not a level that can be given; name private, org or public", from, to))
		}
	}
	return errors.Join(errs...)
}

func (o *Options) checkMaps() error {
	var errs []error
	for _, m := range []struct {
		flag string
		ids  map[string]string
	}{{"--map-items", o.MapItems}, {"--map-groups", o.MapGroups}} {
		for _, from := range slices.Sorted(maps.Keys(m.ids)) {
			for _, id := range []string{from, m.ids[from]} {
				if !esri.IsID(id) {
					errs = append(errs, fmt.Errorf("%s: %q is not an id of 32 lower-case hexadecimal characters", m.flag, id))
				}
			}
			if to := m.ids[from]; m.ids[to] != "" && m.ids[to] != to {
				errs = append(errs, fmt.Errorf("%s: %s becomes %s, which itself becomes %s; map it to the last of them", m.flag, from, to, m.ids[to]))
			}
		}
	}
	seen := map[string]string{}
	for from := range o.MapUsers {
		seen[fold(from)] = ""
	}
	for _, from := range slices.Sorted(maps.Keys(o.MapUsers)) {
		if other := seen[fold(from)]; other != "" {
			errs = append(errs, fmt.Errorf("--map-users: %s and %s are one account, since names do not differ by case alone", other, from))
		}
		if _, chain := seen[fold(o.MapUsers[from])]; chain && !strings.EqualFold(from, o.MapUsers[from]) && !o.mapsToItself(o.MapUsers[from]) {
			errs = append(errs, fmt.Errorf("--map-users: %s becomes %s, who is mapped too; map %[1]s to the last of them", from, o.MapUsers[from]))
		}
		if strings.TrimSpace(o.MapUsers[from]) == "" {
			errs = append(errs, fmt.Errorf("--map-users: %s is mapped to no name", from))
		}
		seen[fold(from)] = from
	}
	return errors.Join(errs...)
}

// mapsToItself reports whether a member is mapped to the account of the same name.
func (o *Options) mapsToItself(name string) bool {
	for from, to := range o.MapUsers {
		if strings.EqualFold(from, name) {
			return strings.EqualFold(to, name)
		}
	}
	return false
}
