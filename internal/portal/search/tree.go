package search

// Node is a parsed query: *And, *Or, *Not, *Term or *Range.
type Node interface{ node() }

// And matches what every one of its parts matches. An empty And matches all.
type And struct{ Parts []Node }

// Or matches what at least one of its parts matches.
type Or struct{ Parts []Node }

// Not matches what its part does not match.
type Not struct{ Part Node }

// Term matches one word, phrase or pattern.
type Term struct {
	Field  string // lower case; empty: the default fields
	Text   string // unescaped; in a pattern a backslash makes *, ? and \ ordinary characters
	Kind   Kind
	Boost  float64 // 1 where none was given; affects order only
	Filter bool    // from a filter expression: whole value, exact but for case
}

// Kind is the form of a Term.
type Kind int

// Forms of a term.
const (
	Word    Kind = iota // a single word, stemmed in text fields
	Phrase              // quoted: words in this order
	Pattern             // contains * (any run) or ? (one character)
	Exists              // field:* or * alone
)

// Range matches values between From and To. An open end is "*".
type Range struct {
	Field            string
	From, To         string
	FromOpen, ToOpen bool // the value itself is excluded ({ or })
}

func (*And) node()   {}
func (*Or) node()    {}
func (*Not) node()   {}
func (*Term) node()  {}
func (*Range) node() {}
