package demo

import (
	"context"
	"fmt"

	"github.com/rhumb-gis/rhumb/gis"
)

func (s *seeder) makeRelations(ctx context.Context) error {
	owners := map[string]string{}
	for _, it := range s.Items {
		owners[it.Key] = s.account(it.Owner)
	}
	name := func(e *relationEntry) string {
		return fmt.Sprintf("relationship %s of %s and %s", e.Type, e.From, e.To)
	}
	return each(ctx, s, s.Relationships, name, func(ctx context.Context, e *relationEntry) error {
		origin := s.p.Content.Handle(owners[e.From], "", s.itemID(e.From))
		to, kind := s.itemID(e.To), gis.RelationshipType(e.Type)
		for it, err := range origin.Related(ctx, gis.Forward, kind) {
			if err != nil {
				return err
			}
			if it.ID == to {
				return nil
			}
		}
		return origin.AddRelationship(ctx, to, kind)
	})
}
