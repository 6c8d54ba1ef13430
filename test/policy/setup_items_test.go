package policy

import (
	"net/url"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// anItem makes an item of the owner, in a folder, with data, metadata, a picture, and where the
// call is about them an info file and two resources, one of them private.
//
//	private, org, public   its access
//	shared                 with the group circle alone
//	team                   with the group whose members may update its items
//	in-circle              also with the group circle
//	from-others            the call is about the group of others, which does not hold it
//	strange-folder         the path names a folder of somebody else
//	lending-others         the app is to read a public item of somebody else
//	to-viewer              it is to be given to a member who may not receive items
//	to-system              it is to be given to an account of the portal itself
//	of-admin               its owner is an administrator
//	of-disabled            its owner was disabled
//	protected              against deletion
//	upload                 an upload in parts is under way
//	favorite               the member marked it as a favorite while it was public
//	own-path               the call is made under the caller's own path
func anItem(b *builder) *object {
	o := b.object(map[string]string{"group": b.circle, "team": b.team, "showcase": b.showcase, "others": b.others, "target": b.receiver.name})
	owner := b.ownerOf(o)
	for word, group := range map[string]string{"to-group": b.circle, "in-circle": b.circle, "to-team": b.team} {
		if b.is("own") && b.is(word) {
			b.ask(b.admin, rest+"community/groups/"+group+"/addUsers", url.Values{"users": {owner.name}})
		}
	}
	folder := b.folderOf(owner)
	id := b.item(owner, folder)
	b.shareItem(owner, id, b.one("private", "org", "public", "shared", "team"))
	if b.is("in-circle") {
		b.tell("Item " + id)
		b.ask(b.admin, rest+"content/users/"+owner.name+"/items/"+id+"/share", url.Values{"groups": {b.circle}})
	}
	at := rest + "content/users/" + owner.name + "/items/" + id
	if b.is("protected") {
		b.ask(owner, at+"/protect", nil)
	}
	if b.is("upload") {
		b.ask(owner, at+"/update", url.Values{"multipart": {"true"}, "filename": {id + ".json"}})
		b.ask(owner, at+"/addPart", url.Values{"partNum": {"1"}}, part{"file", "parts.json", []byte(`{"parts":1}`)})
	}
	if b.is("favorite") {
		b.favorite(owner, id)
	}
	o.vars["username"], o.vars["id"], o.vars["folder"], o.vars["items"] = owner.name, id, folder, id
	o.vars["tag"], o.vars["title"] = "tag"+id, "Item "+id
	b.nameOthers(o)
	o.gone["id"], o.gone["items"], o.gone["tag"] = noID, noID, "tag"+noID
	o.needles = []string{id, "Item " + id}
	if b.about("registeredAppInfo", "oauth2/apps") {
		o.gone["client_id"] = noID
		o.vars["client_id"] = b.register(owner, id)["client_id"].(string)
		b.read(o, at+"/registeredAppInfo")
	}
	b.settle(owner)
	if b.is("of-disabled") {
		b.ask(b.admin, rest+"community/users/"+owner.name+"/disable", nil)
	}
	b.readItem(o, at, rest+"content/items/"+id)
	return o
}

// nameOthers says what else the call names than the item.
func (b *builder) nameOthers(o *object) {
	o.vars["path"] = "notes.txt"
	switch {
	case b.about("/info/"):
		o.vars["path"] = "metadata/metadata.xml"
	case b.is("hidden-resource"):
		o.vars["path"] = "hidden.txt"
	case b.is("from-others"):
		o.vars["group"] = b.others
	case b.is("to-system"):
		o.vars["target"] = "system_publisher"
	case b.is("to-viewer"):
		o.vars["target"] = b.cast["viewer"].name
	case b.is("strange-folder"):
		o.vars["folder"] = b.strange
	case b.is("lending-others"):
		o.vars["lent"] = b.item(b.receiver, "")
		b.shareItem(b.receiver, o.vars["lent"], "public")
	}
}

// ownerOf is the account that an item of the state belongs to.
func (b *builder) ownerOf(o *object) who {
	role := portaltest.RoleUser
	switch {
	case b.is("of-admin"):
		role = portaltest.RoleAdmin
	case !b.is("of-disabled"):
		return b.self(o)
	}
	a := b.account(b.t, role)
	o.as["owner"] = a
	return a
}

// readItem reads back the item with its sharing and folder, and what else of it the call is
// about.
func (b *builder) readItem(o *object, at, item string) {
	b.read(o, at)
	if b.about("/update", "/commit", "/cancel") {
		b.read(o, item+"/data")
	}
	if b.about("Info", "/update") {
		b.read(o, item+"/info/metadata/metadata.xml", item+"/info/form.json")
	}
	if b.about("esources") {
		b.read(o, item+"/resources")
	}
	if b.is("upload") {
		b.read(o, at+"/parts")
	}
}

// folderOf is a folder of an account; the owner has one for all items.
func (b *builder) folderOf(a who) string {
	path := rest + "content/users/" + a.name
	if a == b.cast["owner"] {
		return b.folder
	}
	title := b.unique("Folder ")
	b.hide(title, "portal:admin:viewItems", a.name)
	return b.ask(a, path+"/createFolder", url.Values{"title": {title}})["folder"].(map[string]any)["id"].(string)
}

// item makes a private item.
func (b *builder) item(owner who, folder string) string {
	path := rest + "content/users/" + owner.name + "/"
	if folder != "" {
		path += folder + "/"
	}
	id := esri.NewID()
	b.ask(owner, path+"addItem", url.Values{
		"itemIdToCreate": {id}, "title": {"Item " + id}, "type": {"Web Map"}, "tags": {"tag" + id}, "text": {`{"operationalLayers":[]}`},
	}, thumbnail, part{"metadata", "metadata.xml", []byte("<metadata/>")})
	b.hide("Item "+id, "portal:admin:viewItems", owner.name)
	at := rest + "content/users/" + owner.name + "/items/" + id
	if b.about("esources") {
		b.ask(owner, at+"/addResources", url.Values{"text": {"for readers"}, "fileName": {"notes.txt"}})
		b.ask(owner, at+"/addResources", url.Values{"text": {"for editors"}, "fileName": {"hidden.txt"}, "access": {"private"}})
	}
	if b.about("Info") {
		b.ask(owner, at+"/updateInfo", nil, part{"file", "form.json", []byte(`{"form":1}`)})
	}
	return id
}

// shareItem gives a private item its access.
func (b *builder) shareItem(owner who, id, access string) {
	form := url.Values{}
	if access != "private" {
		b.tell("Item " + id)
	}
	switch access {
	case "private":
		return
	case "org":
		form.Set("org", "true")
	case "public":
		form.Set("everyone", "true")
	case "shared":
		form.Set("groups", b.circle)
	case "team":
		form.Set("groups", b.team)
		form.Set("confirmItemControl", "true")
	}
	b.ask(owner, rest+"content/users/"+owner.name+"/items/"+id+"/share", form)
}

// favorite lets the member mark an item as a favorite.
func (b *builder) favorite(owner who, id string) {
	at := rest + "content/users/" + owner.name + "/items/" + id + "/share"
	b.ask(owner, at, url.Values{"everyone": {"true"}})
	member := b.cast["member"]
	fav := b.ask(member, rest+"community/self", nil)["favGroupId"].(string)
	b.ask(member, rest+"content/items/"+id+"/share", url.Values{"groups": {fav}})
	b.ask(owner, at, url.Values{"everyone": {"false"}, "org": {"false"}})
}

// relatedItems makes a public item of the owner, and one that it refers to with the access of
// the state.
func relatedItems(b *builder) *object {
	owner := b.cast["owner"]
	from, to := b.item(owner, ""), b.item(owner, "")
	b.shareItem(owner, from, "public")
	b.shareItem(owner, to, b.one("to-private", "to-shared", "to-org", "to-public")[len("to-"):])
	b.relate(owner, from, to, "Map2FeatureCollection")
	o := b.object(map[string]string{"id": from})
	o.needles = []string{to}
	b.read(o, rest+"content/items/"+from, rest+"content/items/"+to)
	return o
}

func (b *builder) relate(owner who, from, to, kind string) {
	b.ask(owner, rest+"content/users/"+owner.name+"/addRelationship", url.Values{
		"originItemId": {from}, "destinationItemId": {to}, "relationshipType": {kind},
	})
}

// twoItems makes two items of the owner to relate to each other.
//
//	private, shared, org, public   the access of both
//	of-admin               their owner is an administrator
//	bound                  by a type of relationship for which one has to own both
//	own-path               the call is made under the caller's own path
func twoItems(b *builder) *object {
	o := b.object(map[string]string{})
	owner := b.ownerOf(o)
	from, to := b.item(owner, ""), b.item(owner, "")
	access := b.one("private", "shared", "org", "public")
	b.shareItem(owner, from, access)
	b.shareItem(owner, to, access)
	kind := "Map2FeatureCollection"
	if b.is("bound") {
		kind = "Map2Area"
	}
	if strings.HasSuffix(b.route, "/deleteRelationship") {
		b.relate(owner, from, to, kind)
	}
	b.settle(owner)
	o.vars["username"], o.vars["id"], o.vars["origin"], o.vars["destination"], o.vars["kind"] = owner.name, from, from, to, kind
	o.gone["origin"], o.gone["destination"] = noID, strings.Replace(noID, "bad", "0bd", 1)
	form := url.Values{"relationshipTypes": {kind}}
	o.reads = append(o.reads, func() any { return b.stored(b.t, rest+"content/items/"+from+"/relatedItems", form) })
	b.read(o, rest+"content/items/"+from, rest+"content/items/"+to)
	return o
}
