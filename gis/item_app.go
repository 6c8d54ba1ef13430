package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Secret is a value that does not print: fmt, slog and encoding/json write [redacted] in its
// place. Its method Reveal answers the value.
type Secret = secret.Secret

// AppType is what kind of program a registered app is.
type AppType string

// The kinds.
const (
	AppBrowser  AppType = "browser"
	AppNative   AppType = "native"
	AppServer   AppType = "server"
	AppMultiple AppType = "multiple"
	AppAPIKey   AppType = "apikey"
)

// AppSpec is how an item is registered as an app.
type AppSpec struct {
	Type AppType
	// RedirectURIs are where sign-ins of the app may end. urn:ietf:wg:oauth:2.0:oob shows
	// the code on a page of the portal.
	RedirectURIs  []string
	HTTPReferrers []string
	Privileges    []string // at most 100, such as portal:app:access:item:<id>
}

// AppInfo is the registration of an item as an app. The secret is shown to the owner and to
// administrators only.
type AppInfo struct {
	ItemID        esri.ItemID `json:"itemId"`
	Type          AppType     `json:"appType"`
	ClientID      string      `json:"client_id"`
	ClientSecret  Secret      `json:"client_secret"`
	RedirectURIs  []string    `json:"redirect_uris"`
	HTTPReferrers []string    `json:"httpReferrers"`
	Privileges    []string    `json:"privileges"`
	Registered    esri.Time   `json:"registered"`
	Modified      esri.Time   `json:"modified"`
}

// Register makes the item an app that signs members in and, with its secret, itself. The item
// gains the keyword Registered App, the app a client id and a secret. Only the owner may. An
// item that is registered already is [ErrConflict].
//
// rest: POST oauth2/registerApp
// py: arcgis.gis.Item.register
func (it *Item) Register(ctx context.Context, spec AppSpec) (*AppInfo, error) {
	r := wire.Once("oauth2/registerApp").Set("itemId", string(it.ID)).Set("appType", string(spec.Type))
	return it.app(ctx, spec.fill(r))
}

func (s AppSpec) fill(r *wire.Request) *wire.Request {
	r.JSON("redirect_uris", append([]string{}, s.RedirectURIs...))
	if s.HTTPReferrers != nil {
		r.JSON("httpReferrers", s.HTTPReferrers)
	}
	if s.Privileges != nil {
		r.JSON("privileges", s.Privileges)
	}
	return r
}

// AppInfo reads the registration of the item. Owner and administrators may. [ErrNotFound]
// means that the item is not registered.
//
// rest: GET content/users/{username}/items/{id}/registeredAppInfo
// rest: GET content/users/{username}/{folder}/items/{id}/registeredAppInfo
// py: arcgis.gis.Item.app_info
func (it *Item) AppInfo(ctx context.Context) (*AppInfo, error) {
	return it.app(ctx, it.request(wire.Read, "registeredAppInfo"))
}

func (it *Item) app(ctx context.Context, r *wire.Request) (*AppInfo, error) {
	var info AppInfo
	if err := it.p.do(ctx, r, &info); err != nil {
		return nil, err
	}
	return &info, nil
}

// UpdateApp replaces the addresses of the registration, and what else spec names; the kind of
// app stays. Owner and administrators may.
//
// rest: POST oauth2/apps/{client_id}/update
func (it *Item) UpdateApp(ctx context.Context, clientID string, spec AppSpec) (*AppInfo, error) {
	return it.app(ctx, spec.fill(wire.Write("oauth2/apps/{client_id}/update", clientID)))
}

// Unregister ends the registration of the item: its client id, its secret and all tokens of
// the app. The item stays, without the keyword Registered App. [ErrNotFound] means that the
// item is not registered.
//
// rest: POST oauth2/apps/{client_id}/unregister
// py: arcgis.gis.Item.unregister
func (it *Item) Unregister(ctx context.Context) error {
	info, err := it.AppInfo(ctx)
	if err != nil {
		return err
	}
	return it.p.do(ctx, wire.Once("oauth2/apps/{client_id}/unregister", info.ClientID), nil)
}
