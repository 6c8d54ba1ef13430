package portal

import "context"

// UserTags counts the tags of a member's items, as far as the caller sees them, the most used
// first.
func (p *Portal) UserTags(ctx context.Context, c Caller, username string) ([]Count, error) {
	var out []Count
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		u, _, err := visibleUser(tx, a, username)
		if err != nil {
			return err
		}
		page, err := tx.FindItems(ItemQuery{Match: exactly("owner", u.Username), Visible: a.itemVisibility(), CountFields: []string{"tags"}, CountSize: 1000, Page: Page{Start: 1}})
		if err != nil {
			return err
		}
		for _, f := range page.Counts {
			for _, v := range f.Values {
				out = append(out, Count{v.Value, v.Count})
			}
		}
		return nil
	})
	return out, err
}
