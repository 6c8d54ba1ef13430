package portal

import (
	"context"
	"errors"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
)

// viewCounter counts the views of items apart from the reads that make them, so that no read
// waits for a disk. At most one write is under way; what is counted meanwhile goes with the
// next. Totals hold the counts that readers were shown and that are not stored, so that the
// number never falls behind or back.
type viewCounter struct {
	mu      sync.Mutex
	pending map[esri.ItemID]int
	totals  map[esri.ItemID]int64
	writing chan struct{} // closed when the writer has nothing left; nil: there is none
}

// total returns the count of an item with unstored views; 0 for one that has none.
func (v *viewCounter) total(id esri.ItemID) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.totals[id]
}

// count adds a view to an item that was shown with so many, and starts the writer where none
// is at work.
func (v *viewCounter) count(p *Portal, id esri.ItemID, shown int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending == nil {
		v.pending = map[esri.ItemID]int{}
	}
	if v.totals == nil {
		v.totals = map[esri.ItemID]int64{}
	}
	v.pending[id]++
	v.totals[id] = max(v.totals[id], shown) + 1
	if v.writing == nil {
		v.writing = make(chan struct{})
		go p.writeViews()
	}
}

// next forgets the batch that was written and hands out what is pending. It is nil, and the
// writer signed off, where nothing is.
func (v *viewCounter) next(written map[esri.ItemID]int) map[esri.ItemID]int {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id := range written {
		if v.pending[id] == 0 {
			delete(v.totals, id)
		}
	}
	if len(v.pending) == 0 {
		close(v.writing)
		v.writing = nil
		return nil
	}
	batch := v.pending
	v.pending = nil
	return batch
}

// writeViews stores counted views until none is left. A view that cannot be stored is lost,
// which harms nobody.
func (p *Portal) writeViews() {
	for batch := p.views.next(nil); batch != nil; batch = p.views.next(batch) {
		err := p.store.Update(context.Background(), func(tx Tx) error {
			now := p.clock.Now()
			for id, n := range batch {
				for range n {
					if err := tx.CountView(id, now); err != nil && !errors.Is(err, ErrAbsent) {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			p.log.Warn("item views not counted", "items", len(batch), "err", err)
		}
	}
}

// FlushViews returns once the views counted so far are stored, or ctx ends. It is called
// before the store is closed, when no request is answered any more.
func (p *Portal) FlushViews(ctx context.Context) error {
	p.views.mu.Lock()
	writing := p.views.writing
	p.views.mu.Unlock()
	if writing == nil {
		return nil
	}
	select {
	case <-writing:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
