package portal

import (
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
// app that is gone is refused, and so is one of an app whose owner is disabled.
func appIn(tx Tx, clientID string) (*actor, error) {
	if clientID == "" {
		return &actor{}, nil
	}
	app, err := tx.App(clientID)
	if err != nil {
		return nil, absentAs(err, ErrInvalidToken())
	}
	if _, err := ownerOfApp(tx, app); err != nil {
		return nil, err
	}
	return &actor{app: app}, nil
}

// ownerOfApp resolves the owner of an app; one whose account is disabled is refused.
//
// guess: what becomes of the tokens of such an app is not documented; they act in the owner's
// name, and end where his do.
func ownerOfApp(tx Tx, app *App) (*actor, error) {
	own, err := tx.Item(app.Item)
	if err != nil {
		return nil, err
	}
	return actorIn(tx, Caller{Username: own.Owner})
}

// lent reports whether an app that calls for itself may read an item: its registration names
// it, and the owner of the app sees it still.
//
// guess: what is lent is read by its id; searches and listings show what anybody sees.
func (a *actor) lent(tx Tx, it *Item) (bool, error) {
	if a.app == nil || !slices.Contains(a.app.Privileges, itemPrivilege+string(it.ID)) {
		return false, nil
	}
	owner, err := ownerOfApp(tx, a.app)
	if err != nil {
		return false, err
	}
	_, visible, err := owner.controlOf(tx, it)
	return visible, err
}
