// Package remap rewrites the ids and addresses of one portal into those of another inside items:
// JSON documents, program text, markup, archives of apps, and single property values.
//
//	rw, err := remap.New(remap.Map{
//		Items:  map[string]string{"0fcf0bd879b84a01bd596aee72111e49": "b7d1…"},
//		Source: []string{"https://staging.example.org/portal"},
//		Target: "https://gis.example.org/portal",
//	})
//	out, report, err := rw.JSON(doc)
//
// It is a pure function of the bytes and the [Map]: no I/O but the reader of [Rewriter.Scan], no
// state, safe for concurrent use, and idempotent. A document without a hit comes back as the
// same slice. One with hits differs only in the bytes of the hits: whitespace, number lexemes,
// duplicate keys, escapes and everything else keep their exact bytes, because a rewrite is a
// list of edits on the original text and never a decoded tree written out again.
//
// # What is found
//
// Text is read once, left to right. Three things count:
//
//   - An id: exactly 32 hexadecimal characters in any case, with no letter or digit beside them.
//     What joins other words to it (service_<id>, r-<id>-1690, <id>_info) does not matter, since
//     128 bits that stand in the map can mean nothing else. Runs of 31, 33 or 64 characters and
//     dashed GUIDs are never ids. An id is written back in lower case.
//   - An address of the source portal: host, port and context path, ending at a boundary, so that
//     neither portal.example.org.evil nor /portal2 match /portal. With http, https, another or no
//     scheme; a bare host needs a dot or a port in its name. Ports 80 and 443 count as none.
//   - A service address: up to the first path segment that ends in "Server". A mapped one is
//     replaced together with the layer number behind it; any other stays as it is, with ids in
//     its name: they are part of that address. One under [Map.ServiceRoots] counts as by
//     reference, any other as external.
//
// All of these are recognized, and written back, in plain, percent-encoded (up to four times),
// backslash-escaped and HTML-entity spelling. A "token" parameter of a rewritten URL is dropped:
// it belongs to the source.
//
// The public addresses of ArcGIS Online (www.arcgis.com, cdn.arcgis.com) become the target only
// where the same URL, or the Arcade call that uses Portal(…), also through variables, names a
// mapped item. In such calls the number of the layer follows the item. Addresses of stories and
// experiences of ArcGIS Online that name a mapped item become those of the target portal, and back.
//
// # JSON
//
// Keys are rewritten like values. A string that is itself a JSON object or array is walked as a
// document. Numbers are never touched. Inside data: URLs and strings over 1 MB nothing is rewritten;
// hits there are reported as unresolved with Kept set.
//
// # References without a counterpart
//
// An id that is not in the map is reported only where its place says that it names an item, a group
// or a folder: the key (itemId, webmap, portalItem.id, groupId …), a parameter (id=, appid=, itemID= …),
// a URL of a portal. Elsewhere 32 hexadecimal characters may be a hash, a widget or a GlobalID,
// and are left out. Ordinary web links are no references and are not reported either.
//
// # Paths
//
// Reports name places as $.operationalLayers[3].itemId. An arrow enters a string that holds JSON
// ($.values.config→$.a[0]), a final tilde means the key itself ($.resources["r-0f…-16"]~), and
// @120 is a byte offset in text that is not JSON.
//
// Of a place more than 200 levels deep the middle is left out. In archives the name of the member
// and an arrow come first: esriinfo/form.json→$.questions[0].
//
// # Items
//
// [Typed] tells how the data of an item is treated, [TypedResource] how a resource. Texts go
// through [Rewriter.Item] and archives of apps through [Rewriter.Archive]: by the rule of the
// item's type, where it has one (the list is in rules.go), and then like any other text. Rules do
// what needs meaning: layer numbers beside the id of a service, sublayers of map services, folders,
// client ids that are registered on the source, proxies to secured services, secrets, how a view was
// made, the owner of a form. Without [Map.Target] they change nothing. [Rewriter.Keywords] is for
// type keywords.
//
// Users' own files are scanned by [Rewriter.Scan], never rewritten.
//
// # Secrets
//
// User names, passwords and tokens in addresses of the source are dropped. In addresses of other
// servers they stay, since the copy would not work without them, and [Report.Warnings] says so. No
// report holds them.
//
// # References
//
// [Rewriter.References] and, for archives, [Rewriter.ArchiveReferences] list what a text refers to, mapped or not,
// with the types of items that the place takes. They read like the rewriting does and cost as much.
package remap
