package gis

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// BatchError reports a call about several objects that succeeded for some of them.
type BatchError struct {
	Op     string
	Done   []string // the objects it succeeded for
	Failed []ItemError
}

// ItemError is the failure for one object of a batch.
type ItemError struct {
	ID  string // as it was given to the call
	Err error
}

// Error names the object and its failure.
func (e *ItemError) Error() string { return e.ID + ": " + e.Err.Error() }

// Error names the first failure and counts the others.
func (e *BatchError) Error() string {
	if len(e.Failed) == 0 {
		return e.Op + ": failed"
	}
	first := e.Failed[0]
	if len(e.Failed) == 1 {
		return fmt.Sprintf("%s: %s: %v", e.Op, first.ID, first.Err)
	}
	return fmt.Sprintf("%s: %s: %v (and %d more of %d failed)", e.Op, first.ID, first.Err, len(e.Failed)-1, len(e.Failed)+len(e.Done))
}

// Unwrap answers the failures, for errors.Is and errors.As.
func (e *BatchError) Unwrap() []error {
	errs := make([]error, len(e.Failed))
	for i, f := range e.Failed {
		errs[i] = f.Err
	}
	return errs
}

// batch collects the outcome of a call that is sent in chunks.
type batch struct {
	op     string
	done   []string
	failed []ItemError
}

func (b *batch) fail(id string, err error) { b.failed = append(b.failed, ItemError{id, err}) }

// verdict sorts the ids of a chunk: those that rejected names failed. Portals answer user
// names in their own spelling.
func (b *batch) verdict(ids, rejected []string, reason string) {
	for _, id := range ids {
		if slices.ContainsFunc(rejected, func(r string) bool { return strings.EqualFold(r, id) }) {
			b.fail(id, refuse(ErrInvalid, b.op, "%s", reason))
		} else {
			b.done = append(b.done, id)
		}
	}
}

func (b *batch) err() error {
	if len(b.failed) == 0 {
		return nil
	}
	return &BatchError{Op: b.op, Done: b.done, Failed: b.failed}
}

// inChunks calls send with up to size ids at a time. A chunk whose call fails as a whole
// fails for each of its ids, and the following chunks are still sent, unless ctx has ended.
func inChunks(ctx context.Context, op string, ids []string, size int, send func(b *batch, chunk []string) error) error {
	b := &batch{op: op}
	for chunk := range slices.Chunk(ids, size) {
		err := ctx.Err()
		if err == nil {
			err = send(b, chunk)
		}
		if err != nil && len(ids) <= size {
			return err
		}
		for _, id := range chunk {
			if err != nil {
				b.fail(id, err)
			}
		}
	}
	return b.err()
}
