package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// ContentStatus says what an organization thinks of an item. Values that are not listed here
// pass through unchanged.
type ContentStatus string

// The states; empty is neither.
const (
	OrgAuthoritative    ContentStatus = "org_authoritative"
	PublicAuthoritative ContentStatus = "public_authoritative"
	Deprecated          ContentStatus = "deprecated"
)

// SetContentStatus marks the item as authoritative or deprecated, and with an empty status as
// neither. It takes the privilege portal:admin:updateItems, of the owner too. An authoritative
// item is protected against deletion, and stays so when the mark is taken away.
//
// rest: POST content/items/{id}/setContentStatus
// py: arcgis.gis.Item.content_status
func (it *Item) SetContentStatus(ctx context.Context, status ContentStatus) error {
	r := wire.Write("content/items/{id}/setContentStatus", string(it.ID)).Set("status", string(status)).Bool("clearEmptyFields", true)
	if err := it.p.do(ctx, r, nil); err != nil {
		return err
	}
	it.ContentStatus = string(status)
	if status == OrgAuthoritative || status == PublicAuthoritative {
		it.Protected = true
	}
	return nil
}
