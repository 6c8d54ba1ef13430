package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var relations = newTable("relations", "origin,type,destination", nil, func(r *portal.Relation) []field {
	return []field{
		{"origin", text(&r.Origin)},
		{"destination", text(&r.Destination)},
		{"type", text(&r.Type)},
		{"creator", text(&r.Creator)},
		{"created", moment(&r.Created)},
	}
})

func (t *tx) Relation(origin, destination esri.ItemID, relType string) (*portal.Relation, error) {
	return relations.one(t, " WHERE origin=? AND destination=? AND type=?", string(origin), string(destination), relType)
}

func (t *tx) RelationsFrom(id esri.ItemID) ([]portal.Relation, error) {
	return t.relations(" WHERE origin=? ORDER BY type, destination", string(id))
}

func (t *tx) RelationsTo(id esri.ItemID) ([]portal.Relation, error) {
	return t.relations(" WHERE destination=? ORDER BY type, origin", string(id))
}

func (t *tx) relations(rest string, args ...any) ([]portal.Relation, error) {
	found, err := relations.all(t, rest, args...)
	if err != nil {
		return nil, err
	}
	list := make([]portal.Relation, len(found))
	for i, r := range found {
		list[i] = *r
	}
	return list, nil
}

func (t *tx) PutRelation(r portal.Relation) error { return relations.put(t, &r) }

func (t *tx) DeleteRelation(origin, destination esri.ItemID, relType string) error {
	return t.exec("DELETE FROM relations WHERE origin=? AND destination=? AND type=?", string(origin), string(destination), relType)
}
