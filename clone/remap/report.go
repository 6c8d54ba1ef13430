package remap

// Kind is what a reference names.
type Kind string

// Kinds of references.
const (
	KindItem    Kind = "item"
	KindGroup   Kind = "group"
	KindFolder  Kind = "folder"
	KindAddress Kind = "address" // an address of the source portal
	KindService Kind = "service" // the address of a service
	KindLayer   Kind = "layer"   // a layer number of a mapped service
)

// Rules that a [Change] can name besides the kinds of references.
const (
	RuleToken = "token" // a token parameter was dropped
	RuleUser  = "user"  // an account name
	RuleOrg   = "org"   // an organization id
)

// Report says what became of one document.
type Report struct {
	Changes     []Change // what was rewritten, in document order
	Unresolved  []Ref    // references into the source without a counterpart, and those Kept
	ByReference []Ref    // hosted services of the source that are not mapped: left as they are
	External    []Ref    // services and items of other portals: left as they are

	// Omitted counts hits beyond those that Scan lists.
	Omitted int
}

// Change is one edit.
type Change struct {
	Path   string
	Rule   string // a Kind or one of the Rule constants
	Before string // the bytes replaced; the value of a token is left out
	After  string
}

// Ref is one reference that was not rewritten.
type Ref struct {
	Path  string
	Kind  Kind
	Value string // an id, or an address without its query
	Host  string // of External: the host that is named
	// Kept means that the map knows the reference, but that it stands where nothing is
	// rewritten: in a data: URL, in a string over 1 MB, or in a scanned file.
	Kept bool
}

// mark remembers the state of a report for undo.
type reportMark struct{ changes, unresolved, byReference, external int }

func (rep *Report) mark() reportMark {
	return reportMark{len(rep.Changes), len(rep.Unresolved), len(rep.ByReference), len(rep.External)}
}

// undo drops everything reported since m.
func (rep *Report) undo(m reportMark) {
	rep.Changes = rep.Changes[:m.changes]
	rep.Unresolved = rep.Unresolved[:m.unresolved]
	rep.ByReference = rep.ByReference[:m.byReference]
	rep.External = rep.External[:m.external]
}
