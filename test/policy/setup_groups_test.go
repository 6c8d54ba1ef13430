package policy

import (
	"net/url"
	"strings"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// aGroup makes a group with the cast in it, a picture, and where the call is about them an
// application to join.
//
//	private, org, public   its access
//	team                   its members may update its items
//	of-admin               its owner is an administrator
//	protected              against deletion
//	hidden                 its members are hidden
//	invitation             one joins by invitation only
//	open                   one joins without being asked
//	locked                 members cannot leave
//	with-stranger          the call names a member whose profile is private
//	with-hermit            its plain member in question has a private profile
//	favorites              that of the owner's favorites
//	asked                  somebody asks to join
//	to-viewer              it is to be given to a member who may not own groups
//	to-system              it is to be given to an account of the portal itself
//	holding-private, holding-shared, holding-org, holding-public   the access of an item of it
func aGroup(b *builder) *object {
	o := b.object(map[string]string{"user": b.receiver.name, "target": b.receiver.name})
	if b.is("favorites") {
		return b.favorites(o)
	}
	owner := b.cast["group_owner"]
	form := url.Values{"access": {"org"}} // so that asking sees it
	if b.is("private") && !b.about("applications") {
		form = url.Values{"access": {"private"}}
	}
	if b.is("team") {
		form = url.Values{"access": {"private"}, "capabilities": {"updateitemcontrol"}}
	}
	access := b.one("private", "org", "public")
	var id, title string
	if b.is("own") {
		owner = b.self(o)
		title = b.unique("Group ")
		g := b.ask(owner, rest+"community/createGroup", url.Values{"title": {title}, "access": {"org"}, "tags": {"policy"}}, thumbnail)
		id = g["group"].(map[string]any)["id"].(string)
		b.ask(owner, rest+"community/groups/"+id+"/addUsers", url.Values{"users": {b.plain.name}})
	} else {
		id, title = b.group(b.t, form, "")
	}
	at := rest + "community/groups/" + id
	if b.is("of-admin") {
		b.give(o, at)
	}
	asking, subject := b.asking, b.plain
	if b.about("applications") {
		if b.is("team") {
			b.ask(b.admin, at+"/update", url.Values{"access": {"org"}})
		}
		b.ask(asking, at+"/join", nil)
	}
	if b.is("groups") { // all of whose groups are listed
		subject = b.account(b.t, portaltest.RoleUser)
		b.ask(b.admin, at+"/addUsers", url.Values{"users": {subject.name}})
	}
	if b.is("with-hermit") {
		subject = b.hermit()
		b.ask(b.admin, at+"/addUsers", url.Values{"users": {subject.name}})
	}
	if b.is("with-stranger") {
		o.vars["user"] = b.hermit().name
		o.gone["user"] = b.unique("nobody")
	}
	b.change(at, access)
	if access == "private" && !b.about("applications") {
		b.hide(title, "portal:admin:viewGroups", owner.name, b.cast["group_manager"].name, b.cast["group_member"].name)
	}
	if strings.HasSuffix(b.route, "/userList") || strings.HasSuffix(b.route, "/users") {
		o.needles = []string{subject.name}
	}
	o.vars["id"], o.vars["username"], o.vars["applicant"], o.vars["subject"], o.vars["file"] = id, subject.name, asking.name, subject.name, "picture.gif"
	if b.about("/applications/") {
		o.vars["username"] = asking.name
	}
	o.vars["title"] = title
	o.gone["id"], o.gone["title"] = noID, "No such group"
	switch {
	case b.is("to-viewer"):
		o.vars["target"] = b.cast["viewer"].name
	case b.is("to-system"):
		o.vars["target"] = "system_publisher"
	}
	if b.is("asked") {
		b.ask(asking, at+"/join", nil)
	}
	if b.is("own") && b.about("/reassign") { // what may be hidden is the receiver
		o.gone = map[string]string{"target": b.unique("nobody")}
	}
	b.hold(o, id)
	if o.needles == nil {
		o.needles = []string{id, title}
	}
	if b.about("/deleteCategorySchema") {
		b.ask(b.admin, at+"/assignCategorySchema", schemaOf("categorySchema", "Water"))
	}
	b.settle(owner)
	b.read(o, at)
	if b.about("ategor") {
		b.read(o, at+"/categorySchema", rest+"content/groups/"+id+"/search")
	}
	if b.about("Users", "/join", "/leave", "/applications", "/reassign", "/delete") {
		b.read(o, at+"/users", at+"/applications")
	}
	return o
}

// favorites is the group of the owner's favorites.
func (b *builder) favorites(o *object) *object {
	owner := b.self(o)
	defer b.settle(owner)
	id := b.ask(owner, rest+"community/self", nil)["favGroupId"].(string)
	title := b.ask(owner, rest+"community/groups/"+id, nil)["title"].(string)
	o.vars["id"], o.vars["title"], o.vars["username"], o.vars["subject"] = id, title, b.asking.name, owner.name
	o.gone["id"] = noID
	o.needles = []string{id, owner.name}
	return o
}

// give makes an administrator the owner of a group in the place of group_owner.
func (b *builder) give(o *object, at string) {
	a := b.account(b.t, portaltest.RoleAdmin)
	o.as["group_owner"] = a
	b.ask(b.admin, at+"/reassign", url.Values{"targetUsername": {a.name}})
	b.ask(b.admin, at+"/removeUsers", url.Values{"users": {b.cast["group_owner"].name}})
}

// change gives a group its access and its peculiarities.
func (b *builder) change(at, access string) {
	form := url.Values{"access": {access}}
	for word, param := range map[string]string{"hidden": "hiddenMembers", "invitation": "isInvitationOnly", "open": "autoJoin", "locked": "leavingDisallowed"} {
		if b.is(word) {
			form.Set(param, "true")
		}
	}
	b.ask(b.admin, at+"/update", form)
	if b.is("protected") {
		b.ask(b.admin, at+"/protect", nil)
	}
}

// hold shares an item with a group.
func (b *builder) hold(o *object, group string) {
	for _, access := range []string{"private", "shared", "org", "public"} {
		if !b.is("holding-" + access) {
			continue
		}
		owner := b.cast["group_manager"]
		item := b.item(owner, "")
		b.shareItem(owner, item, access)
		b.tell("Item " + item)
		b.ask(owner, rest+"content/users/"+owner.name+"/items/"+item+"/share", url.Values{"groups": {group}})
		o.needles, o.vars["held"] = []string{item}, item
	}
}

// hermit makes a member with a private profile.
func (b *builder) hermit() who {
	a := b.account(b.t, portaltest.RoleUser)
	b.ask(a, rest+"community/users/"+a.name+"/update", url.Values{"access": {"private"}})
	return a
}

// newGroup is for the call that makes a group: what is read back are the groups of the title.
func newGroup(b *builder) *object {
	title := b.unique("Group ")
	o := b.object(map[string]string{"title": title, "access": "private"})
	switch b.one("private", "org", "public", "team") {
	case "org":
		o.vars["access"] = "org"
	case "public":
		o.vars["access"] = "public"
	case "team":
		o.vars["capabilities"] = "updateitemcontrol"
	}
	if b.is("open-data") {
		o.vars["isOpenData"] = "true"
	}
	if b.is("locked") {
		o.vars["leavingDisallowed"] = "true"
	}
	o.reads = append(o.reads, func() any {
		return b.stored(b.t, rest+"community/groups", url.Values{"q": {`title:"` + title + `"`}})
	})
	return o
}
