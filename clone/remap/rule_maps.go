package remap

import (
	"bytes"
	"slices"
	"strings"
)

// webMapRule is for web maps, scenes and group layers. Map services have numbers for their
// sublayers beside those in addresses.
var webMapRule = rule{
	name:   "web map",
	layers: true,
	sublayers: func(f *fixer) {
		for v := range f.o.root().all() {
			if v.node().kind == '{' {
				f.sublayersOf(v)
			}
		}
	},
	expects: []expect{
		{"utilityNetworks", "itemId", "Feature Service"},
		{"", "itemId", layerTypes},
	},
}

// sublayersOf renumbers the sublayers of a layer that shows a whole service.
func (f *fixer) sublayersOf(layer value) {
	var layers map[int]int
	ok := false
	for _, key := range []string{"itemId", "url"} {
		if v, has := layer.get(key); has && !ok {
			text, _ := v.text()
			layers, ok = f.layersOf(text)
		}
	}
	if url, has := layer.get("url"); ok && has {
		text, _ := url.text()
		_, ok = f.layersOf(text) // not that of one layer
	}
	if !ok {
		return
	}
	if list, has := layer.get("layers"); has && list.node().kind == '[' {
		for sub := range list.children() {
			if id, has := sub.get("id"); has && id.node().kind == '0' {
				f.renumber(id, layers)
			}
		}
	}
	if visible, has := layer.get("visibleLayers"); has && visible.node().kind == '[' {
		f.numbers(visible, layers)
	}
}

// numbers renumbers a list of layer numbers.
func (f *fixer) numbers(list value, layers map[int]int) {
	at := int(list.node().start) + 1
	for part := range bytes.SplitSeq(bytes.Trim(list.raw(), "[]"), []byte{','}) {
		number := bytes.TrimSpace(part)
		if len(number) > 0 && len(bytes.Trim(number, "0123456789")) == 0 {
			from := at + bytes.Index(part, number)
			f.numberIn(list, span{from, from + len(number)}, layers)
		}
		at += len(part) + 1
	}
}

// proMapRule is for maps of ArcGIS Pro (.mapx): layers name the service in a connection string and
// the layer beside it.
var proMapRule = rule{
	name:  "pro map",
	words: []string{`"workspaceConnectionString"`},
	fix: func(f *fixer) {
		if !f.r.renumbers {
			return
		}
		for v := range f.o.root().all() {
			conn, ok := v.at("workspaceConnectionString")
			if !ok {
				continue
			}
			dataset, ok := v.get("dataset")
			if !ok {
				continue
			}
			text, _ := conn.text()
			parts := strings.Split(text, ";")
			i := slices.IndexFunc(parts, func(p string) bool { return len(p) > 4 && strings.EqualFold(p[:4], "URL=") })
			if i < 0 {
				continue
			}
			if layers, ok := f.layersOf(parts[i][4:]); ok {
				f.renumber(dataset, layers)
			}
		}
	},
	expects: []expect{{"", "portalItemId", layerTypes}},
}
