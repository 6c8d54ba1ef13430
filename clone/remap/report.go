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
	RuleToken       = "token"       // a token parameter was dropped
	RuleCredentials = "credentials" // a user name or password was dropped from an address
	RuleUser        = "user"        // an account name
	RuleOrg         = "org"         // an organization id
	RuleClient      = "client"      // the client id of a registered application
	RuleSite        = "site"        // the subdomain of a site
	RuleEmail       = "email"       // the address of an app's owner
	RuleDropped     = "dropped"     // what means nothing on another portal was removed
)

// Report says what became of one document.
type Report struct {
	Changes     []Change // what was rewritten, in document order
	Unresolved  []Ref    // references into the source without a counterpart, and those Kept
	ByReference []Ref    // hosted services of the source that are not mapped: left as they are
	External    []Ref    // services and items of other portals: left as they are

	// Warnings say what the rewriting gave up, and what a reader should do about it.
	Warnings []Warning

	// Omitted counts hits beyond those that Scan lists.
	Omitted int

	collect bool  // refs is wanted
	refs    []Ref // every reference in document order, see [Rewriter.References]
}

// Warning is what a copy does without, or what a person has to look at.
type Warning struct {
	Path string
	Text string // a sentence that holds no secret
}

// Change is one edit.
type Change struct {
	Path   string
	Rule   string // a Kind or one of the Rule constants
	Before string // the bytes replaced; tokens and passwords are left out
	After  string
}

// Ref is one reference that was not rewritten.
type Ref struct {
	Path  string
	Kind  Kind
	Value string // an id, or an address without its query
	Host  string // of External: the host that is named
	// Layer is the layer number behind the address of a service, where one stands there.
	Layer string
	// Types are the item types that the place expects, separated by |; "" where it does not say.
	Types string
	// Mapped means that the reference has a counterpart. Only References lists such ones.
	Mapped bool
	// Lacking means that the object was to be copied and could not be: see [Map.Lacking].
	Lacking bool
	// Kept means that the map knows the reference, but that it stands where nothing is
	// rewritten: in a data: URL, in a string over 1 MB, or in a scanned file.
	Kept bool
}

// add appends what another report lists.
func (rep *Report) add(other Report) {
	rep.Changes = append(rep.Changes, other.Changes...)
	rep.Unresolved = append(rep.Unresolved, other.Unresolved...)
	rep.ByReference = append(rep.ByReference, other.ByReference...)
	rep.External = append(rep.External, other.External...)
	rep.Warnings = append(rep.Warnings, other.Warnings...)
	rep.refs = append(rep.refs, other.refs...)
	rep.Omitted += other.Omitted
}

// mark remembers the state of a report for undo.
type reportMark struct{ changes, unresolved, byReference, external, warnings, refs int }

func (rep *Report) mark() reportMark {
	return reportMark{len(rep.Changes), len(rep.Unresolved), len(rep.ByReference), len(rep.External), len(rep.Warnings), len(rep.refs)}
}

// undo drops everything reported since m.
func (rep *Report) undo(m reportMark) {
	rep.Changes = rep.Changes[:m.changes]
	rep.Unresolved = rep.Unresolved[:m.unresolved]
	rep.ByReference = rep.ByReference[:m.byReference]
	rep.External = rep.External[:m.external]
	rep.Warnings = rep.Warnings[:m.warnings]
	rep.refs = rep.refs[:m.refs]
}
