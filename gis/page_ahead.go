package gis

import (
	"context"
	"iter"
	"sync"
)

// promise is a page that is on its way.
type promise[T any] struct {
	page *Page[T]
	err  error
	done chan struct{}
}

// aheadReader fetches pages before a loop reaches them.
type aheadReader[T any] struct {
	ctx     context.Context // of one loop
	workers sync.WaitGroup
}

func (r *aheadReader[T]) fetch(f func(ctx context.Context) (*Page[T], error)) *promise[T] {
	p := &promise[T]{done: make(chan struct{})}
	r.workers.Go(func() {
		defer close(p.done)
		p.page, p.err = f(r.ctx)
	})
	return p
}

// wait answers the page once it is there.
func (r *aheadReader[T]) wait(p *promise[T]) (*Page[T], error) {
	select {
	case <-p.done:
		return p.page, p.err
	case <-r.ctx.Done():
		return nil, context.Cause(r.ctx)
	}
}

// pagesAhead yields the pages of a listing in order and fetches up to n of them at a time. A
// listing that does not say how long it is is probed with growing boldness: pages behind its
// end are asked for in vain, fewer than n.
func pagesAhead[T any](ctx context.Context, n int, fetch func(ctx context.Context, start int) (*Page[T], error)) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		r := &aheadReader[T]{ctx: ctx}
		defer r.workers.Wait()
		defer cancel()

		page, err := fetch(ctx, 1)
		if err != nil {
			yield(nil, err)
			return
		}
		last, step, next := page.Total, page.Next-1, page.Next
		if last < page.Next { // not counted, or wrongly
			last = 0
		}
		bold := 1
		if last > 0 {
			bold = n
		}
		var queue []*promise[T]
		for {
			end := page.Next <= page.Start || len(page.Items) == 0
			if !yield(page, nil) || end && last == 0 || step < 1 {
				return
			}
			if end {
				last = min(last, next-1)
			}
			for len(queue) < bold && (last == 0 || next <= last) {
				start := next
				queue = append(queue, r.fetch(func(ctx context.Context) (*Page[T], error) { return fetch(ctx, start) }))
				next += step
			}
			if len(queue) == 0 {
				return
			}
			if page, err = r.wait(queue[0]); err != nil {
				yield(nil, err)
				return
			}
			queue, bold = queue[1:], min(2*bold, n)
			if last > 0 && page.Next > last { // it grew meanwhile
				last = page.Next
			}
		}
	}
}
