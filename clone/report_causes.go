package clone

import (
	"cmp"
	"errors"
	"regexp"
	"slices"

	"github.com/rhumb-gis/rhumb/gis"
)

// Cause is a group of failures that one thing is to blame for, and what to do about it.
type Cause struct {
	Text     string    `json:"text"` // the error, without what tells one object from another
	Next     string    `json:"next"`
	Failures []Failure `json:"failures"`
}

// causeBlocked is the cause of what was not tried.
const causeBlocked = "blocked"

// causeOf classes an error for Failure.Cause: the kind of a portal's error, or blocked.
func causeOf(err error) string {
	var e *gis.Error
	var b blocked
	switch {
	case errors.As(err, &b):
		return causeBlocked
	case errors.As(err, &e):
		return string(e.Kind())
	}
	return ""
}

// nextSteps says what to do about a cause.
var nextSteps = map[string]string{
	causeBlocked:               "mend what it needs, which is listed too, and run the same command again",
	string(gis.ErrDenied):      "give the connecting account the privilege that the message names, and run the same command again",
	string(gis.ErrToken):       "sign in again and run the same command again",
	string(gis.ErrThrottled):   "the portal had too much to do: run the same command again, later",
	string(gis.ErrTransport):   "the portal could not be reached: run the same command again",
	string(gis.ErrServer):      "the portal failed: look at its log, and run the same command again",
	string(gis.ErrConflict):    "somebody made an object in its place meanwhile: plan anew with --restart",
	string(gis.ErrNotFound):    "somebody removed an object meanwhile: plan anew with --restart",
	string(gis.ErrInvalid):     "mend the object on the source as the message says, or leave it out with --except",
	string(gis.ErrUnsupported): "the target cannot hold it: leave it out with --except",
}

// particulars are the parts of an error that tell objects apart.
var particulars = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'|\(?\b[0-9a-f]{32}\b\)?`)

// Causes groups the failures, the most frequent cause first.
func (r *Report) Causes() []Cause { return causes(r.Failures) }

// Causes groups the failures, the most frequent cause first.
func (r *UndoReport) Causes() []Cause { return causes(r.Failures) }

func causes(list []Failure) []Cause {
	at := map[string]int{}
	var out []Cause
	for _, f := range list {
		key := f.Cause + "\x00" + particulars.ReplaceAllString(f.Error, "…")
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			c := f.Cause
			if f.Blocked {
				c = causeBlocked
			}
			out = append(out, Cause{Text: f.Error, Next: cmp.Or(nextSteps[c], "mend the cause and run the same command again; what is complete is not repeated")})
		} else {
			out[i].Text = particulars.ReplaceAllString(f.Error, "…")
		}
		out[i].Failures = append(out[i].Failures, f)
	}
	slices.SortStableFunc(out, func(a, b Cause) int { return cmp.Compare(len(b.Failures), len(a.Failures)) })
	return out
}
