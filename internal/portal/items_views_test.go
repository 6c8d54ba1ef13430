package portal_test

import (
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func TestViewsAreNotLost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	c := portal.Caller{Username: "admin"}
	it, err := r.AddItem(t.Context(), c, portal.NewItem{Owner: "admin",
		Fields: portal.ItemFields{Title: new("T"), Type: new("Web Map")}, Content: portal.ItemContent{Text: new("{}")}})
	if err != nil {
		t.Fatal(err)
	}
	const readers, times = 8, 25
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			last := int64(-1)
			for range times {
				v, err := r.Item(t.Context(), c, it.ID)
				if err != nil {
					t.Error(err)
					return
				}
				if v.NumViews <= last {
					t.Errorf("%d views after %d", v.NumViews, last)
				}
				last = v.NumViews
			}
		})
	}
	wg.Wait()
	if err := r.FlushViews(t.Context()); err != nil {
		t.Fatal(err)
	}
	var stored *portal.Item
	err = r.store.View(t.Context(), func(tx portal.Tx) error {
		stored, err = tx.Item(it.ID)
		return err
	})
	if err != nil || stored.NumViews != readers*times || !stored.LastViewed.Equal(r.clock.Now()) {
		t.Errorf("%d views, last at %v, err %v", stored.NumViews, stored.LastViewed, err)
	}
	if err := r.FlushViews(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestViewsOfDeletedItemsAreForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	c := portal.Caller{Username: "admin"}
	var ids []esri.ItemID
	for range 2 {
		it, err := r.AddItem(t.Context(), c, portal.NewItem{Owner: "admin", Fields: portal.ItemFields{Title: new("T"), Type: new("Web Map")}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, it.ID)
	}
	for range 3 {
		for _, id := range ids {
			if _, err := r.Item(t.Context(), c, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := r.DeleteItem(t.Context(), c, portal.ItemRef{Owner: "admin", ID: ids[0]}); err != nil {
		t.Fatal(err)
	}
	if err := r.FlushViews(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := r.Item(t.Context(), c, ids[1])
	if err != nil || v.NumViews != 3 {
		t.Errorf("%d views of the item that stays, %v", v.NumViews, err)
	}
}
