package app

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// TokenFor makes a token for a default administrator without a password: for work that the
// server does on its own portal through the public interface.
func (a *App) TokenFor(ctx context.Context, username string, life time.Duration) (secret.Secret, error) {
	return a.oauth.TokenFor(ctx, username, life)
}
