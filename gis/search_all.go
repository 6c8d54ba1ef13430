package gis

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// SearchAll chooses what [Content.SearchAll], [Groups.SearchAll] and [Users.SearchAll] find.
type SearchAll struct {
	OutsideOrg bool
	Filter     string // field:"exact term"
	Ahead      int    // requests at a time, ahead of the loop; default 4
}

// SearchAll yields every item that matches query, in the order of creation and however many
// there are: beyond the 10,000 results at which searches end, it divides the time of creation
// into ranges. No item is left out or comes twice, also if the loop deletes what it gets; items
// that are created while the loop runs may be missing. See [Content.Search] for the query.
//
// rest: GET search
// py: arcgis.gis.ContentManager.search
func (c *Content) SearchAll(ctx context.Context, query string, opts *SearchAll) iter.Seq2[*Item, error] {
	w := walker[*Item]{p: c.p, pattern: "search", query: query, opts: deref(opts), keys: func(it *Item) (string, esri.Time) {
		return string(it.ID), it.Created
	}}
	w.read = func(ctx context.Context, r *wire.Request, start, size int) (*Page[*Item], error) {
		return c.page(ctx, r, "results", start, size)
	}
	return w.all(ctx)
}

// SearchAll yields every group that matches query, however many there are: see
// [Content.SearchAll].
//
// rest: GET community/groups
func (g *Groups) SearchAll(ctx context.Context, query string, opts *SearchAll) iter.Seq2[*Group, error] {
	w := walker[*Group]{p: g.p, pattern: "community/groups", query: query, opts: deref(opts), keys: func(g *Group) (string, esri.Time) {
		return string(g.ID), g.Created
	}}
	w.read = func(ctx context.Context, r *wire.Request, start, size int) (*Page[*Group], error) {
		found, err := readPage[*Group](ctx, g.p, r, "results", start, size)
		if err == nil {
			for _, group := range found.Items {
				group.p = g.p
			}
		}
		return found, err
	}
	return w.all(ctx)
}

// SearchAll yields every account that matches query, however many there are: see
// [Content.SearchAll].
//
// rest: GET community/users
func (u *Users) SearchAll(ctx context.Context, query string, opts *SearchAll) iter.Seq2[*User, error] {
	w := walker[*User]{p: u.p, pattern: "community/users", query: query, opts: deref(opts), keys: func(u *User) (string, esri.Time) {
		return u.Username, u.Created
	}}
	w.read = func(ctx context.Context, r *wire.Request, start, size int) (*Page[*User], error) {
		return u.page(ctx, r, "results", start, size)
	}
	return w.all(ctx)
}

// Bounds of the walk. A search is divided until a range holds no more than rangeTarget
// results, and not beyond searchWindow, where portals end.
const (
	rangeTarget  = 2000
	searchWindow = 10_000
	endOfTime    = 1<<53 - 1
	defaultAhead = 4
)

// walker goes through a search in the order of creation. Within a range of time it does not
// count results but continues behind the last one it saw, so that results which vanish
// meanwhile shift nothing.
type walker[T any] struct {
	p       *Portal
	pattern string
	query   string
	opts    SearchAll
	keys    func(T) (id string, created esri.Time)
	read    func(ctx context.Context, r *wire.Request, start, size int) (*Page[T], error)
}

// span is a range of time in milliseconds, with both ends.
type span struct{ from, to int64 }

func (w *walker[T]) page(ctx context.Context, s span, order SortOrder, start, size int) (*Page[T], error) {
	q := fmt.Sprintf("created:[%019d TO %019d]", s.from, s.to)
	if w.query != "" {
		q = "(" + w.query + ") AND " + q
	}
	q, err := w.p.orgQuery(ctx, q, w.opts.OutsideOrg)
	if err != nil {
		return nil, err
	}
	r := wire.Read(w.pattern).Set("q", q).Text("filter", w.opts.Filter).
		Set("sortField", "created").Set("sortOrder", string(order))
	if start > searchWindow {
		return nil, refuse(ErrUnsupported, r.Op(), "more than %d results were created in the same millisecond: narrow the query", searchWindow)
	}
	return w.read(ctx, r, start, size)
}

// leaf is a range whose results are fetched, page by page.
type leaf[T any] struct {
	span
	first *Page[T] // fetched already
	pages chan []T
	err   error // set before pages is closed
}

func (w *walker[T]) all(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()

		first, err := w.page(ctx, span{0, endOfTime}, Ascending, 1, maxPage)
		if err != nil {
			yield(zero, err)
			return
		}
		leaves := make(chan *leaf[T], w.ahead())
		workers.Go(func() { w.plan(ctx, first, leaves, &workers) })
		for l := range leaves {
			for items := range l.pages {
				for _, v := range items {
					if !yield(v, nil) {
						return
					}
				}
			}
			if l.err != nil {
				yield(zero, l.err)
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(zero, err)
		}
	}
}

func (w *walker[T]) ahead() int {
	if w.opts.Ahead > 0 {
		return w.opts.Ahead
	}
	return defaultAhead
}

// plan divides the search into leaves, in order, and sets workers on them.
func (w *walker[T]) plan(ctx context.Context, first *Page[T], leaves chan<- *leaf[T], workers *sync.WaitGroup) {
	defer close(leaves)
	free := make(chan struct{}, w.ahead())
	start := func(s span, first *Page[T], err error) bool {
		l := &leaf[T]{span: s, first: first, pages: make(chan []T, 1), err: err}
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return false
		}
		select {
		case leaves <- l:
		case <-ctx.Done():
			return false
		}
		workers.Go(func() {
			defer func() { <-free }()
			defer close(l.pages)
			if l.err == nil {
				l.err = w.walk(ctx, l)
			}
		})
		return true
	}
	whole := span{0, endOfTime}
	if first.Total <= rangeTarget || len(first.Items) == 0 || w.ahead() == 1 {
		start(whole, first, nil)
		return
	}
	last, err := w.page(ctx, whole, Descending, 1, 1)
	if err != nil || len(last.Items) == 0 {
		start(whole, first, err)
		return
	}
	_, oldest := w.keys(first.Items[0])
	_, newest := w.keys(last.Items[0])
	w.divide(ctx, span{oldest.Millis(), newest.Millis()}, first.Total, start)
}

// divide halves a range until few enough results lie in it, and starts the halves in order.
func (w *walker[T]) divide(ctx context.Context, s span, total int, start func(span, *Page[T], error) bool) bool {
	if total == 0 || s.from > s.to {
		return true
	}
	if total <= rangeTarget || s.from == s.to {
		return start(s, nil, nil)
	}
	middle := s.from + (s.to-s.from)/2
	left, right := span{s.from, middle}, span{middle + 1, s.to}
	count := func(s span) (int, error) {
		found, err := w.page(ctx, s, Ascending, 1, 1)
		if err != nil {
			return 0, err
		}
		return found.Total, nil
	}
	n, err := count(left)
	if err != nil {
		return start(s, nil, err)
	}
	rest := total - n
	if total >= searchWindow { // the total may be a bound instead of a count
		if rest, err = count(right); err != nil {
			return start(s, nil, err)
		}
	}
	return w.divide(ctx, left, n, start) && w.divide(ctx, right, rest, start)
}

// walk fetches a leaf. After each page it continues at the last result's time of creation,
// and leaves out what it saw of that moment; only a page that lies in one moment as a whole is
// followed by counting.
func (w *walker[T]) walk(ctx context.Context, l *leaf[T]) error {
	s, start := l.span, 1
	var seen []string
	for page := l.first; ; page = nil {
		var err error
		if page == nil {
			if page, err = w.page(ctx, s, Ascending, start, maxPage); err != nil {
				return err
			}
		}
		fresh, latest, ids, err := w.unseen(page.Items, seen)
		if err != nil {
			return err
		}
		select {
		case l.pages <- fresh:
		case <-ctx.Done():
			return ctx.Err()
		}
		switch {
		case len(page.Items) == 0 || page.Next <= 0:
			return nil
		case latest > s.from:
			s.from, start, seen = latest, 1, ids
		default:
			start, seen = start+len(page.Items), append(seen, ids...)
		}
	}
}

var errUnsorted = errors.New("the results are not in the order of their creation, which was asked for")

// unseen leaves out what was seen, and answers the last time of creation with the ids of all
// results of that moment.
func (w *walker[T]) unseen(items []T, seen []string) (fresh []T, latest int64, ids []string, err error) {
	latest = -1
	for _, v := range items {
		id, created := w.keys(v)
		at := created.Millis()
		switch {
		case at < latest:
			return nil, 0, nil, &Error{Op: "GET " + w.pattern, kind: ErrProtocol, cause: errUnsorted}
		case at > latest:
			latest, ids = at, nil
		}
		ids = append(ids, id)
		if !slices.Contains(seen, id) {
			fresh = append(fresh, v)
		}
	}
	return fresh, latest, ids, nil
}
