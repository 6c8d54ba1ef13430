package portal

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// treeLimits bound a schema of categories.
type treeLimits struct {
	trees  int
	levels int // the title of a tree is the first
	total  int // categories below the titles of trees
}

// Limits by the documentation of categories; titles are shorter than maxCategoryTitle and
// descriptions than maxCategoryText characters. A path is cut at slashes, so that no title
// holds one.
//
// guess: those of the organization are not documented but for the levels; portals of today
// take several hundred categories.
var (
	groupTreeLimits = treeLimits{trees: 5, levels: 4, total: 200}
	orgTreeLimits   = treeLimits{trees: 5, levels: 4, total: 1000}
)

const (
	maxCategoryTitle = 100
	maxCategoryText  = 300
	maxTreesJSON     = 1 << 20
)

// category is what a category holds that matters here; documents are kept as they come.
type category struct {
	Title       *string    `json:"title"`
	Description *string    `json:"description"`
	Categories  []category `json:"categories"`
}

// hasTrees reports whether a schema that was checked holds a tree.
func hasTrees(trees json.RawMessage) bool {
	var list []json.RawMessage
	return json.Unmarshal(trees, &list) == nil && len(list) > 0
}

// checkTrees names the first category that a schema cannot hold. No schema at all is fine.
func checkTrees(param string, trees json.RawMessage, limit treeLimits) error {
	if trees == nil {
		return nil
	}
	if len(trees) > maxTreesJSON {
		return ErrBadParam(param, fmt.Sprintf("must have at most %d KB", maxTreesJSON>>10))
	}
	if err := checkDepth(param, trees); err != nil {
		return err
	}
	var list []category
	if err := json.Unmarshal(trees, &list); err != nil || list == nil {
		return ErrBadParam(param, "must be an array of categories, each with a title, and with its own categories as an array")
	}
	if len(list) > limit.trees {
		return ErrBadParam(param, fmt.Sprintf("must hold at most %d trees", limit.trees))
	}
	w := treeWalk{param: param, limit: limit}
	if err := w.level(list, "", 1); err != nil {
		return err
	}
	if w.total > limit.total {
		return ErrBadParam(param, fmt.Sprintf("must hold at most %d categories, not %d", limit.total, w.total))
	}
	return nil
}

// treeWalk checks the categories of a schema one by one.
type treeWalk struct {
	param string
	limit treeLimits
	total int
}

func (w *treeWalk) level(list []category, above string, depth int) error {
	if len(list) > 0 && depth > w.limit.levels {
		return ErrBadParam(w.param, fmt.Sprintf("must have at most %d levels; '%s' has categories on a further one", w.limit.levels, above))
	}
	seen := map[string]bool{}
	for _, c := range list {
		if c.Title == nil || strings.TrimSpace(*c.Title) == "" {
			return ErrBadParam(w.param, "needs a title for every category; one below '"+above+"/' has none")
		}
		path := above + "/" + *c.Title
		if err := w.one(c, path); err != nil {
			return err
		}
		if key := strings.ToLower(strings.TrimSpace(*c.Title)); seen[key] {
			return ErrBadParam(w.param, "has two categories of the path '"+path+"'")
		} else {
			seen[key] = true
		}
		if depth > 1 {
			w.total++
		}
		if err := w.level(c.Categories, path, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *treeWalk) one(c category, path string) error {
	switch {
	case utf8.RuneCountInString(*c.Title) >= maxCategoryTitle:
		return ErrBadParam(w.param, fmt.Sprintf("must have titles of less than %d characters, unlike '%s'", maxCategoryTitle, path))
	case strings.Contains(*c.Title, "/") || strings.ContainsFunc(*c.Title, unicode.IsControl):
		return ErrBadParam(w.param, "must have titles without slashes and control characters, unlike '"+path+"'")
	case c.Description != nil && utf8.RuneCountInString(*c.Description) >= maxCategoryText:
		return ErrBadParam(w.param, fmt.Sprintf("must have descriptions of less than %d characters, unlike that of '%s'", maxCategoryText, path))
	}
	return nil
}
