package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

var randomTests = []namedTest{
	{"a random query of a random caller finds what a plain evaluation finds", func(b *bench) {
		seed := rand.Uint64()
		b.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		w := newWorld(r)
		b.update(w.store)
		for range 120 {
			w.check(b, r)
			if r.IntN(20) == 0 { // change something on the way
				it := w.item(r, r.IntN(len(w.items)))
				w.items[slices.IndexFunc(w.items, func(o *portal.Item) bool { return o.ID == it.ID })] = it
				b.update(func(tx portal.Tx) error { return tx.PutItem(it) })
			}
		}
	}},
}

// stems are the words of the random objects with what they have in common.
var stems = map[string]string{
	"fire": "fire", "fires": "fire", "flood": "flood", "floods": "flood", "flooding": "flood", "map": "map", "maps": "map", "mapping": "map",
	"road": "road", "roads": "road", "river": "river", "rivers": "river", "web": "web", "north": "north", "south": "south", "layer": "layer", "layers": "layer",
}

// world is the model that the store is compared with.
type world struct {
	words  []string
	owners []string
	groups []*portal.Group
	items  []*portal.Item
	shares map[esri.ItemID][]esri.GroupID
}

func newWorld(r *rand.Rand) *world {
	w := &world{owners: []string{"ada", "Bob", "cid"}, shares: map[esri.ItemID][]esri.GroupID{}}
	for word := range stems {
		w.words = append(w.words, word)
	}
	slices.Sort(w.words)
	for i := range 4 {
		w.groups = append(w.groups, &portal.Group{ID: groupID(fmt.Sprint(i)), Title: fmt.Sprint("group ", i), Access: pick(r, portal.Public, portal.InOrg, portal.Private)})
	}
	for i := range 80 {
		it := w.item(r, i)
		w.items = append(w.items, it)
		for _, g := range w.groups {
			if r.IntN(4) == 0 {
				w.shares[it.ID] = append(w.shares[it.ID], g.ID)
			}
		}
	}
	return w
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (w *world) text(r *rand.Rand, most int) string {
	var words []string
	for range r.IntN(most + 1) {
		words = append(words, pick(r, w.words...))
	}
	return strings.Join(words, " ")
}

func (w *world) item(r *rand.Rand, i int) *portal.Item {
	it := &portal.Item{
		ID: esri.ItemID(fmt.Sprintf("%032x", i)), Title: w.text(r, 4), Snippet: w.text(r, 3), Description: w.text(r, 6), Type: w.text(r, 2),
		Owner: pick(r, w.owners...), Access: pick(r, portal.Public, portal.InOrg, portal.Shared, portal.Private),
		NumViews: r.Int64N(6), Created: epoch.Add(time.Duration(r.IntN(6)) * time.Hour),
	}
	for range r.IntN(4) {
		it.Tags = append(it.Tags, w.text(r, 2))
	}
	if r.IntN(3) > 0 {
		x, y := float64(r.IntN(10)), float64(r.IntN(10))
		it.Extent = &esri.Extent{XMin: x, YMin: y, XMax: x + float64(r.IntN(4)), YMax: y + float64(r.IntN(4))}
	}
	return it
}

func (w *world) store(tx portal.Tx) error {
	if err := tx.PutOrg(&portal.Org{ID: "org"}); err != nil {
		return err
	}
	for _, g := range w.groups {
		if err := tx.PutGroup(g); err != nil {
			return err
		}
	}
	for _, it := range w.items {
		if err := tx.PutItem(it); err != nil {
			return err
		}
		for _, g := range w.shares[it.ID] {
			if err := tx.Share(it.ID, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// check compares one random search with the model.
func (w *world) check(b *bench, r *rand.Rand) {
	b.Helper()
	tree := w.query(r, 3)
	q := search.Print(tree)
	query := portal.ItemQuery{Match: parse(b, q), Visible: w.caller(r), CountFields: []string{"tags", "access"}, CountSize: 1000}
	if r.IntN(4) == 0 {
		query.Group = pick(r, w.groups...).ID
	}
	if r.IntN(4) == 0 {
		query.BBox = w.item(r, 0).Extent
	}
	var want []*portal.Item
	for _, it := range w.items {
		if w.sees(query.Visible, it) && w.matches(tree, query.Visible, it) && (query.Group == "" || slices.Contains(w.shares[it.ID], query.Group)) && intersects(query.BBox, it.Extent) {
			want = append(want, it)
		}
	}
	sort := pick(r, "", "title", "created", "numviews", "owner")
	query.Page = portal.Page{Start: 1 + r.IntN(len(want)+2), Num: r.IntN(len(want) + 10), Sort: sort, Desc: r.IntN(2) == 0}
	page := get(b, func(tx portal.Tx) (*portal.ItemPage, error) { return tx.FindItems(query) })
	told := fmt.Sprintf("%s as %+v in group %q, box %v, page %+v", q, query.Visible, query.Group, query.BBox, query.Page)
	if page.Total != len(want) {
		b.Fatalf("%s\nfinds %d, want %d", told, page.Total, len(want))
	}
	if got, want := printCounts(page.Counts), countsOf(want); got != want {
		b.Fatalf("%s\ncounts %s\nwant   %s", told, got, want)
	}
	if sort != "" {
		slices.SortFunc(want, less(sort, query.Page.Desc))
		from := min(query.Page.Start-1, len(want))
		to := min(from+query.Page.Num, len(want))
		if got, want := ids(page.Items), ids(want[from:to]); !slices.Equal(got, want) {
			b.Fatalf("%s\nlists %v\nwant  %v", told, got, want)
		}
		return
	}
	query.Page = portal.Page{Num: 1000}
	page = get(b, func(tx portal.Tx) (*portal.ItemPage, error) { return tx.FindItems(query) })
	got, all := ids(page.Items), ids(want)
	slices.Sort(got)
	slices.Sort(all)
	if !slices.Equal(got, all) {
		b.Fatalf("%s\nfinds %v\nwant  %v", told, got, all)
	}
}

func ids(list []*portal.Item) []string {
	var out []string
	for _, it := range list {
		out = append(out, string(it.ID))
	}
	return out
}

func (w *world) caller(r *rand.Rand) portal.Visibility {
	if r.IntN(5) == 0 {
		return admin
	}
	v := portal.Visibility{Username: pick(r, "", "ADA", "bob", "zoe"), Member: r.IntN(2) == 0}
	for _, g := range w.groups {
		if r.IntN(3) == 0 {
			v.Groups = append(v.Groups, g.ID)
		}
	}
	return v
}

// query makes a random tree.
func (w *world) query(r *rand.Rand, depth int) search.Node {
	if depth > 0 {
		switch r.IntN(4) {
		case 0:
			return &search.And{Parts: []search.Node{w.query(r, depth-1), w.query(r, depth-1)}}
		case 1:
			return &search.Or{Parts: []search.Node{w.query(r, depth-1), w.query(r, depth-1)}}
		case 2:
			return &search.Not{Part: w.query(r, depth-1)}
		}
	}
	term := func(field, text string, kind search.Kind) search.Node {
		return &search.Term{Field: field, Text: text, Kind: kind, Boost: pick(r, 1, 1, 1, 2.5)}
	}
	field := pick(r, "", "", "title", "tags", "snippet", "description", "type")
	word := pick(r, w.words...)
	switch r.IntN(12) {
	case 0:
		return term(field, word+" "+pick(r, w.words...), search.Phrase)
	case 1:
		return term(field, word[:1+r.IntN(len(word)-1)]+"*", search.Pattern)
	case 2:
		i := 1 + r.IntN(len(word)-1)
		return term(field, word[:i]+"?"+word[i+1:], search.Pattern)
	case 3:
		return term("owner", pick(r, "ADA", "bob", "zoe"), search.Word)
	case 4:
		return term("access", pick(r, "public", "org", "shared", "private"), search.Word)
	case 5:
		return term("group", string(pick(r, w.groups...).ID), search.Word)
	case 6:
		return &search.Range{Field: "numviews", From: pick(r, "*", "1", "2"), To: pick(r, "*", "3", "4"), FromOpen: r.IntN(2) == 0, ToOpen: r.IntN(2) == 0}
	case 7:
		return term("id", fmt.Sprintf("%032x", r.IntN(90)), search.Word)
	case 8:
		return term(pick(r, "orgid", "nosuch"), pick(r, "ORG", "other"), search.Word)
	default:
		return term(field, word, search.Word)
	}
}
