package clone

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// planFolders matches folders by the journal, else by owner and title; they merge and are never
// a conflict.
func (v *survey) planFolders() {
	have, owner := map[string]string{}, map[string]string{}
	for _, f := range v.to.folders {
		have[fold(f.Username)+"\x00"+fold(f.Title)] = string(f.ID)
		owner[string(f.ID)] = fold(f.Username)
	}
	for _, f := range v.from.folders {
		if isSystem(f.Username) {
			continue
		}
		s := Step{Kind: KindFolder, Action: Create, Source: string(f.ID), Title: f.Title, Owner: f.Username}
		id := v.made(KindFolder, s.Source)
		if id == "" || owner[id] != fold(v.users[fold(f.Username)]) {
			id = have[fold(v.users[fold(f.Username)])+"\x00"+fold(f.Title)]
		}
		if id != "" {
			s.Action, s.Target = Match, id
			v.folders[s.Source] = id
		}
		v.step(s)
	}
}

var idInSetting = regexp.MustCompile(`[0-9a-f]{32}`)

// planItems skips what belongs to the portal itself and matches copies of earlier runs.
func (v *survey) planItems() {
	marked, there, named := map[string][]*censusItem{}, map[string]bool{}, map[string]*censusItem{}
	for _, t := range v.to.items {
		there[t.ID] = true
		if t.Marked != "" {
			marked[t.Marked] = append(marked[t.Marked], t)
		} else if t.Name != "" {
			named[fold(t.Owner)+"\x00"+t.Folder+"\x00"+fold(t.Name)] = t
		}
	}
	own := map[string]bool{}
	for _, id := range idInSetting.FindAllString(string(v.src.self.DefaultBasemap), -1) {
		own[id] = true
	}
	for _, it := range v.from.items {
		s := Step{
			Kind: KindItem, Action: Create, Source: it.ID, Title: it.Title, Type: it.Type,
			Owner: it.Owner, Folder: it.Folder, Modified: it.Modified, Size: it.Size,
			Registered: slices.Contains(it.Keywords, registeredKeyword),
		}
		owner := v.users[fold(it.Owner)]
		found := slices.DeleteFunc(slices.Clone(marked[it.ID]), func(t *censusItem) bool {
			return !strings.EqualFold(t.Owner, owner) || t.Type != it.Type
		})
		clash := named[fold(owner)+"\x00"+v.folders[it.Folder]+"\x00"+fold(it.Name)]
		if it.Folder != "" && v.folders[it.Folder] == "" {
			clash = nil // its folder is new
		}
		made, left := v.made(KindItem, it.ID), v.leftBehind(KindItem, it.ID)
		if left == "" && len(found) == 1 && v.began(KindItem, it.ID) {
			left = found[0].ID
		}
		leftOut := notCopied(it.Type, it.Keywords)
		switch {
		case isSystem(it.Owner) || own[it.ID]:
			s.Action, s.Reason = Skip, "an item of the portal itself"
			v.skipped[it.ID] = true
			if there[it.ID] {
				v.items[it.ID] = it.ID
			}
		case leftOut != "":
			s.Action, s.Reason = Skip, leftOut
			v.skipped[it.ID] = true
		case made != "" && there[made]:
			s.Action, s.Target = Match, made
			v.items[it.ID] = made
		case left != "" && there[left]:
			s.Target, s.Reason = left, incomplete
			v.items[it.ID] = left
		case len(found) > 1:
			s.Action = Conflict
			s.Reason = fmt.Sprintf("two items of the target are marked as its copy, %s and %s; delete the one that is not wanted", found[0].ID, found[1].ID)
		case len(found) == 1:
			s.Action, s.Target = Match, found[0].ID
			v.items[it.ID] = s.Target
		case there[it.ID]:
			s.Action, s.Target = Conflict, it.ID
			s.Reason = "an item of this id is on the target: the portals are twins, restored from one backup, or it was copied with its id kept; delete one of the two, or clone into another portal"
		case it.Name != "" && clash != nil:
			s.Action, s.Target = Conflict, clash.ID
			s.Reason = "a file named " + it.Name + " is in the same folder on the target; rename or move one of the two"
		}
		v.step(s)
	}
}

// planShares adds a step for each item that is shared, or whose copy is shared otherwise.
func (v *survey) planShares() {
	then := map[string]*censusItem{}
	for _, t := range v.to.items {
		then[t.ID] = t
	}
	for _, it := range v.from.items {
		if v.skipped[it.ID] {
			continue
		}
		s := Step{Kind: KindShare, Action: Create, Source: it.ID, Title: it.Title, Owner: it.Owner, Access: it.Access}
		s.Groups, s.Reason = v.shareable(v.groupsOf[it.ID])
		t := then[v.items[it.ID]]
		switch {
		case t != nil && t.Access == s.Access && v.sharedAlike(s.Groups, v.groupsThen[t.ID]):
			s.Action, s.Target = Match, t.ID
		case t == nil && (it.Access == "private" || it.Access == "") && len(s.Groups) == 0:
			continue
		}
		v.step(s)
	}
}

// shareable leaves out the source portal's own groups that the target has no counterpart of,
// and names them.
func (v *survey) shareable(ids []string) (groups []string, reason string) {
	for _, id := range ids {
		if g := v.sourceGroup(id); g != nil && g.systemic() && v.groups[id] == "" {
			reason += fmt.Sprintf("; not shared with %s, a group of the portal itself", describe(g.group.Title, id))
		} else {
			groups = append(groups, id)
		}
	}
	return groups, strings.TrimPrefix(reason, "; ")
}

// sharedAlike reports whether a copy is shared with the counterparts of groups and no others.
func (v *survey) sharedAlike(groups, then []string) bool {
	var want []string
	for _, id := range groups {
		if v.groups[id] == "" {
			return false
		}
		want = append(want, v.groups[id])
	}
	slices.Sort(want)
	return slices.Equal(want, then)
}
