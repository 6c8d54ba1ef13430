package remap

import "bytes"

// matchText reports where lower-case ASCII text ends that stands at s[i] in any case and
// spelling; -1 if it does not stand there.
func matchText(s []byte, i int, text string) int {
	for k := range len(text) {
		if i >= len(s) {
			return -1
		}
		ch, w, _ := decode(s, i)
		if lower(ch) != text[k] {
			return -1
		}
		i += w
	}
	return i
}

// portal finds the longest address of either portal whose host starts at s[i].
func (r *Rewriter) portal(s []byte, i int) (p *pattern, end int) {
	for k := range r.portals {
		p := &r.portals[k]
		if end := matchText(s, i, p.text); end >= 0 && bounded(s, end, p.hostOnly) {
			return p, end
		}
	}
	return nil, i
}

// extend moves the end of a source address on where the target's address is a prefix of a
// source address and the rest follows once more: /portal/portal/x would otherwise become
// /portal/x, which is a source address again.
func (r *Rewriter) extend(s []byte, end int) int {
	for k := 0; k < len(r.repeats); k++ {
		if e := matchText(s, end, r.repeats[k]); e >= 0 && bounded(s, e, false) {
			end, k = e, -1
		}
	}
	return end
}

// root finds where the source's service root ends whose host starts at s[i]; 0 if none does.
func (r *Rewriter) root(s []byte, i int) int {
	for _, p := range r.roots {
		if end := matchText(s, i, p.text); end >= 0 && bounded(s, end, p.hostOnly) {
			return end
		}
	}
	return 0
}

// serviceTypes are the last path segments of service addresses.
var serviceTypes = map[string]bool{
	"featureserver": true, "mapserver": true, "imageserver": true, "vectortileserver": true,
	"sceneserver": true, "3dtilesserver": true, "gpserver": true, "geocodeserver": true,
	"naserver": true, "geometryserver": true, "streamserver": true, "videoserver": true,
	"wmtsserver": true, "wmsserver": true, "wfsserver": true, "wcsserver": true,
	"ogcfeatureserver": true, "knowledgegraphserver": true, "geodataserver": true,
	"geoenrichmentserver": true, "globeserver": true, "mobileserver": true,
	"networkdiagramserver": true, "utilitynetworkserver": true, "versionmanagementserver": true,
	"parcelfabricserver": true, "topographicproductionserver": true, "validationserver": true,
	"lrserver": true, "bigdatacatalogserver": true, "schematicsserver": true, "indoorsserver": true, "searchserver": true,
}

// serviceEnd is the length of the service address that the decoded, lower-case URL text
// (host/path…, without scheme) starts with; 0 if it is no address of a service.
func serviceEnd(text []byte) int {
	services := false
	for at := bytes.IndexByte(text, '/'); at >= 0 && at < len(text) && text[at] == '/'; {
		start := at + 1
		at = start
		for at < len(text) && text[at] != '/' && text[at] != '?' && text[at] != '#' {
			at++
		}
		segment := text[start:at]
		if services {
			name := segment[:wordEnd(segment, 0)]
			if serviceTypes[string(name)] && bounded(text, start+len(name), false) {
				return start + len(name)
			}
		}
		if bytes.HasSuffix(segment, []byte{':'}) {
			return 0 // another URL starts inside this one
		}
		services = services || string(segment) == "services"
	}
	return 0
}
