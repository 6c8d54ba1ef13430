package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// appRoutes are the operations on registered apps, also below the path without rest, as those
// of signing in.
func (s *Server) appRoutes() []Route {
	var out []Route
	for _, base := range []string{"sharing/rest/oauth2", "sharing/oauth2"} {
		app := base + "/apps/{client_id}"
		out = append(out,
			Route{Pattern: base + "/registerApp", Write: true, JSON: true, Handle: s.registerApp},
			Route{Pattern: app, JSON: true, Handle: s.app},
			Route{Pattern: app + "/update", Write: true, JSON: true, Handle: s.updateApp},
			Route{Pattern: app + "/unregister", Write: true, JSON: true, Handle: s.unregisterApp},
		)
	}
	return out
}

// registerApp answers the registration (Esri's page "Register App").
//
// deviates: of privileges, the grants of items are there; others and API keys are refused.
func (s *Server) registerApp(ctx context.Context, r *Request) (any, error) {
	id, err := r.Need("itemId")
	if err != nil {
		return nil, err
	}
	if _, err := r.Need("appType"); err != nil {
		return nil, err
	}
	q, err := r.appRequest()
	if err != nil {
		return nil, err
	}
	return appJSON(s.portal.RegisterApp(ctx, r.Caller, esri.ItemID(strings.TrimSpace(id)), q))
}

// registeredAppInfo answers the registration of an item to who controls the item.
func (s *Server) registeredAppInfo(ctx context.Context, r *Request) (any, error) {
	return appJSON(s.portal.AppOfItem(ctx, r.Caller, itemRef(r)))
}

// app answers the registration of a client id (Esri's page "Registered App").
func (s *Server) app(ctx context.Context, r *Request) (any, error) {
	return appJSON(s.portal.App(ctx, r.Caller, r.Var("client_id")))
}

// updateApp answers the registration as it is then.
func (s *Server) updateApp(ctx context.Context, r *Request) (any, error) {
	q, err := r.appRequest()
	if err != nil {
		return nil, err
	}
	return appJSON(s.portal.UpdateApp(ctx, r.Caller, r.Var("client_id"), q))
}

// unregisterApp answers {success, itemId}.
func (s *Server) unregisterApp(ctx context.Context, r *Request) (any, error) {
	id, err := s.portal.UnregisterApp(ctx, r.Caller, r.Var("client_id"))
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "itemId": id}, nil
}

func (r *Request) appRequest() (q portal.AppRequest, err error) {
	if kind := lower(r.field("appType", false)); kind != nil {
		q.Type = *kind
	}
	if q.Type == "apikey" {
		return q, portal.ErrNotSupported("The value 'apikey' of the parameter 'appType'")
	}
	if q.Privileges, err = r.addresses("privileges"); err != nil {
		return q, err
	}
	if q.RedirectURIs, err = r.addresses("redirect_uris"); err != nil {
		return q, err
	}
	q.Referrers, err = r.addresses("httpReferrers")
	return q, err
}

// addresses reads a JSON array of texts, which may hold commas, or a list; nil where it was not
// sent.
func (r *Request) addresses(name string) (*[]string, error) {
	if !r.Has(name) {
		return nil, nil
	}
	list := []string{}
	if strings.HasPrefix(strings.TrimSpace(r.Str(name)), "[") {
		_, err := r.JSON(name, &list)
		return &list, err
	}
	values, _ := r.List(name)
	list = append(list, values...)
	return &list, nil
}

// appJSON is a registration in the shape of Esri's page "Registered App". It is the one answer
// that tells the secret.
func appJSON(a *portal.App, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{
		"itemId": a.Item, "appType": a.Type, "client_id": a.ClientID, "client_secret": orNull(a.Secret.Reveal()),
		"redirect_uris": orEmpty(a.RedirectURIs), "httpReferrers": orEmpty(a.Referrers), "privileges": orEmpty(a.Privileges),
		"registered": esri.TimeOf(a.Registered), "modified": esri.TimeOf(a.Modified),
		"apnsProdCert": nil, "apnsSandboxCert": nil, "gcmApiKey": nil, "isBeta": false, "isPersonalAPIToken": false,
		"apiToken1Active": false, "apiToken2Active": false, "customAppLoginShowTriage": false,
	}, nil
}
