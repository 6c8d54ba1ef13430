package clone

// Totals are the figures of a plan.
type Totals struct {
	Actions map[Kind]map[Action]int
	Writes  int   // steps that write something
	Bytes   int64 // of the items that are written
	Calls   int64 // that both portals are asked at least; pictures, metadata and resources come on top
}

// Totals counts what the plan does.
func (p *Plan) Totals() Totals {
	t := Totals{Actions: map[Kind]map[Action]int{}}
	shared := 0
	for i := range p.Steps {
		s := &p.Steps[i]
		if t.Actions[s.Kind] == nil {
			t.Actions[s.Kind] = map[Action]int{}
		}
		t.Actions[s.Kind][s.Action]++
		if !s.writes() {
			continue
		}
		t.Writes++
		if s.Kind == KindItem {
			t.Bytes += s.Size
		}
		if s.Kind == KindShare {
			shared++
		}
		t.Calls += callsOf(s)
	}
	t.Calls += int64((shared + 99) / 100) // items that are shared alike go into one call
	return t
}

// callsOf is how many calls an object takes at least, on both portals together.
func callsOf(s *Step) int64 {
	switch s.Kind {
	case KindRole:
		return 4 // the role and its privileges, on either side
	case KindUser:
		return 4 // read it, make it, update its profile, let its password expire
	case KindGroup:
		return 6 // read it and its members, make it, its members, its owner, its texts
	case KindFolder, KindRelationship, KindSetting:
		return 1
	case KindItem:
		return 4 // read it, its data and its resources, and write it
	}
	return 0
}
