package policy

import "net/url"

// appCalls are the routes of registered apps by their client id, below both of their prefixes.
func appCalls() map[string]call {
	app := func(c call) call {
		c.setup, c.like = anItem, likeItem
		return c
	}
	ops := map[string]call{
		"oauth2/registerApp":                 app(call{form: registration}),
		"oauth2/apps/{client_id}":            app(call{}),
		"oauth2/apps/{client_id}/update":     app(call{form: fixed("redirect_uris", `["https://other.example.com"]`)}),
		"oauth2/apps/{client_id}/unregister": app(call{}),
	}
	out := map[string]call{}
	for op, c := range ops {
		out[rest+op], out["sharing/"+op] = c, c
	}
	return out
}

func registration(o *object, _ who) url.Values {
	form := values("itemId", o.vars["id"], "appType", "browser", "redirect_uris", `["https://app.example.com"]`)
	if o.is("lending-others") {
		form.Set("privileges", `["portal:app:access:item:`+o.vars["lent"]+`"]`)
	}
	return form
}

// register makes an item of an account an app.
func (b *builder) register(owner who, id string) map[string]any {
	b.t.Helper()
	return b.ask(owner, rest+"oauth2/registerApp", url.Values{"itemId": {id}, "appType": {"server"}, "redirect_uris": {"[]"}})
}

// credentials are those of an app that an account registered, in states with "wrong" not quite.
func (b *builder) credentials(o *object, a who) {
	b.t.Helper()
	app := b.register(a, b.item(a, ""))
	o.vars["client"], o.vars["secret"] = app["client_id"].(string), app["client_secret"].(string)
	if b.is("wrong") {
		o.vars["secret"] += "x"
	}
}
