package remap

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// benchMap is a map of 20,000 items between two portals.
func benchMap(tb testing.TB) *Rewriter {
	m := Map{
		Items:        map[string]string{},
		Source:       []string{"https://portal.example.org/portal", "https://staging.maps.arcgis.com"},
		Target:       "https://gis.example.com/portal",
		ServiceRoots: []string{"https://services.arcgis.com/EXAMPLEORG/arcgis/rest/services"},
	}
	for i := range 20_000 {
		m.Items[fmt.Sprintf("%032x", i+1)] = fmt.Sprintf("%032x", i+1<<40)
	}
	r, err := New(m)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// benchDoc is a web map of about 1 MB whose layers name items from id on, under host.
func benchDoc(host string, id int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"operationalLayers":[`)
	for i := 0; b.Len() < 1<<20; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"Layer_%d","title":"Streets and squares","opacity":0.75,"visibility":true,"itemId":"%032x",`+
			`"url":"https://%s/server/rest/services/Roads_%d/FeatureServer/0",`+
			`"styleUrl":"https://%s/portal/sharing/rest/content/items/%032x/resources/styles/root.json",`+
			`"popupInfo":{"title":"{NAME}","description":"<p>A sentence about <b>{NAME}</b> &amp; what it is, \"quoted\", with %s<\/p>",`+
			`"fieldInfos":[{"fieldName":"NAME","label":"Name","visible":true,"format":{"places":2,"digitSeparator":true}}]},`+
			`"layerDefinition":{"drawingInfo":{"renderer":{"type":"simple","symbol":{"color":[255,170,0,255],"size":6.5,"style":"esriSMSCircle"}}}}}`,
			i, id+i, host, i, host, id+i, strings.Repeat("more words ", 20))
	}
	b.WriteString(`],"version":"2.30"}`)
	return b.Bytes()
}

func BenchmarkJSON(b *testing.B) {
	r := benchMap(b)
	for name, doc := range map[string][]byte{
		"hits":     benchDoc("portal.example.org", 1),
		"external": benchDoc("other.example.org", 1<<30),
		"plain":    bytes.ReplaceAll(benchDoc("other.example.org", 1<<30), []byte("//"), []byte("-+")),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := r.JSON(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	r := benchMap(b)
	for name, doc := range map[string][]byte{
		"hits":     benchDoc("portal.example.org", 1),
		"external": benchDoc("other.example.org", 1<<30),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				r.Text(doc)
			}
		})
	}
}

// BenchmarkItem is BenchmarkJSON with the rule of web maps.
func BenchmarkItem(b *testing.B) {
	r, doc := benchMap(b), benchDoc("portal.example.org", 1)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := r.Item(ItemInfo{Type: "Web Map"}, PartData, doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReferences(b *testing.B) {
	r, doc := benchMap(b), benchDoc("portal.example.org", 1)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		r.References(ItemInfo{Type: "Web Map"}, PartData, doc)
	}
}

func BenchmarkLeftovers(b *testing.B) {
	r, doc := benchMap(b), benchDoc("other.example.org", 1<<30)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		r.Leftovers(doc)
	}
}

func BenchmarkScan(b *testing.B) {
	r, doc := benchMap(b), benchDoc("other.example.org", 1<<30)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Scan(bytes.NewReader(doc)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		benchMap(b)
	}
}
