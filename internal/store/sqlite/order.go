package sqlite

import (
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// ordering holds the sort fields of a list and what they are in SQL.
type ordering struct {
	own  string // the list's own order, which is total
	tie  string // unique
	sort map[string]string
}

// by returns the terms of an ORDER BY for a page.
func (o ordering) by(p portal.Page) (string, error) {
	if p.Sort == "" {
		return o.own, nil
	}
	column, ok := o.sort[strings.ToLower(p.Sort)]
	if !ok {
		return "", portal.ErrBadParam("sortField", "cannot be "+p.Sort)
	}
	if column == "" { // the same for all objects
		return o.tie, nil
	}
	if p.Desc {
		column += " DESC"
	}
	return column + ", " + o.tie, nil
}

// offset is the number of rows before a page.
func offset(p portal.Page) int { return max(p.Start-1, 0) }
