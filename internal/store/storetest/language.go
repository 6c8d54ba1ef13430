package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// library fills the store for the tests of the search language. The identifier of an item
// begins with the character by which the tests name it.
func library(tx portal.Tx) error {
	at := func(day int) time.Time { return epoch.AddDate(0, 0, day) }
	for _, it := range []portal.Item{
		{ID: itemID("1"), Owner: "Ada", Type: "Web Map", Title: "Fire stations", Tags: []string{"Fire", "public safety"}, Access: portal.Public,
			Snippet: "Where the engines wait", Description: `<p class="hidden">All <b>brigades</b>&nbsp;of Z&uuml;rich</p>`, TypeKeywords: []string{"Map", "Online Map", "source-0123456789abcdef"},
			Culture: "en-US", SpatialReference: "102100", NumViews: 5, Created: at(1), Modified: at(11), URL: "https://host.example/a"},
		{ID: itemID("2"), Owner: "bob", Type: "Web Mapping Application", Title: "Wildfire risk", Tags: []string{"safety", "public"}, Access: portal.InOrg,
			AccessInformation: "City of Zürich", LicenseInfo: "Creative <i>Commons</i>", Culture: "de", NumViews: 50, Created: at(2), Modified: at(10), URL: "https://host.example/apps/b"},
		{ID: itemID("3"), Owner: "Cid", Type: "CSV", Title: "Running rivers of the North", Tags: []string{"Überflutung", "water"}, Access: portal.Private,
			Name: "rivers_2026.csv", NumViews: 0, Created: at(3), Modified: at(9), Data: &portal.Data{}, Categories: []string{"/Categories/Water"}},
		{ID: itemID("4"), Owner: "ada", Type: "Feature Service", Title: "Engine 7 (fire)", Access: portal.Shared, ContentStatus: "org_authoritative",
			TypeKeywords: []string{"Data", "Service"}, Classification: json.RawMessage(`{"level":"restricted"}`), NumViews: 500, Created: at(4), Modified: at(8)},
		{ID: itemID("5"), Owner: "dan_d", Type: "Form", Title: "C++ [draft] \"quoted\" 'single' 100% a_b", Tags: []string{"50%", "x_y"}, Access: portal.Public,
			Created: at(5), Modified: at(7), Data: &portal.Data{Text: true}},
	} {
		if err := tx.PutItem(&it); err != nil {
			return err
		}
	}
	return errors.Join(tx.PutOrg(&portal.Org{ID: "0123456789ABCDEF"}), putGroups(tx, "a", "b"),
		tx.Share(itemID("1"), groupID("a")), tx.Share(itemID("4"), groupID("a")), tx.Share(itemID("4"), groupID("b")))
}

func ms(t time.Time) int64 { return t.UnixMilli() }

// languageCases are queries and the items of the library that an administrator finds.
var languageCases = []struct{ q, want string }{
	// words: case, accents and endings do not matter, beginnings do
	{"", "12345"}, {"fire", "14"}, {"FIRES", "14"}, {"station", "1"}, {"wild", ""}, {"run river", "3"}, {"rivers running", "3"},
	{"uberflutung", "3"}, {"ÜBERFLUTUNG", "3"}, {"überflutung", "3"}, {"nothing", ""},
	// the default fields, and those that are not
	{"engines", "14"}, {"brigade", "1"}, {"application", "2"}, {"service", "4"}, {"0123456789abcdef", "1"}, {"city", ""}, {"commons", ""}, {"ada", ""}, {"102100", ""},
	// markup is no text, entities are
	{"hidden", ""}, {"class", ""}, {"nbsp", ""}, {"zürich", "1"},
	// side by side means AND; a word may be in another field than the next
	{"fire engines", "14"}, {"fire safety", "1"}, {"fire rivers", ""},
	// phrases keep order and neighborhood, within one value of a list
	{`"fire stations"`, "1"}, {`"stations fire"`, ""}, {`"fire risk"`, ""}, {`"public safety"`, "1"}, {`tags:"safety public"`, ""}, {`tags:"fire public"`, ""}, {`"FIRE station"`, "1"},
	// operators
	{"fire AND risk", ""}, {"fire OR risk", "124"}, {"fire NOT station", "4"}, {"NOT fire", "235"}, {"-fire", "235"}, {"+fire -station", "4"}, {"NOT NOT fire", "14"},
	{"risk OR fire stations", "12"}, {"(risk OR fire) AND stations", "1"}, {"risk OR (fire AND NOT stations)", "24"}, {"NOT (fire OR risk)", "35"}, {"-fire -risk", "35"},
	{"NOT (fire station)", "2345"}, {"fire OR NOT risk", "1345"}, {"nothing OR NOT nothing", "12345"},
	// small words of the language in lower case are words
	{"fire and stations", ""}, {"rivers of the north", "3"},
	// keyword fields: whole values, without regard to case
	{"owner:ada", "14"}, {"owner:ADA", "14"}, {"owner:ad", ""}, {"owner:ada*", "14"}, {"owner:?da", ""}, {"owner:a?a", "14"}, {"owner:dan_d", "5"}, {"owner:d*_d", "5"}, {"owner:dan", ""},
	{"id:" + string(itemID("3")), "3"}, {"id:" + strings.ToUpper(string(itemID("3"))), "3"}, {"id:3", ""}, {"id: " + string(itemID("3")) + " OR id:" + string(itemID("5")) + " OR id:x", "35"},
	{"access:public", "15"}, {"access:org", "2"}, {"access:private", "3"}, {"access:shared", "4"}, {"access:PUBLIC", "15"}, {"access:(org OR private)", "23"},
	{"contentstatus:org_authoritative", "4"}, {"contentstatus:*", "4"}, {"itemtype:url", "12"}, {"itemtype:file", "3"}, {"itemtype:text", "45"},
	{"url:https://host.example/a", "1"}, {"url:https*", "12"}, {"group:" + string(groupID("a")), "14"}, {"group: " + string(groupID("b")), "4"}, {"-group:" + string(groupID("a")), "235"}, {"group:x", ""},
	// the organization
	{"orgid:0123456789ABCDEF", "12345"}, {"orgid:0123456789abcdef", "12345"}, {"accountid: 0123456789ABCDEF", "12345"}, {"orgid:other", ""}, {"orgid:0123*", "12345"}, {"orgid:*", "12345"},
	{"fire accountid:0123456789ABCDEF", "14"}, {"risk OR fire accountid:other", "2"}, {"NOT orgid:other", "12345"}, {"-orgid:0123456789ABCDEF", ""},
	// text fields
	{"title:fire", "14"}, {"title:fire stations", "1"}, {"TITLE: fires", "14"}, {"title:(fire OR rivers)", "134"}, {"title:safety", ""}, {"tags:safety", "12"}, {"tag:fire", "1"},
	{"snippet:engine", "1"}, {"description:brigades", "1"}, {"accessinformation:zurich", "2"}, {"licenseinfo:common", "2"}, {"licenseinfo:i", ""}, {"spatialreference:102100", "1"},
	{"culture:en", "1"}, {"culture:en-us", "1"}, {"culture:us", "1"}, {"culture:en-GB", ""}, {"classification:restricted", "4"}, {"classification:level", ""}, {"categories:water", "3"},
	{"name:rivers_2026.csv", "3"}, {`typekeywords:"source-0123456789abcdef"`, "1"}, {"typekeywords:source-0123456789abcdef", "1"}, {`typekeywords:"Online Map"`, "1"},
	// the type is text: it is stemmed, and a phrase of it may go on
	{`type:"web map"`, "12"}, {`type:"web map" NOT type:"web mapping application"`, "1"}, {`fire AND  (type:"Web Map" NOT type:"Web Mapping Application") accountid:0123456789ABCDEF`, "1"},
	{"type:map", "12"}, {"type:web", "12"}, {`type:"feature service"`, "4"}, {"type:features", "4"}, {"type:csv", "3"},
	// patterns
	{"fire*", "14"}, {"fi*", "14"}, {"Sta*", "1"}, {"running*", "3"}, {"runn*", "3"}, {"f?re", "14"}, {"f?r", ""}, {"w*fire", "2"}, {"title:ri*", "23"}, {"title:r?s*", "2"}, {"über*", "3"}, {"uber*", "3"},
	{"*", "12345"}, {"*:*", "12345"}, {"* -fire", "235"}, {"tags:*", "1235"}, {"-tags:*", "4"}, {"categories:*", "3"}, {"title:*", "12345"}, {"culture:*", "12"},
	{"source-0123*", "1"}, {"source-01?3*", "1"}, {"typekeywords:source-*", "1"}, {"typekeywords:source-9*", ""}, {"rivers_20*", ""}, {"name:rivers_20*", "3"}, {`"fire*"`, "14"}, {`"fi*"`, ""},
	// ranges
	{"numviews:[5 TO 50]", "12"}, {"numviews:{5 TO 50}", ""}, {"numviews:{5 TO 50]", "2"}, {"numviews:[5 TO 50}", "1"}, {"numviews:[50 TO *]", "24"}, {"numviews:[* TO 5}", "35"}, {"numviews:[* TO *]", "12345"},
	{"numviews:50", "2"}, {"numviews:050", "2"}, {"numviews:x", ""}, {"numviews:[x TO y]", ""}, {"numviews:5*", ""}, {"avgrating:[0 TO 5]", "12345"}, {"numratings:[1 TO 5]", ""}, {"numviews:[4.5 TO 5.5]", "1"}, {"numviews:[-5 TO 0]", "35"},
	{fmt.Sprintf("created:[%d TO %d]", ms(epoch.AddDate(0, 0, 2)), ms(epoch.AddDate(0, 0, 4))), "234"},
	{fmt.Sprintf("uploaded:[%019d TO %019d]", ms(epoch.AddDate(0, 0, 2)), ms(epoch.AddDate(0, 0, 4))), "234"},
	{fmt.Sprintf("modified:{%019d TO *]", ms(epoch.AddDate(0, 0, 9))), "12"}, {fmt.Sprintf("created:%d", ms(epoch.AddDate(0, 0, 2))), "2"},
	{"owner:[ada TO bob]", "124"}, {"owner:{ada TO cid}", "2"}, {"owner:{a TO ca}", "124"}, {"title:[e TO fz]", "14"}, {`title:["Fire stations" TO "fire stations"]`, "1"}, {"tags:[w TO z]", "35"}, {"snippet:[a TO z]", ""}, {"access:[o TO p]", "2"},
	// fields that do not exist match nothing
	{"nosuchfield:x", ""}, {"nosuchfield:[1 TO 2]", ""}, {"nosuchfield:*", ""}, {"nosuchfield:x*", ""}, {"fire OR nosuchfield:x", "14"}, {"fire -nosuchfield:x", "14"}, {"appbundle: x", ""},
	// signs
	{"c++", "5"}, {`\[draft\]`, "5"}, {"[draft", ""}, {"'single'", "5"}, {`"\"quoted\""`, "5"}, {"100%", "5"}, {"a_b", "5"}, {"tags:50%", "5"}, {"fire & stations", "1"}, {"fire - stations", "1"}, {"&", ""}, {"-&", ""}, {"%", ""}, {"_", ""},
	{"1=1", ""}, {"zz' OR '1'='1", ""}, {"fire); DROP TABLE items;--", ""}, {`fire" OR "1"="1`, ""}, {"fire^5 OR risk^0.5", "124"}, {"fire\x00stations", "1"}, {"fi\xffre", ""}, {"NEAR(fire stations)", ""}, {"title : fire", ""}, {"fire:", ""}, {"{title} : fire", ""},
}

// filterCases are filters; they compare whole values without regard to case.
var filterCases = []struct{ filter, want string }{
	{`title:"fire stations"`, "1"}, {`title:"Fire"`, ""}, {`title:fire`, ""}, {`tags:"FIRE"`, "1"}, {`tags:"public"`, "2"}, {`tag:"überflutung"`, "3"}, {`tags:"Public Safety" OR tags:"water"`, "13"},
	{`type:"web map"`, "1"}, {`type:"Web Map" AND owner:"ADA"`, "1"}, {`NOT type:"web map"`, "2345"}, {`(type:"CSV" OR type:"Form") AND NOT access:"public"`, "3"}, {`typekeywords:"source-0123456789abcdef"`, "1"}, {`typekeywords:"source"`, ""},
	{`id:"` + string(itemID("3")) + `"`, "3"}, {`group:"` + string(groupID("b")) + `"`, "4"}, {`orgid:"0123456789abcdef"`, "12345"}, {`orgid:"x"`, ""}, {`numviews:"50"`, "2"}, {`snippet:"where the ENGINES wait"`, "1"}, {`culture:"en-us"`, "1"}, {`culture:"en"`, ""},
	{`categories:"/categories/water"`, "3"}, {`nosuchfield:"x"`, ""}, {`title:"*"`, ""}, {`classification:"restricted"`, ""}, {"", "12345"},
}

var languageTests = []namedTest{
	{"queries for items", func(b *bench) {
		b.update(library)
		for _, tt := range languageCases {
			n, err := search.Parse(tt.q)
			if err != nil {
				if tt.want != "" {
					b.Errorf("%s: %v", tt.q, err)
				}
				continue
			}
			b.view(func(tx portal.Tx) error {
				page, err := tx.FindItems(portal.ItemQuery{Match: n, Visible: portal.Visibility{All: true}, Page: portal.Page{Num: 100}})
				if err != nil {
					b.Errorf("%s: %v", tt.q, err)
				} else if got := shortIDs(b, page); got != tt.want {
					b.Errorf("%s finds %q, want %q", tt.q, got, tt.want)
				}
				return nil
			})
		}
	}},
	{"filters for items", func(b *bench) {
		b.update(library)
		for _, tt := range filterCases {
			n, err := search.ParseFilter(tt.filter)
			if err != nil {
				b.Fatalf("%s: %v", tt.filter, err)
			}
			all := portal.Visibility{All: true}
			if got := shortIDs(b, findItems(b, "", portal.ItemQuery{Filter: n, Visible: all})); got != tt.want {
				b.Errorf("%s finds %q, want %q", tt.filter, got, tt.want)
			}
			if got := shortIDs(b, findItems(b, "fire OR risk", portal.ItemQuery{Filter: n, Visible: all})); got != both(tt.want, "124") {
				b.Errorf("fire OR risk and %s find %q, want %q", tt.filter, got, both(tt.want, "124"))
			}
		}
	}},
	{"a pattern for too many words is refused by name", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			for i := range 600 {
				if err := tx.PutItem(&portal.Item{ID: esri.ItemID(fmt.Sprintf("%032d", i)), Title: fmt.Sprintf("a%dz", i)}); err != nil {
					return err
				}
			}
			return nil
		})
		err := b.store.View(b.Context(), func(tx portal.Tx) error {
			_, err := tx.FindItems(portal.ItemQuery{Match: parse(b, "a*z"), Page: portal.Page{Num: 1}})
			return err
		})
		var public *portal.Error
		if !errors.As(err, &public) || !strings.Contains(err.Error(), "a*z") {
			b.Errorf("got %v, want an error for the caller that names the pattern", err)
		}
		if page := findItems(b, "a*", portal.ItemQuery{Visible: portal.Visibility{All: true}}); page.Total != 600 {
			b.Errorf("the prefix a* finds %d, want 600", page.Total)
		}
	}},
	{"a change is found at once, and the old words are not", func(b *bench) {
		for i, title := range []string{"first wording", "second wording", "third"} {
			b.update(func(tx portal.Tx) error {
				return tx.PutItem(&portal.Item{ID: itemID("1"), Title: title, Tags: []string{title}, Access: portal.Public})
			})
			for j, q := range []string{"first", "second", "third"} {
				if got := found(b, q) + found(b, "tags:"+q) + found(b, "title:"+q[:3]+"*"); (got == "111") != (i == j) || i != j && got != "" {
					b.Errorf("with the title %q, %s finds %q", title, q, got)
				}
			}
		}
	}},
	{"many terms", func(b *bench) {
		b.update(library)
		for kind, n := range map[string]int{
			"id:%s": search.MaxTerms, "x%s": search.MaxTerms, "-x%s": 300, "title:(a OR b%s)": 300,
			"owner:x%s": 300, "owner:x%s*": 300, "group:%s": 100, "created:[%[1]s1 TO %[1]s2]": 300,
		} {
			for _, op := range []string{" OR ", " AND "} {
				var terms []string
				for i := range n {
					terms = append(terms, fmt.Sprintf(kind, fmt.Sprint(i)))
				}
				b.view(func(tx portal.Tx) error {
					if _, err := tx.FindItems(portal.ItemQuery{Match: parse(b, strings.Join(terms, op)), Page: portal.Page{Num: 10}}); err != nil {
						b.Errorf("%s: %v", kind+op, err)
					}
					return nil
				})
			}
		}
	}},
	{"the deepest query", func(b *bench) {
		b.update(library)
		q := strings.Repeat("(NOT ", search.MaxDepth/2) + "fire" + strings.Repeat(" OR owner:x)", search.MaxDepth/2)
		b.view(func(tx portal.Tx) error {
			_, err := tx.FindItems(portal.ItemQuery{Match: parse(b, q), Page: portal.Page{Num: 10}})
			return err
		})
	}},
}

// both lists the characters that are in a and b.
func both(a, b string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(b, r) {
			return r
		}
		return -1
	}, a)
}
