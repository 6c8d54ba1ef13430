package sqlite

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var appBundles = newTable("app_bundles", "item", nil, func(b *portal.AppBundle) []field {
	return []field{
		{"item", text(&b.Item)},
		{"id", text(&b.ID)},
		{"ordinal", small(&b.Ordinal)},
		{"name", text(&b.Name)},
		{"description", text(&b.Description)},
		{"seats", whole(&b.Seats)},
		{"expires", moment(&b.Expires)},
		{"apps", document(&b.Apps)},
	}
})

func (t *tx) AppBundle(item esri.ItemID) (*portal.AppBundle, error) {
	return appBundles.one(t, " WHERE item=?", string(item))
}

func (t *tx) AppBundles() ([]*portal.AppBundle, error) {
	return appBundles.all(t, " ORDER BY ordinal, item")
}

func (t *tx) PutAppBundle(b *portal.AppBundle) error { return appBundles.put(t, b) }

func (t *tx) DeleteAppBundle(item esri.ItemID) error {
	return t.exec("DELETE FROM app_bundles WHERE item=?", string(item))
}

func (t *tx) BundleHolders(item esri.ItemID) (int64, error) {
	return t.number("SELECT holders FROM app_bundles WHERE item=?", string(item))
}

func (t *tx) BundlesOf(username string) ([]*portal.AppBundle, error) {
	return appBundles.all(t, " WHERE item IN (SELECT bundle FROM bundle_holders WHERE user_key=?) ORDER BY ordinal, item", fold(username))
}

func (t *tx) HoldsBundle(item esri.ItemID, username string) (bool, error) {
	n, err := t.number("SELECT EXISTS(SELECT 1 FROM bundle_holders WHERE bundle=? AND user_key=?)", string(item), fold(username))
	return n == 1, err
}

func (t *tx) GrantBundle(item esri.ItemID, username string) error {
	n, err := t.execN("INSERT INTO bundle_holders(bundle, user_key) VALUES(?,?) ON CONFLICT DO NOTHING", string(item), fold(username))
	if err != nil {
		return err
	}
	return t.exec("UPDATE app_bundles SET holders=holders+? WHERE item=?", n, string(item))
}

func (t *tx) RevokeBundle(item esri.ItemID, username string) error {
	n, err := t.execN("DELETE FROM bundle_holders WHERE bundle=? AND user_key=?", string(item), fold(username))
	if err != nil {
		return err
	}
	return t.exec("UPDATE app_bundles SET holders=holders-? WHERE item=?", n, string(item))
}

func (t *tx) PutActivity(a portal.Activity) error {
	return t.exec(`INSERT INTO license_activity(product, user_key, last_used, checked_out, username) VALUES(?,?,?,?,?)
		ON CONFLICT DO NOTHING`, string(a.Item), fold(a.Username), sinceEpoch(a.LastUsed), sinceEpoch(a.CheckedOut), a.Username)
}

// sinceEpoch is a time in milliseconds, 0 where it is not set.
func sinceEpoch(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return millis(at)
}

func (t *tx) TakeActivity(item esri.ItemID, username string) ([]portal.Activity, error) {
	var out []portal.Activity
	for r, err := range t.rows(`SELECT username, nullif(last_used,0), nullif(checked_out,0) FROM license_activity
		WHERE product=? AND user_key=? AND done=0 ORDER BY max(last_used, checked_out)`, string(item), fold(username)) {
		if err != nil {
			return nil, err
		}
		a := portal.Activity{Item: item}
		if err := r.Scan(text(&a.Username), moment(&a.LastUsed), moment(&a.CheckedOut)); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, t.exec("UPDATE license_activity SET done=1 WHERE product=? AND user_key=? AND done=0", string(item), fold(username))
}
