package clone

import (
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

const codeAttachment = "Code Attachment"

// packagePath ends the address of a code attachment that the portal makes from its app.
const packagePath = "/package"

// packaged reports whether the item is a code attachment without data of its own: it stands for
// the package of an app, which its address names.
func packaged(it *gis.Item) bool {
	return it.Type == codeAttachment && strings.HasSuffix(it.URL, packagePath)
}

// url maps the address of the item. That of a packaged code attachment leads to the copy of its
// app.
func (c *itemCopy) url() string {
	if packaged(c.src) {
		if app, _, ok := c.attachedTo(string(c.src.ID)); ok && c.items.get(app) != "" {
			_, host, _ := strings.Cut(c.dst.side.Address, "://")
			scheme, _, found := strings.Cut(c.src.URL, "//")
			if !found {
				scheme = ""
			}
			return scheme + "//" + host + "/sharing/rest/content/items/" + c.items.get(app) + packagePath
		}
	}
	return c.text("url", c.src.URL)
}

// attach makes a code attachment together with its relationship, where its app is there already.
func (c *itemCopy) attach(spec *gis.ItemSpec) {
	if c.src.Type != codeAttachment {
		return
	}
	app, kind, ok := c.attachedTo(string(c.src.ID))
	if !ok {
		return
	}
	if id := c.copied(app); id != "" {
		if e, done := c.j.last(KindItem, app); done && e.Event == EventDone {
			spec.OriginItem, spec.RelationshipType = esri.ItemID(id), kind
		}
	}
}
