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
	access := b.one("private", "org", "public")
	owner, id, title := b.makeGroup(o)
	at := rest + "community/groups/" + id
	if b.is("of-admin") {
		b.give(o, at)
	}
	subject := b.people(o, at)
	b.change(at, access)
	if access == "private" && !b.about("applications") {
		b.hide(title, "portal:admin:viewGroups", owner.name, b.cast["group_manager"].name, b.cast["group_member"].name)
	}
	o.vars["id"], o.vars["title"], o.vars["username"], o.vars["subject"], o.vars["file"] = id, title, subject.name, subject.name, "picture.gif"
	o.gone["id"], o.gone["title"] = noID, "No such group"
	switch {
	case strings.HasSuffix(b.route, "/userList"), strings.HasSuffix(b.route, "/users"):
		o.needles = []string{subject.name}
	case b.about("/applications/"):
		o.vars["username"] = b.asking.name
	case b.about("/deleteCategorySchema"):
		b.ask(b.admin, at+"/assignCategorySchema", schemaOf("categorySchema", "Water"))
	case b.is("own") && b.about("/reassign"): // what may be hidden is the receiver
		o.gone = map[string]string{"target": b.unique("nobody")}
	case b.is("to-viewer"):
		o.vars["target"] = b.cast["viewer"].name
	case b.is("to-system"):
		o.vars["target"] = "system_publisher"
	case b.is("asked"):
		b.ask(b.asking, at+"/join", nil)
	}
	b.hold(o, id)
	if o.needles == nil {
		o.needles = []string{id, title}
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

// makeGroup makes the group, as visible as whoever is to ask for it needs it.
func (b *builder) makeGroup(o *object) (owner who, id, title string) {
	if b.is("own") {
		owner, title = b.self(o), b.unique("Group ")
		g := b.ask(owner, rest+"community/createGroup", url.Values{"title": {title}, "access": {"org"}, "tags": {"policy"}}, thumbnail)
		id = g["group"].(map[string]any)["id"].(string)
		b.ask(owner, rest+"community/groups/"+id+"/addUsers", url.Values{"users": {b.plain.name}})
		return owner, id, title
	}
	form := url.Values{"access": {"org"}}
	if b.is("private") && !b.about("applications") {
		form = url.Values{"access": {"private"}}
	}
	if b.is("team") {
		form.Set("capabilities", "updateitemcontrol")
	}
	id, title = b.group(b.t, form, "")
	return b.cast["group_owner"], id, title
}

// people brings those into the group whom the state and the call are about, and returns the
// plain member in question.
func (b *builder) people(o *object, at string) (subject who) {
	if b.about("applications") {
		b.ask(b.asking, at+"/join", nil)
	}
	if b.is("with-stranger") {
		o.vars["user"] = b.hermit().name
		o.gone["user"] = b.unique("nobody")
	}
	switch {
	case b.is("groups"): // all of whose groups are listed
		subject = b.account(b.t, portaltest.RoleUser)
	case b.is("with-hermit"):
		subject = b.hermit()
	default:
		return b.plain
	}
	b.ask(b.admin, at+"/addUsers", url.Values{"users": {subject.name}})
	return subject
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
