package policy

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// anAccount makes an account with a picture; it is the caller "owner".
//
//	private, org, public   the access of its profile
//	administrator          its role; else it is User
//	publisher              likewise
//	deputy                 likewise, a custom role with all privileges
//	system                 it is an account of the portal itself
//	disabled               it cannot sign in; "owner" has a token of before
//	owning                 it owns an item
//	with-content           it owns a folder and an item in it
//	password               the call sets its password
//	protected              the item of the folder is protected
func anAccount(b *builder) *object {
	o := b.object(map[string]string{"file": "picture.gif", "target": b.receiver.name})
	if b.is("system") {
		return b.systemAccount(o)
	}
	role := portaltest.RoleUser
	switch {
	case b.is("administrator"):
		role = portaltest.RoleAdmin
	case b.is("publisher"):
		role = portaltest.RolePublisher
	case b.is("deputy"):
		role = b.role(b.t, b.all)
	}
	var a who
	if b.is("own") {
		a = b.self(o)
	} else {
		a = b.account(b.t, role)
		o.as["owner"] = a
	}
	at, content := rest+"community/users/"+a.name, rest+"content/users/"+a.name
	b.ask(a, at+"/update", url.Values{"access": {b.one("private", "org", "public")}, "description": {"text"}, "categories": {"/Categories/Staff"}}, thumbnail)
	b.read(o, at)
	if b.about("roperties") {
		b.ask(a, at+"/setProperties", url.Values{"properties": {`{"landingPage":{"url":"index.html"}}`}})
		b.read(o, at+"/properties")
	}
	if b.about("content/users/") || b.is("with-content") {
		b.read(o, content)
	}
	if b.is("owning") {
		b.item(a, "")
	}
	if b.about("content/users/") || b.is("with-content") {
		b.fill(o, a)
	}
	if b.is("password") || b.about("/reset", "/expirePassword") {
		o.reads = append(o.reads, func() any { return b.signsIn(a) })
	}
	b.settle(a)
	if b.is("disabled") {
		b.ask(b.admin, at+"/disable", nil)
	}
	o.vars["id"], o.vars["username"], o.vars["user"], o.vars["password"] = "self", a.name, a.name, a.password
	o.gone["username"] = b.unique("nobody")
	o.gone["user"] = o.gone["username"]
	o.needles = append(o.needles, a.name)
	return o
}

// systemAccount is an account of the portal itself.
func (b *builder) systemAccount(o *object) *object {
	b.one("org")
	const name = "system_publisher"
	o.vars["id"], o.vars["username"], o.vars["user"] = "self", name, name
	b.read(o, rest+"community/users/"+name)
	return o
}

// fill gives an account a folder with an item.
func (b *builder) fill(o *object, a who) {
	content := rest + "content/users/" + a.name
	folder := b.ask(a, content+"/createFolder", url.Values{"title": {"Maps"}})["folder"].(map[string]any)["id"].(string)
	item := b.item(a, folder)
	if b.is("protected") {
		b.ask(a, content+"/items/"+item+"/protect", nil)
	}
	o.vars["folder"], o.vars["item"], o.vars["fileName"] = folder, item, b.unique("file")
	o.needles = []string{folder}
	if strings.HasSuffix(b.route, "/{folder}") {
		o.needles = []string{item}
	}
	b.read(o, content+"/"+folder)
}

// signsIn reports what a sign-in with an account's first password gives.
func (b *builder) signsIn(a who) any {
	got := b.send(b.t, who{}, request{path: rest + "generateToken", form: url.Values{"username": {a.name}, "password": {a.password}}})
	_, ok := got.doc["token"]
	return map[string]any{"signs in": ok, "error": got.doc["error"]}
}

// newAccount is for calls that make an account.
//
//	member, administrator   its role
//	into-group              it is to be a member of a group of others
//	into-hidden             likewise, of a private group
func newAccount(b *builder) *object {
	o := b.object(map[string]string{"id": "self", "user": b.unique("new"), "role": portaltest.RoleUser})
	if b.one("member", "administrator") == "administrator" {
		o.vars["role"] = portaltest.RoleAdmin
	}
	switch {
	case b.is("into-group"):
		o.vars["groups"], _ = b.group(b.t, url.Values{"access": {"org"}}, "")
	case b.is("into-hidden"):
		o.vars["groups"] = b.circle
	}
	b.read(o, rest+"community/users/"+o.vars["user"])
	return o
}

// aRole makes a custom role.
//
//	custom       it is one
//	predefined   the role Viewer in its place
//	held         a member has it
//	above        it holds a privilege that few who edit roles have
//	beyond       the call gives it such a privilege
func aRole(b *builder) *object {
	o := b.object(map[string]string{"id": "self", "name": b.unique("Role")})
	role := portaltest.RoleViewer
	if b.one("custom", "predefined") == "custom" {
		var held []string
		if b.is("above") {
			held = []string{"portal:admin:viewItems"}
		}
		role = b.role(b.t, held)
	}
	if b.is("held") {
		b.account(b.t, role)
	}
	o.vars["role"] = role
	at := rest + "portals/self/roles/" + role
	b.read(o, at, at+"/privileges")
	return o
}

// newRole is for the call that makes a role.
func newRole(b *builder) *object {
	b.one("-")
	o := b.object(map[string]string{"id": "self", "name": b.unique("Role")})
	o.reads = append(o.reads, func() any {
		var out []any
		for start := "1"; start != "-1"; {
			page := b.ask(b.admin, rest+"portals/self/roles", url.Values{"start": {start}, "num": {"100"}})
			for _, r := range page["roles"].([]any) {
				if r.(map[string]any)["name"] == o.vars["name"] {
					out = append(out, r)
				}
			}
			start = fmt.Sprint(page["nextStart"])
		}
		return out
	})
	return o
}
