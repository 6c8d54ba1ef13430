package clone

import (
	"context"
	"fmt"
	"sync"
)

// userTypes are the user types of both portals, id to name, read when they are first needed.
type userTypes struct {
	mu             sync.Mutex
	source, target map[string]string
}

// read fills the lists; the caller holds the lock.
func (t *userTypes) read(ctx context.Context, src, dst *site) (err error) {
	if t.target != nil {
		return nil
	}
	if t.source, err = typesOf(ctx, src); err != nil {
		return fmt.Errorf("list the user types of the source: %w", err)
	}
	target, err := typesOf(ctx, dst)
	if err != nil {
		return fmt.Errorf("list the user types of the target: %w", err)
	}
	t.target = target
	return nil
}

func typesOf(ctx context.Context, s *site) (map[string]string, error) {
	out := map[string]string{}
	for t, err := range s.Users.UserTypes(ctx) {
		if err != nil {
			return nil, err
		}
		out[t.ID] = t.Name
	}
	return out, nil
}
