package clone

import "unicode/utf8"

// Limits of a journal line. What a run did to one object is bounded, whatever the object is: a
// line is at most some 100 KiB long, but for the header and the inventory of a run.
const (
	changesLimit = 200     // changes listed of one object
	textsLimit   = 2 << 10 // bytes of an error
)

// bounded cuts an entry down to what a journal keeps.
func (e Entry) bounded() Entry {
	if n := len(e.Changes); n > changesLimit {
		e.Changes, e.MoreChanges = e.Changes[:changesLimit:changesLimit], n-changesLimit
	}
	if len(e.Error) > textsLimit {
		cut := textsLimit
		for cut > 0 && !utf8.RuneStart(e.Error[cut]) {
			cut--
		}
		e.Error = e.Error[:cut] + " …"
	}
	return e
}
