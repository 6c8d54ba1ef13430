package gis

import (
	"context"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// ItemSearch chooses and orders items, in [Content.Search].
type ItemSearch struct {
	Type            string // adds type:"…"; the portal matches words, so Web Map also finds Web Mapping Application
	SortField       string // title, created, modified, type, owner, avgrating, numviews, …; default: by relevance
	SortOrder       SortOrder
	Start           int
	PageSize        int // 1 to 100, default 100
	Max             int // 0: no limit, where the Python original stops at 10
	OutsideOrg      bool
	BBox            *esri.Extent // items whose extent meets it
	Filter          string       // field:"exact term"
	Categories      []string     // up to 8 paths "/Categories/…"; any of them matches
	CategoryFilters []string     // up to 3 words of category names; not together with Categories
	CountFields     []string     // up to 3 of tags, type, access, contentstatus and categories: see Page.Counts
	CountSize       int          // values per counted field, up to 200
}

// Search yields the items that match query, in the portal's search language
// (`title:"Fire" AND type:"Web Map"`), which is passed on unread. Unless OutsideOrg is set,
// only items of the organization are found. An empty query matches all of them.
//
// Pages are fetched as the loop reaches them. Portals find at most 10,000 items this way,
// see [Content.SearchAll], and index changes with a delay: to find what was just written, use
// [Content.UserItems] or an id. Results are partial items without protection and folder.
//
// rest: GET search
// py: arcgis.gis.ContentManager.search
// py: arcgis.gis.ContentManager.advanced_search
func (c *Content) Search(ctx context.Context, query string, opts *ItemSearch) iter.Seq2[*Item, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*Item], error) {
		o := o
		o.Start = start
		return c.SearchPage(ctx, query, &o)
	})
}

// SearchPage answers one page of [Content.Search], with the number of all results and the
// counts that were asked for.
//
// rest: GET search
// py: arcgis.gis.ContentManager.advanced_search
func (c *Content) SearchPage(ctx context.Context, query string, opts *ItemSearch) (*Page[*Item], error) {
	o := deref(opts)
	if o.Type != "" {
		typed := `type:"` + o.Type + `"`
		if query != "" {
			typed = "(" + query + ") AND " + typed
		}
		query = typed
	}
	q, err := c.p.orgQuery(ctx, query, o.OutsideOrg)
	if err != nil {
		return nil, err
	}
	r := wire.Read("search").Set("q", q).Text("filter", o.Filter).
		Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder)).
		List("categoryFilters", o.CategoryFilters).
		List("countFields", o.CountFields).Int("countSize", o.CountSize)
	categoryPaths(r, o.Categories)
	if o.BBox != nil {
		r.Set("bbox", o.BBox.String())
	}
	return c.page(ctx, r, "results", o.Start, pageSize(o.PageSize, o.Max))
}
