package member

import (
	"context"
	"sync"
)

// each calls do for every element, n at a time, and answers the first error that ends the run.
// After one, elements that were not begun are left out.
func each[T any](ctx context.Context, n int, list []T, do func(ctx context.Context, v T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan T)
	var workers sync.WaitGroup
	for range min(n, len(list)) {
		workers.Go(func() {
			for v := range work {
				if ctx.Err() != nil {
					continue
				}
				if err := do(ctx, v); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, v := range list {
		if ctx.Err() != nil {
			break
		}
		work <- v
	}
	close(work)
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
