package storetest

import (
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

func parse(b *bench, q string) search.Node {
	b.Helper()
	n, err := search.Parse(q)
	if err != nil {
		b.Fatalf("Parse(%q): %v", q, err)
	}
	return n
}

// findItems searches for q with what else is in query; without a page, for the first 1000.
func findItems(b *bench, q string, query portal.ItemQuery) *portal.ItemPage {
	b.Helper()
	query.Match = parse(b, q)
	if query.Page == (portal.Page{}) {
		query.Page.Num = 1000
	}
	return get(b, func(tx portal.Tx) (*portal.ItemPage, error) { return tx.FindItems(query) })
}

// found lists what an administrator finds for q: the first characters of the identifiers,
// sorted. The total must agree.
func found(b *bench, q string) string {
	b.Helper()
	return shortIDs(b, findItems(b, q, portal.ItemQuery{Visible: portal.Visibility{All: true}}))
}

func shortIDs(b *bench, page *portal.ItemPage) string {
	b.Helper()
	if page.Total != len(page.Items) {
		b.Errorf("total %d, but %d items", page.Total, len(page.Items))
	}
	var ids []string
	for _, it := range page.Items {
		ids = append(ids, string(it.ID[:1]))
	}
	slices.Sort(ids)
	return strings.Join(ids, "")
}

func findUsers(b *bench, q string, v portal.Visibility, page portal.Page) ([]string, int) {
	b.Helper()
	var names []string
	var total int
	b.view(func(tx portal.Tx) error {
		list, n, err := tx.FindUsers(portal.UserQuery{Match: parse(b, q), Visible: v, Page: page})
		for _, u := range list {
			names = append(names, u.Username)
		}
		total = n
		return err
	})
	return names, total
}

func findGroups(b *bench, q string, v portal.Visibility, page portal.Page) ([]string, int) {
	b.Helper()
	var titles []string
	var total int
	b.view(func(tx portal.Tx) error {
		list, n, err := tx.FindGroups(portal.GroupQuery{Match: parse(b, q), Visible: v, Page: page})
		for _, g := range list {
			titles = append(titles, g.Title)
		}
		total = n
		return err
	})
	return titles, total
}
