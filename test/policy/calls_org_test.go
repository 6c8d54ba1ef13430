package policy

import (
	"net/url"
	"strings"
)

// orgCalls are the routes that change the organization as a whole, and its files.
func orgCalls() map[string]call {
	lonely := func(c call) call {
		c.lonely = true
		if c.setup == nil {
			c.setup = ofOrganization
		}
		return c
	}
	out := map[string]call{
		org + "/update": lonely(call{form: orgProperty}),
		org + "/settings/update": lonely(call{form: func(o *object, _ who) url.Values {
			return values("informationalBanner", `{"text":"`+o.vars["new"]+`","enabled":true}`)
		}}),
		org + "/setUserDefaultSettings": lonely(call{form: func(o *object, _ who) url.Values {
			return values("categories", `["/Categories/`+o.vars["new"]+`"]`)
		}}),
		org + "/userDefaultSettings/delete": lonely(call{}),
		org + "/resources":                  lonely(call{form: fixed("num", "100"), shows: among}),
		org + "/resources/{path...}":        lonely(call{plain: true}),
		org + "/addResource": lonely(call{form: func(o *object, _ who) url.Values {
			return values("key", o.vars["path"], "text", o.vars["new"]+" and more")
		}}),
		org + "/removeResource": lonely(call{form: vars("key", "path")}),
	}
	for _, kind := range []string{"", "Member"} {
		name := "categorySchema"
		if kind != "" {
			name = "memberCategorySchema"
		}
		out[org+"/assign"+kind+"CategorySchema"] = lonely(call{form: func(o *object, _ who) url.Values { return schemaOf(name, o.vars["new"]) }})
		out[org+"/delete"+kind+"CategorySchema"] = lonely(call{})
	}
	return out
}

// orgProperty changes a property that is part of the website, of the security or of the
// helper services.
func orgProperty(o *object, _ who) url.Values {
	switch {
	case o.is("services"):
		return values("geometryService", "https://"+o.vars["new"]+".example.com")
	case o.is("security"):
		return values("canSharePublic", o.vars["other"])
	}
	o.is("website")
	return values("summary", o.vars["new"])
}

func schemaOf(name, title string) url.Values {
	return values(name, `{"`+name+`":[{"title":"Categories","categories":[{"title":"`+title+`"}]}]}`)
}

// ofOrganization prepares what a call is about to change.
//
//	website, services, security   the kind of property
//	open, members                 who may read the file
func ofOrganization(b *builder) *object {
	fresh := b.unique("new")
	o := b.object(map[string]string{"id": "self", "new": fresh, "path": fresh + ".txt"})
	kind := b.one("-", "website", "services", "security", "open", "members")
	at := rest + "portals/self"
	switch {
	case b.about("esource"):
		access := map[string]string{"open": "", "members": "org"}[kind]
		b.ask(b.admin, at+"/addResource", url.Values{"key": {o.vars["path"]}, "text": {fresh}, "access": {access}})
		o.needles = []string{o.vars["path"]}
		o.reads = append(o.reads, func() any { return b.stored(b.t, at+"/resources/"+o.vars["path"], nil) })
	case b.about("CategorySchema"):
		name, assign := "categorySchema", "/assignCategorySchema"
		if b.about("Member") {
			name, assign = "memberCategorySchema", "/assignMemberCategorySchema"
		}
		b.ask(b.admin, at+assign, schemaOf(name, "old"+fresh))
		b.read(o, at+"/"+name)
	case b.about("serDefaultSettings"):
		b.ask(b.admin, at+"/setUserDefaultSettings", url.Values{"categories": {"/Categories/old"}})
		b.read(o, at+"/userDefaultSettings")
	default:
		o.vars["other"] = strings.TrimSpace(map[bool]string{true: "false", false: "true"}[b.ask(b.admin, at, nil)["canSharePublic"] == true])
		b.read(o, at+"/settings", at)
	}
	return o
}
