package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// appKeyword is what an item carries while it is registered.
const appKeyword = "Registered App"

// AppRequest is how an item is to be registered. Nil leaves a property as it is.
type AppRequest struct {
	Type         string // of a new app
	RedirectURIs *[]string
	Referrers    *[]string
	Privileges   *[]string
}

// RegisterApp makes an item of the caller an app, with an id and a secret that are drawn here.
func (p *Portal) RegisterApp(ctx context.Context, c Caller, id esri.ItemID, r AppRequest) (*App, error) {
	if c.Anonymous() {
		return nil, ErrTokenRequired()
	}
	if r.Type == "" {
		return nil, ErrMissingParam("appType")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	key := secret.Secret(secret.Hex(16))
	app := &App{ClientID: newShortID(), Type: r.Type, Secret: key, SecretHash: hashOf(key)}
	r.apply(app)
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		if !a.is(it.Owner) {
			return ErrDenied("to own the item")
		}
		if err := r.grants(tx, a); err != nil {
			return err
		}
		if _, err := tx.AppOf(it.ID); !isAbsent(err) {
			if err == nil {
				err = &Error{Code: 409, Message: "Item '" + string(it.ID) + "' is already registered.", Details: []string{"Change its registration with oauth2/apps/{client_id}/update."}}
			}
			return err
		}
		now := p.clock.Now()
		app.Item, app.Registered, app.Modified = it.ID, now, now
		if err := tx.PutApp(app); err != nil {
			return err
		}
		it.TypeKeywords, it.Modified = mergeWords(it.TypeKeywords, []string{appKeyword}), now
		return tx.PutItem(it.Item)
	})
	if err != nil {
		return nil, err
	}
	return app, nil
}

// AppOfItem reads the registration of an item, for who controls the item. One that is not
// registered is as one that does not exist.
func (p *Portal) AppOfItem(ctx context.Context, c Caller, ref ItemRef) (app *App, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := owned(tx, a, ref, privUpdateItems)
		if err != nil {
			return err
		}
		app, err = tx.AppOf(it.ID)
		return absentAs(err, errNoItem())
	})
	return app, err
}

// App reads a registration by its client id, for who controls its item.
func (p *Portal) App(ctx context.Context, c Caller, clientID string) (app *App, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		app, _, err = appToEdit(tx, c, clientID)
		return err
	})
	return app, err
}

// appToEdit reads a registration and its item for a caller who controls the item. For others
// there is no such app.
func appToEdit(tx Tx, c Caller, clientID string) (*App, *Item, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, nil, err
	}
	if a.anonymous() {
		return nil, nil, ErrTokenRequired()
	}
	app, err := tx.App(clientID)
	if err != nil {
		return nil, nil, absentAs(err, errNoItem())
	}
	it, err := visibleItem(tx, a, app.Item)
	if err != nil {
		return nil, nil, err
	}
	return app, it.Item, a.owns(it.Item, privUpdateItems)
}

// UpdateApp changes a registration, for who controls its item.
func (p *Portal) UpdateApp(ctx context.Context, c Caller, clientID string, r AppRequest) (app *App, err error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		if app, _, err = appToEdit(tx, c, clientID); err != nil {
			return err
		}
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := r.grants(tx, a); err != nil {
			return err
		}
		if r.Type != app.Type && r.Type != "" {
			return ErrBadParam("appType", "cannot change: the app was registered as '"+app.Type+"'")
		}
		if app.Secret == "" {
			return errSealed()
		}
		r.apply(app)
		app.Modified = p.clock.Now()
		return tx.PutApp(app)
	})
	if err != nil {
		return nil, err
	}
	return app, nil
}

// errSealed is the answer where the store can no longer read a secret.
func errSealed() error {
	return &Error{Code: 500, MessageCode: "RHUMB_0003", Message: "The secret of this app can no longer be read.",
		Details: []string{"The key file of the portal was lost or replaced. Restore it, or unregister the app and register it again."}}
}

// UnregisterApp ends a registration with all tokens of the app, for who controls its item.
func (p *Portal) UnregisterApp(ctx context.Context, c Caller, clientID string) (id esri.ItemID, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		app, it, err := appToEdit(tx, c, clientID)
		if err != nil {
			return err
		}
		if err := tx.DeleteApp(app.ClientID); err != nil {
			return err
		}
		id = it.ID
		it.TypeKeywords, it.Modified = without(it.TypeKeywords, appKeyword), p.clock.Now()
		return tx.PutItem(it)
	})
	return id, err
}

// AppInfo is what the token of an app tells of it.
type AppInfo struct {
	*App
	Owner string
	Title string
	Org   esri.OrgID
}

// AppInfo describes the app that a token belongs to; nil for a client that is built in.
func (p *Portal) AppInfo(ctx context.Context, clientID string) (info *AppInfo, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		app, err := tx.App(clientID)
		if isAbsent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		it, err := tx.Item(app.Item)
		if err != nil {
			return err
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		info = &AppInfo{App: app, Owner: it.Owner, Title: it.Title, Org: org.ID}
		return nil
	})
	return info, err
}
