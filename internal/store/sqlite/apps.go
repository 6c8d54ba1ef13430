package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// sealedApp is an app as it is stored.
type sealedApp struct {
	portal.App
	sealed string
}

var apps = newTable("apps", "client_id", nil, func(a *sealedApp) []field {
	return []field{
		{"client_id", text(&a.ClientID)},
		{"item", text(&a.Item)},
		{"type", text(&a.Type)},
		{"secret_hash", text(&a.SecretHash)},
		{"secret_sealed", text(&a.sealed)},
		{"redirect_uris", list(&a.RedirectURIs)},
		{"referrers", list(&a.Referrers)},
		{"privileges", list(&a.Privileges)},
		{"registered", moment(&a.Registered)},
		{"modified", moment(&a.Modified)},
	}
})

func (t *tx) App(clientID string) (*portal.App, error) { return t.app(" WHERE client_id=?", clientID) }

func (t *tx) AppOf(id esri.ItemID) (*portal.App, error) { return t.app(" WHERE item=?", string(id)) }

func (t *tx) app(rest string, args ...any) (*portal.App, error) {
	a, err := apps.one(t, rest, args...)
	if err != nil {
		return nil, err
	}
	a.Secret = t.seal.open("app "+a.ClientID, a.sealed)
	return &a.App, nil
}

func (t *tx) PutApp(a *portal.App) error {
	return apps.put(t, &sealedApp{*a, t.seal.close("app "+a.ClientID, a.Secret)})
}

func (t *tx) DeleteApp(clientID string) error {
	if err := t.exec("DELETE FROM tokens WHERE client_id=? AND client_id<>''", clientID); err != nil {
		return err
	}
	return t.exec("DELETE FROM apps WHERE client_id=?", clientID)
}
