package clone

import (
	"fmt"
	"regexp"
	"slices"
)

var idInSetting = regexp.MustCompile(`[0-9a-f]{32}`)

// targetItems are the items of the target by what an item of the source is matched with.
type targetItems struct {
	byID   map[string]*censusItem
	marked map[string][]*censusItem
	named  map[string]*censusItem   // files that are no copies, by owner, folder and name
	files  map[string]bool          // all files of the target, and those that the plan makes, likewise
	own    map[string]bool          // items of the source that its settings name
	heirs  map[string][]*censusItem // see survey.heirs
	titles map[string]bool          // folded titles on both sides; read when first asked for
}

func (v *survey) indexItems() *targetItems {
	v.settleMarks()
	x := &targetItems{
		byID: make(map[string]*censusItem, len(v.to.items)), marked: map[string][]*censusItem{}, named: map[string]*censusItem{},
		files: map[string]bool{}, own: map[string]bool{}, heirs: v.heirs(),
	}
	title := map[string]string{}
	for _, f := range v.to.folders {
		title[string(f.ID)] = f.Title
	}
	for _, t := range v.to.items {
		x.byID[t.ID] = t
		key := fileKey(folderKey(t.Owner, title[t.Folder]), t.Name)
		if t.Marked != "" {
			x.marked[t.Marked] = append(x.marked[t.Marked], t)
		} else if t.Name != "" {
			x.named[key] = t
		}
		if t.Name != "" {
			x.files[key] = true
		}
	}
	if !v.opts.OrgSettings { // which makes the target's settings name the copies
		for _, id := range idInSetting.FindAllString(string(v.src.self.DefaultBasemap), -1) {
			x.own[id] = true
		}
	}
	return x
}

func fileKey(folder, name string) string { return folder + "\x00" + fold(name) }

// planItems skips what belongs to the portal itself or cannot be carried, and matches copies of
// earlier runs; an id or a file name that is taken is a conflict.
func (v *survey) planItems() {
	x := v.indexItems()
	v.firstItem = len(v.plan.Steps)
	for _, it := range v.from.items {
		s := Step{
			Kind: KindItem, Action: Create, Source: it.ID, Title: it.Title, Type: it.Type,
			Owner: it.Owner, Folder: it.Folder, Modified: it.Modified, Size: it.Size,
			Registered: slices.Contains(it.Keywords, registeredKeyword),
		}
		v.placeItem(&s, it, x)
		if s.begun() {
			v.items[it.ID] = s.Target
		}
		v.step(s)
	}
}

// placeItem finds what stands for an item on the target, or in its way.
func (v *survey) placeItem(s *Step, it *censusItem, x *targetItems) {
	owner := v.users[fold(it.Owner)]
	found, doubt := v.copiesOf(it, owner, x)
	made, left := v.made(KindItem, it.ID), v.leftBehind(KindItem, it.ID)
	if left == "" && len(found) == 1 && onlyOurs(found) && v.began(KindItem, it.ID) {
		left = found[0].ID
	}
	place := v.places[it.Folder]
	if it.Folder == "" {
		place = folderKey(owner, "")
	}
	file := fileKey(place, it.Name)
	leftOut := notCopied(it.Type, it.Keywords)
	switch {
	case isSystem(it.Owner) || x.own[it.ID]:
		s.Action, s.Reason = Skip, "an item of the portal itself"
		v.skipped[it.ID] = true
		if x.byID[it.ID] != nil {
			v.items[it.ID] = it.ID
		}
	case v.opts.MapItems[it.ID] != "":
		s.Action, s.Target, s.Reason = Match, v.opts.MapItems[it.ID], "mapped by --map-items"
		v.kept[it.ID] = true
	case leftOut != "":
		s.Action, s.Reason = Skip, leftOut
		v.skipped[it.ID] = true
	case made != "" && x.byID[made] != nil:
		s.Action, s.Target = Match, made
	case left != "" && x.byID[left] != nil:
		s.Target, s.Reason = left, incomplete
	case len(found) > 1 && v.opts.conflict() != ConflictFail:
		v.settleDoubles(s, found[0].ID, found[1].ID, v.otherName(it, place, x))
		v.theirs[it.ID] = s.Action == Match && !onlyOurs(found)
	case len(found) > 1:
		s.Action = Conflict
		s.Reason = fmt.Sprintf("two items of the target are marked as its copy, %s and %s; delete the one that is not wanted, name the right one with --map-items FILE, "+
			"or plan with --on-conflict match (use %[1]s), --on-conflict rename (make another one) or --on-conflict replace (write over %[1]s)", found[0].ID, found[1].ID)
	case len(found) == 1 && !onlyOurs(found):
		v.matchElsewhere(s, found[0].ID)
	case len(found) == 1:
		s.Action, s.Target = Match, found[0].ID
	case x.byID[it.ID] != nil:
		v.settleTwin(s, it, x.byID[it.ID], place, x)
	case it.Name != "" && x.files[file]:
		v.settleFile(s, it, x.named[file], place, x)
	default:
		s.Reason = doubt
	}
	if s.Action == Create && it.Name != "" && s.Rename == "" {
		x.files[file] = true
	}
}

const twins = "an item of this id is on the target: the portals are twins, restored from one backup, or it was copied with its id kept"

// settleTwin settles an item whose own id is on the target.
func (v *survey) settleTwin(s *Step, it, t *censusItem, place string, x *targetItems) {
	s.Target = t.ID
	kept := v.keptItem(it, t)
	switch mode := v.opts.conflict(); {
	case mode == ConflictRename:
		s.Action, s.Target, s.Rename = Create, "", v.otherName(it, place, x)
		s.Reason = "its id is taken on the target (--on-conflict rename)"
	case mode != ConflictFail && kept != "":
		s.Action, s.Reason = Conflict, fmt.Sprintf("%s; it is neither used nor replaced: %s; name the right item with --map-items FILE, or plan with --on-conflict rename (copy under another id)", twins, kept)
	case mode == ConflictMatch:
		s.Action, s.Reason = Match, "the item of this id on the target is the object itself (--on-conflict match)"
		v.kept[it.ID] = true
	case mode == ConflictReplace:
		s.Action, s.Reason = Replace, "the item of this id on the target is written over and keeps its id"
	default:
		s.Action = Conflict
		s.Reason = twins + "; delete one of the two, or clone into another portal; or plan with --on-conflict match (it is the object itself), " +
			"--on-conflict rename (copy under another id) or --on-conflict replace (write over it)"
	}
}

// settleFile settles an item whose file name is taken in its folder: by t on the target, or,
// where t is nil, by a copy of another item.
func (v *survey) settleFile(s *Step, it, t *censusItem, place string, x *targetItems) {
	mode, kept := v.opts.conflict(), "it is the copy of another item"
	if t != nil {
		s.Target = t.ID
		kept = v.keptItem(it, t)
	}
	there := "a file named " + it.Name + " is in the same folder on the target"
	switch {
	case mode == ConflictRename:
		s.Action, s.Target, s.Rename = Create, "", v.otherName(it, place, x)
		s.Reason = there + " (--on-conflict rename)"
	case mode != ConflictFail && kept != "":
		s.Action, s.Reason = Conflict, fmt.Sprintf("%s and is neither used nor replaced: %s; rename or move one of the two, or plan with --on-conflict rename", there, kept)
	case mode == ConflictMatch:
		s.Action, s.Reason = Match, there+" and is used as it is (--on-conflict match)"
		v.kept[it.ID] = true
	case mode == ConflictReplace:
		s.Action, s.Reason = Replace, there+"; its item is written over and keeps its id"
	default:
		s.Action = Conflict
		s.Reason = there + "; rename or move one of the two, or use it with --map-items FILE; or plan with --on-conflict match (use it as it is), " +
			"--on-conflict rename (copy under another file name) or --on-conflict replace (write over it)"
	}
}

// keptItem is why an item of the target can be neither used in place of another nor written
// over; "" for one that can.
func (v *survey) keptItem(it, t *censusItem) string {
	replace := v.opts.conflict() == ConflictReplace
	switch {
	case t.Type != it.Type:
		return fmt.Sprintf("its type is %s, not %s", t.Type, it.Type)
	case replace && isSystem(t.Owner):
		return "it belongs to the portal itself"
	case replace && t.Protected:
		return "it is protected; take its protection away first"
	}
	return ""
}

// otherName is the file name or the title that a copy gets whose own is taken; "" where the
// file name is free.
func (v *survey) otherName(it *censusItem, place string, x *targetItems) string {
	if it.Name != "" {
		if !x.files[fileKey(place, it.Name)] {
			x.files[fileKey(place, it.Name)] = true
			return ""
		}
		name := freeFile(it.Name, func(n string) bool { return x.files[fileKey(place, n)] })
		x.files[fileKey(place, name)] = true
		return name
	}
	if x.titles == nil {
		x.titles = map[string]bool{}
		for _, c := range []*census{v.from, v.to} {
			for _, t := range c.items {
				x.titles[fold(t.Title)] = true
			}
		}
	}
	return freeTitle(it.Title, x.titles)
}
