package portal

import (
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxBatch is the most items that one call may name.
const maxBatch = 100

// BatchResult is the outcome for one item of a call that names several.
type BatchResult struct {
	ID     esri.ItemID
	Err    *Error         // nil: done
	Groups []esri.GroupID // sharing: the groups that were left out
}

// checkBatch limits the items of one call.
func checkBatch(param string, ids []esri.ItemID) error {
	switch {
	case len(ids) == 0:
		return ErrMissingParam(param)
	case len(ids) > maxBatch:
		return ErrBadParam(param, fmt.Sprintf("must name at most %d items, not %d", maxBatch, len(ids)))
	}
	return nil
}

// eachItem runs do for each item in order and collects its outcomes. An error that a caller may
// see belongs to its item; any other ends the batch. do must change nothing before its last
// error that a caller may see.
func eachItem(ids []esri.ItemID, do func(esri.ItemID) ([]esri.GroupID, error)) ([]BatchResult, error) {
	out := make([]BatchResult, 0, len(ids))
	for _, id := range ids {
		groups, err := do(id)
		var public *Error
		if err != nil && !errors.As(err, &public) {
			return nil, err
		}
		out = append(out, BatchResult{ID: id, Err: public, Groups: groups})
	}
	return out, nil
}
