package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// authoritative reports whether a content status protects its item against deletion.
func authoritative(status string) bool {
	return status == "org_authoritative" || status == "public_authoritative"
}

// SetContentStatus marks an item as authoritative or deprecated, or with an empty status as
// neither, for who holds portal:admin:updateItems; owners need it too. An authoritative item
// is protected against deletion, which outlasts the mark.
func (p *Portal) SetContentStatus(ctx context.Context, c Caller, id esri.ItemID, status string) (esri.ItemID, error) {
	if status = strings.ToLower(strings.TrimSpace(status)); status == "authoritative" {
		status = "org_authoritative"
	}
	f := ItemFields{ContentStatus: &status}
	if err := f.check(); err != nil {
		return "", err
	}
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.needs(privUpdateItems); err != nil {
			return err
		}
		id = it.ID
		if it.ContentStatus == status && (it.Protected || !authoritative(status)) {
			return nil
		}
		f.apply(it.Item)
		it.Modified = p.clock.Now()
		return tx.PutItem(it.Item)
	})
	return id, err
}
