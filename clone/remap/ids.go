package remap

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// id handles the 32 hexadecimal characters in s[i:j].
func (sc *scanner) id(i, j int) {
	word := sc.s[i:j]
	t, self, ok := sc.r.lookup(word)
	if ok && sc.rep.collect && i >= sc.frozen {
		sc.rep.refs = append(sc.rep.refs, Ref{Path: sc.path(i), Kind: t.kind, Value: strings.ToLower(string(word)), Mapped: true})
	}
	switch {
	case ok && !self:
		sc.replace(i, j, hex.AppendEncode(nil, t.id[:]), string(t.kind))
	case !ok:
		sc.unknown(i, j)
	}
}

// unknown reports an id that is not in the map, if its place says that it is one.
func (sc *scanner) unknown(i, j int) {
	if i < sc.frozen {
		return
	}
	ref := Ref{Path: "", Value: strings.ToLower(string(sc.s[i:j]))}
	if t, _, _ := sc.r.lookup(sc.s[i:j]); t.lacking {
		ref.Kind, ref.Lacking, ref.Path = t.kind, true, sc.path(i)
		sc.note(&sc.rep.Unresolved, ref)
		return
	}
	kind, sep := sc.label(i)
	around := sc.around(i)
	switch {
	case around != nil && around.portal:
		if i > around.names || sc.isFile(j) {
			return
		}
		ref.Kind = orItem(kind)
	case around != nil:
		if kind == "" || sep == ':' {
			return
		}
		ref.Kind, ref.Host, ref.Path = kind, around.host, sc.path(i)
		sc.note(&sc.rep.External, ref)
		return
	case kind != "" && (sep == '=' || sep == ':' && sc.where.query()):
		ref.Kind = kind
	case i < sc.callEnd:
		sc.callEnd = 0
		ref.Kind = KindItem
	case !sc.onlyIDs():
		return
	default:
		if ref.Kind = sc.where.kind(); ref.Kind == "" {
			return
		}
	}
	ref.Path = sc.path(i)
	sc.note(&sc.rep.Unresolved, ref)
}

// onlyIDs reports whether the text is an id or a list of them, which the key of its member
// can then say the kind of.
func (sc *scanner) onlyIDs() bool {
	if len(sc.s) > 1000*(idLen+2) {
		return false
	}
	for _, c := range sc.s {
		if hexValue[c] == noHex && c != ',' && c != ';' && c != ' ' {
			return false
		}
	}
	return true
}

func orItem(k Kind) Kind {
	if k == "" {
		return KindItem
	}
	return k
}

// isFile reports whether a file extension follows at s[j].
func (sc *scanner) isFile(j int) bool {
	return j+1 < len(sc.s) && sc.s[j] == '.' && isAlnum(sc.s[j+1])
}

// label reads the name before the id at s[i] (items/, webmap=, id:) and returns the kind of
// thing that the name announces, and what separates the two.
func (sc *scanner) label(i int) (Kind, byte) {
	if sc.prev.end == 0 || i-sc.prev.end > 4*maxGlyph {
		return "", 0
	}
	at := sc.spaces(sc.prev.end, i)
	if at >= i {
		return "", 0
	}
	sep, w, _ := decode(sc.s, at)
	spaced := at > sc.prev.end
	at += w
	if sep == '=' {
		at = sc.spaces(at, i)
	} else if spaced {
		return "", 0
	}
	if at < i && sep != '/' {
		if ch, w, _ := decode(sc.s, at); ch == '"' || ch == '\'' {
			at += w
		}
	}
	if at != i {
		return "", 0
	}
	var buf [16]byte
	name := buf[:0]
	for _, c := range sc.s[sc.prev.start:min(sc.prev.end, sc.prev.start+len(buf))] {
		name = append(name, lower(c))
	}
	switch sep {
	case '/':
		return pathLabels[string(name)], sep
	case '=', ':':
		return paramLabels[string(name)], sep
	}
	return "", 0
}

func (sc *scanner) spaces(i, end int) int {
	for i < end && sc.s[i] == ' ' {
		i++
	}
	return i
}

// pathLabels are path segments that the id of a portal's object follows.
var pathLabels = map[string]Kind{
	"items": KindItem, "item": KindItem, "groups": KindGroup, "group": KindGroup,
	"stories": KindItem, "collections": KindItem, "briefings": KindItem,
	"experience": KindItem, "dashboards": KindItem, "share": KindItem, "surveys": KindItem,
	"notebooks": KindItem, "servers": KindItem,
}

// paramLabels are names of parameters, and of variables in program text, that hold an id.
var paramLabels = map[string]Kind{
	"id": KindItem, "itemid": KindItem, "appid": KindItem, "webmap": KindItem, "webscene": KindItem,
	"webmapid": KindItem, "websceneid": KindItem, "mapid": KindItem, "mapitemid": KindItem,
	"portalitemid": KindItem, "surveyid": KindItem, "storyid": KindItem, "layers": KindItem,
	"group": KindGroup, "groupid": KindGroup, "folderid": KindFolder,
}

// keyKind is the kind of thing that a JSON member holds the id of, by its lower-case key and
// that of the member around it; "" if the keys do not say.
func keyKind(key, parent []byte) Kind {
	key = singular(key)
	if string(key) == "id" {
		switch string(singular(parent)) {
		case "item", "portalitem", "webmap", "webscene", "mapitemcollection":
			return KindItem
		case "group":
			return KindGroup
		}
		return ""
	}
	switch string(key) {
	case "webmap", "webscene", "appid", "source", "siteid", "initiativeid", "parentinitiativeid",
		"surveyid", "storyid", "dashboardid", "notebookid", "experienceid":
		return KindItem
	case "group":
		return KindGroup
	}
	for _, suffix := range keySuffixes {
		if bytes.HasSuffix(key, suffix.text) {
			return suffix.kind
		}
	}
	return ""
}

var keySuffixes = []struct {
	text []byte
	kind Kind
}{
	{[]byte("itemid"), KindItem},
	{[]byte("mapid"), KindItem},
	{[]byte("sceneid"), KindItem},
	{[]byte("featureserviceid"), KindItem},
	{[]byte("groupid"), KindGroup},
	{[]byte("folderid"), KindFolder},
}

func singular(key []byte) []byte { return bytes.TrimSuffix(key, []byte("s")) }

// queryKey reports whether a lower-case JSON key announces a search query.
func queryKey(key []byte) bool {
	return string(key) == "q" || bytes.HasSuffix(key, []byte("query"))
}

// orgKey reports whether a lower-case JSON key announces the id of an organization.
func orgKey(key []byte) bool {
	switch string(key) {
	case "orgid", "accountid", "organizationid":
		return true
	}
	return false
}

// clientKey reports whether a lower-case JSON key announces the client id of an application.
func clientKey(key []byte) bool {
	switch string(key) {
	case "clientid", "client_id", "appid", "oauthappid", "oauth_app_id":
		return true
	}
	return false
}
