package sqlite

import (
	"context"
	"fmt"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Check reports whether the store can answer: a read from the file, and a turn of the writer.
func (s *Store) Check(ctx context.Context) error {
	if err := s.View(ctx, func(portal.Tx) error { return nil }); err != nil {
		return fmt.Errorf("the store cannot read: %w", err)
	}
	if err := s.Update(ctx, func(portal.Tx) error { return nil }); err != nil {
		return fmt.Errorf("the store cannot write: %w", err)
	}
	return nil
}
