package rest

import (
	"encoding/json"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Bounds of paged lists.
const (
	defaultNum = 10
	maxNum     = 100
	// lastRow is the last row that paging reaches in a search, as on Esri's portals.
	lastRow = 10000
)

// window reads start and num: 1-based, num at most 100 whatever is asked for. A start below 1,
// which clients send after the end of a list, is the first row.
func (r *Request) window(def int) (portal.Page, error) {
	start, err := r.Int("start", 1)
	if err != nil {
		return portal.Page{}, err
	}
	num, err := r.Int("num", def)
	if err != nil {
		return portal.Page{}, err
	}
	return portal.Page{Start: max(start, 1), Num: min(max(num, 0), maxNum)}, nil
}

// sortedWindow reads a window with sortField and sortOrder, and refuses one that lies beyond
// the rows that paging reaches.
func (r *Request) sortedWindow() (portal.Page, error) {
	p, err := r.window(defaultNum)
	if err != nil {
		return p, err
	}
	if p.Start > lastRow {
		return p, portal.ErrBadParam("start", "must be at most 10000; narrow the search to reach further results")
	}
	p.Num = min(p.Num, lastRow-p.Start+1)
	p.Sort = strings.TrimSpace(r.Str("sortField"))
	switch order := strings.ToLower(strings.TrimSpace(r.Str("sortOrder"))); order {
	case "", "asc":
	case "desc":
		p.Desc = true
	default:
		return p, portal.ErrBadParam("sortOrder", "must be asc or desc")
	}
	return p, nil
}

// listing is one page of a list: num is the number that was asked for, nextStart is -1 behind
// the last row.
func listing(key string, rows []Object, p portal.Page, total int) Object {
	if rows == nil {
		rows = []Object{}
	}
	next := p.Start + p.Num
	if next > total || p.Num == 0 {
		next = -1
	}
	return Object{key: rows, "total": total, "start": p.Start, "num": p.Num, "nextStart": next}
}

// listPage cuts one page out of all rows of a short list.
func listPage(key string, rows []Object, p portal.Page) Object {
	from := min(p.Start-1, len(rows))
	return listing(key, rows[from:min(from+p.Num, len(rows))], p, len(rows))
}

// field reads a text that an update sets: nil where it was not sent, or sent blank without
// clearEmptyFields, which leaves the property as it is. Old clients write None for nothing.
func (r *Request) field(name string, clear bool) *string {
	if !r.Has(name) {
		return nil
	}
	s := r.Str(name)
	if t := strings.TrimSpace(s); t == "" || t == "None" {
		if !clear {
			return nil
		}
		s = ""
	}
	return &s
}

// fieldList is field for a list.
func (r *Request) fieldList(name string, clear bool) *[]string {
	v, ok := r.List(name)
	if !ok || (len(v) == 0 && !clear) {
		return nil
	}
	if v == nil {
		v = []string{}
	}
	return &v
}

// fieldPaths is fieldList for paths of categories.
func (r *Request) fieldPaths(name string, clear bool) *[]string {
	if !r.Has(name) {
		return nil
	}
	list := []string{}
	for _, s := range r.All(name) {
		list = append(list, splitPaths(s)...)
	}
	if len(list) == 0 && !clear {
		return nil
	}
	return &list
}

// object reads a JSON object, also one inside a JSON string; nil where it was not sent or is
// blank.
func (r *Request) object(name string) (json.RawMessage, error) {
	var m map[string]json.RawMessage
	if ok, err := r.JSON(name, &m); !ok || err != nil {
		return nil, err
	}
	var raw json.RawMessage
	if _, err := r.JSON(name, &raw); err != nil {
		return nil, err
	}
	var inner string
	for json.Unmarshal(raw, &inner) == nil {
		if err := lenientJSON(inner, &raw); err != nil {
			return nil, portal.ErrBadParam(name, "must be JSON: "+err.Error())
		}
	}
	return raw, nil
}

// refuseTrue refuses a switch that this portal does not have when it is on.
func (r *Request) refuseTrue(name string) error {
	on, err := r.Bool(name, false)
	if err == nil && on {
		err = portal.ErrNotSupported("The parameter '" + name + "'")
	}
	return err
}

// orNull is s, or JSON's null where it is empty.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// orEmpty is a list that is never null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// fileNameOf is the name of a file, or null.
func fileNameOf(f *portal.File) any {
	if f == nil {
		return nil
	}
	return f.Name
}
