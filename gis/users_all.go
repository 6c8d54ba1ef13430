package gis

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// UserListAll says how [Users.ListAll] reads.
type UserListAll struct {
	Ahead      int  // requests at a time; default 8
	WithSystem bool // also the portal's own accounts, esri_* and the like
	// Total, where set, is called once with the number of accounts that the portal counts, its
	// own ones included, before the first is yielded.
	Total func(n int)
}

const defaultListAhead = 8

// ListAll yields every member of the organization, however many there are, in the order of
// creation, each once. It reads as [Users.List] does, page after page but several at a time.
// Where there are more members than portals page through, 10,000, it goes on from the creation
// of the last one it reached. Members who are made while the loop runs may be missing.
//
// It needs portal:admin:viewUsers for accounts in full.
//
// rest: GET portals/self/users
// rest: GET portals/self/users/search
func (u *Users) ListAll(ctx context.Context, opts *UserListAll) iter.Seq2[*User, error] {
	o := deref(opts)
	if o.Ahead <= 0 {
		o.Ahead = defaultListAhead
	}
	return func(yield func(*User, error) bool) {
		first, err := u.listByCreation(ctx, 1)
		if err != nil {
			yield(nil, err)
			return
		}
		if o.Total != nil {
			o.Total(first.Total)
		}
		seen := make(map[string]bool, first.Total)
		send := func(all iter.Seq2[*Page[*User], error]) bool {
			for page, err := range all {
				if err != nil {
					yield(nil, err)
					return false
				}
				for _, user := range page.Items {
					if seen[user.Username] {
						continue
					}
					seen[user.Username] = true
					if (o.WithSystem || !user.IsSystem()) && !yield(user, nil) {
						return false
					}
				}
			}
			return true
		}
		if first.Total < searchWindow {
			send(u.afterFirst(ctx, o.Ahead, first))
			return
		}
		w := &userWindows{u: u, left: first.Total}
		if send(w.pages(ctx, o.Ahead)) && len(seen) < first.Total {
			send(w.passed(ctx))
		}
	}
}

// IsSystem reports whether the account is the portal's own.
func (u *User) IsSystem() bool {
	name := strings.ToLower(u.Username)
	return strings.HasPrefix(name, "esri_") || name == "system_publisher"
}

func (u *Users) listByCreation(ctx context.Context, start int) (*Page[*User], error) {
	return u.ListPage(ctx, &UserList{SortField: "created", SortOrder: Ascending, Start: start})
}

// afterFirst reads on behind a first page that is there.
func (u *Users) afterFirst(ctx context.Context, ahead int, first *Page[*User]) iter.Seq2[*Page[*User], error] {
	return pagesAhead(ctx, ahead, func(ctx context.Context, start int) (*Page[*User], error) {
		if start == 1 {
			return first, nil
		}
		return u.listByCreation(ctx, start)
	})
}

// createdFrom reads a page of the members who were created at a moment or later.
func (u *Users) createdFrom(ctx context.Context, from int64, start int) (*Page[*User], error) {
	r := wire.Read(opOrgSearch).Set("q", fmt.Sprintf("created:[%019d TO %019d]", from, int64(endOfTime))).
		Set("sortField", "created").Set("sortOrder", string(Ascending))
	return u.page(ctx, r, "results", start, maxPage)
}

// userWindows goes through members in windows of 10,000. The last page of a window, which says
// where the next one begins, is asked for first. A window begins at the moment in which the one
// before ends; whole pages of members of that moment, who were seen already, are passed over.
type userWindows struct {
	aheadReader[*User]
	u     *Users
	from  int64
	left  int // members of the window and all that follow
	start int // of the next page of the window
	end   int // start of the window's last page
	tail  *promise[*User]
	queue []*promise[*User]

	latest int64 // creation of the last member that the loop got
	ties   int   // members of that moment that the loop got, without a gap
	skips  []skip
}

// skip is a page that was passed over. It matters only where the portal does not keep the order
// of members of one moment.
type skip struct {
	from  int64
	start int
}

const lastStart = searchWindow - maxPage + 1

// pages yields the pages of all windows.
func (w *userWindows) pages(ctx context.Context, ahead int) iter.Seq2[*Page[*User], error] {
	return func(yield func(*Page[*User], error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		w.ctx = ctx
		defer w.workers.Wait()
		defer cancel()
		w.open(0, 0)
		for {
			if err := w.fill(4 * ahead); err != nil {
				yield(nil, err)
				return
			}
			if len(w.queue) == 0 {
				return
			}
			page, err := w.wait(w.queue[0])
			if err != nil {
				yield(nil, err)
				return
			}
			w.queue = w.queue[1:]
			w.count(page)
			if !yield(page, nil) {
				return
			}
		}
	}
}

// passed yields the pages that were passed over.
func (w *userWindows) passed(ctx context.Context) iter.Seq2[*Page[*User], error] {
	return func(yield func(*Page[*User], error) bool) {
		for _, s := range w.skips {
			page, err := w.u.createdFrom(ctx, s.from, s.start)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// count keeps how many members of the last moment there were.
func (w *userWindows) count(page *Page[*User]) {
	for _, u := range page.Items {
		if at := u.Created.Millis(); at != w.latest {
			w.latest, w.ties = at, 0
		}
		w.ties++
	}
}

// open begins a window, of which the first members are passed over.
func (w *userWindows) open(from int64, pass int) {
	for start := 1; start <= pass; start += maxPage {
		w.skips = append(w.skips, skip{from, start})
	}
	w.from, w.start, w.ties = from, 1+pass, pass
	w.end = max(w.start, min(lastStart, 1+(max(w.left, 1)-1)/maxPage*maxPage))
	w.tail = w.ask(w.end)
}

func (w *userWindows) ask(start int) *promise[*User] {
	from := w.from
	return w.fetch(func(ctx context.Context) (*Page[*User], error) { return w.u.createdFrom(ctx, from, start) })
}

// fill sends requests until n are under way or the members are at their end. It waits only if
// nothing is under way.
func (w *userWindows) fill(n int) error {
	for len(w.queue) < n && w.tail != nil {
		if w.start < w.end {
			w.queue = append(w.queue, w.ask(w.start))
			w.start += maxPage
			continue
		}
		if w.start == w.end {
			w.queue = append(w.queue, w.tail)
			w.start += maxPage
		}
		select {
		case <-w.tail.done:
		default:
			return nil // its page is in the queue, or was waited for
		}
		if w.tail.err != nil {
			return w.tail.err
		}
		if oneMoment(w.tail.page) && len(w.queue) > 0 {
			return nil // how many members of that moment there are shows when the loop has them
		}
		if err := w.next(w.tail.page); err != nil {
			return err
		}
	}
	return nil
}

// oneMoment reports whether all members of a page were created at once.
func oneMoment(page *Page[*User]) bool {
	n := len(page.Items)
	return n > 0 && page.Items[0].Created.Equal(page.Items[n-1].Created.Time)
}

// next goes on behind the page that ends the window.
func (w *userWindows) next(page *Page[*User]) error {
	switch {
	case page.Next <= page.Start && w.end < lastStart, len(page.Items) < maxPage:
		w.tail = nil
		return nil
	case w.end < lastStart: // more members than were counted
		w.end, w.start = page.Next, page.Next
		w.tail = w.ask(w.end)
		return nil
	}
	latest := page.Items[len(page.Items)-1].Created.Millis()
	if latest <= w.from {
		return refuse(ErrUnsupported, "GET "+opOrgSearch, "more than %d members were created in the same millisecond", searchWindow)
	}
	ties := 0
	for _, u := range page.Items {
		if u.Created.Millis() == latest {
			ties++
		}
	}
	if oneMoment(page) {
		ties = max(ties, w.ties)
	}
	w.left += ties - searchWindow
	w.open(latest, ties/maxPage*maxPage)
	return nil
}
