// Package clone is the command rhumb clone: it opens the two portals, calls package clone, and
// prints progress and outcome.
package clone
