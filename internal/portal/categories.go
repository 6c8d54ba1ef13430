package portal

import (
	"context"
	"encoding/json"

	"github.com/rhumb-gis/rhumb/esri"
)

// Privileges that the use cases of categories ask for.
const (
	privItemCategories   = "portal:admin:updateItemCategorySchema"
	privMemberCategories = "portal:admin:updateMemberCategorySchema"
)

// noTrees is the schema of what has none.
var noTrees = json.RawMessage("[]")

// CategorySchema reads the trees of categories of the organization's items or of its members,
// as the scope says. Anybody may.
func (p *Portal) CategorySchema(ctx context.Context, id, scope string) (trees json.RawMessage, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		if _, err := namedOrg(tx, id); err != nil {
			return err
		}
		trees, err = treesOf(tx, scope)
		return err
	})
	return trees, err
}

func treesOf(tx Tx, scope string) (json.RawMessage, error) {
	trees, err := tx.CategorySchema(scope)
	if isAbsent(err) {
		return noTrees, nil
	}
	return trees, err
}

// SetCategorySchema replaces the trees of the organization's items or of its members; nil
// removes them. Categories that objects have stay with them.
func (p *Portal) SetCategorySchema(ctx context.Context, c Caller, id, scope string, trees json.RawMessage) error {
	privilege, flag, param := privItemCategories, "hasCategorySchema", "categorySchema"
	if scope == MemberCategories {
		privilege, flag, param = privMemberCategories, "hasMemberCategorySchema", "memberCategorySchema"
	}
	if err := checkTrees(param, trees, orgTreeLimits); err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		org, err := namedOrg(tx, id)
		if err != nil {
			return err
		}
		if err := a.needs(privilege); err != nil {
			return err
		}
		if org.Settings == nil {
			org.Settings = map[string]json.RawMessage{}
		}
		org.Settings[flag] = json.RawMessage("false")
		if hasTrees(trees) {
			org.Settings[flag] = json.RawMessage("true")
		}
		org.Modified = p.clock.Now()
		if err := tx.PutOrg(org); err != nil {
			return err
		}
		return putTrees(tx, scope, trees)
	})
}

// putTrees stores a schema; none removes it.
func putTrees(tx Tx, scope string, trees json.RawMessage) error {
	if !hasTrees(trees) {
		return tx.DeleteCategorySchema(scope)
	}
	return tx.PutCategorySchema(scope, trees)
}

// GroupCategorySchema reads the trees of categories of a group that the caller may see.
func (p *Portal) GroupCategorySchema(ctx context.Context, c Caller, id esri.GroupID) (trees json.RawMessage, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		trees, err = treesOf(tx, string(g.ID))
		return err
	})
	return trees, err
}

// SetGroupCategorySchema replaces the trees of a group; nil removes them. Its owner and its
// managers may, and who may update all groups.
func (p *Portal) SetGroupCategorySchema(ctx context.Context, c Caller, id esri.GroupID, trees json.RawMessage) error {
	if err := checkTrees("categorySchema", trees, groupTreeLimits); err != nil {
		return err
	}
	return p.editGroup(ctx, c, id, func(tx Tx, _ *actor, g *Group) error {
		g.HasCategories = hasTrees(trees)
		return putTrees(tx, string(g.ID), trees)
	})
}
