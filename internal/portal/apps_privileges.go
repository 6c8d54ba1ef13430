package portal

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// itemPrivilege precedes the id of an item that an app may read by itself.
const itemPrivilege = "portal:app:access:item:"

// maxAppPrivileges is how many items a registration may name (Esri's page "Register App").
const maxAppPrivileges = 100

// grants returns nil where the caller may lend the app what the request names: items that the
// caller controls, so that a registration opens nothing that its maker could not share.
func (r *AppRequest) grants(tx Tx, a *actor) error {
	if r.Privileges == nil {
		return nil
	}
	if len(*r.Privileges) > maxAppPrivileges {
		return ErrBadParam("privileges", fmt.Sprintf("must name at most %d items", maxAppPrivileges))
	}
	for _, p := range *r.Privileges {
		id, ok := strings.CutPrefix(p, itemPrivilege)
		if !ok {
			return ErrNotSupported("The privilege '" + p + "' of an app")
		}
		it, err := visibleItem(tx, a, esri.ItemID(id))
		if err != nil {
			return err
		}
		if it.control != ControlAdmin {
			return ErrDenied("to own the item '" + id + "' that the app is to read, or the privilege " + privUpdateItems)
		}
	}
	return nil
}

// appIn resolves an app that calls for itself; an empty id is an anonymous caller. A token of an
// app that is gone is refused.
func appIn(tx Tx, clientID string) (*actor, error) {
	if clientID == "" {
		return &actor{}, nil
	}
	app, err := tx.App(clientID)
	if err != nil {
		return nil, absentAs(err, ErrInvalidToken())
	}
	return &actor{app: app}, nil
}

// lent reports whether an app that calls for itself may read an item: its registration names
// it, and the owner of the app sees it still.
//
// guess: what is lent is read by its id; searches and listings show what anybody sees.
func (a *actor) lent(tx Tx, it *Item) (bool, error) {
	if a.app == nil || !slices.Contains(a.app.Privileges, itemPrivilege+string(it.ID)) {
		return false, nil
	}
	own, err := tx.Item(a.app.Item)
	if err != nil {
		return false, err
	}
	owner, err := actorIn(tx, Caller{Username: own.Owner})
	var public *Error
	if errors.As(err, &public) { // the account is disabled
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, visible, err := owner.controlOf(tx, it)
	return visible, err
}
