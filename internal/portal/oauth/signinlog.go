package oauth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// refused notes a sign-in, or a change of a password, that did not succeed.
//
// The log names the account only where it exists: another name may be a password that was typed
// into the wrong field. The first refusal of many is a warning, the others would only repeat it.
func (s *Service) refused(ctx context.Context, h *http.Request, username string, err error) {
	level, why := slog.LevelInfo, ""
	switch {
	case errors.Is(err, errLocked):
		level, why = slog.LevelWarn, "too many wrong passwords"
	case errors.Is(err, errTooMany):
		why = "too many wrong passwords"
	case errors.Is(err, portal.ErrBadSignIn):
		why = "name and password do not fit"
	case errors.Is(err, portal.ErrMustChange):
		why = "the password must be changed"
	default:
		return // no outcome of a sign-in
	}
	if !s.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.String("why", why), slog.String("remote", remote(h).String())}
	if name := s.knownName(ctx, username); name != "" {
		attrs = append(attrs, slog.String("user", name))
	} else {
		attrs = append(attrs, slog.Bool("known", false))
	}
	s.log.LogAttrs(ctx, level, "sign-in refused", attrs...)
}

// knownName is how the portal spells the name of an account; empty where there is none.
func (s *Service) knownName(ctx context.Context, username string) (name string) {
	if len(username) > maxUsername {
		return ""
	}
	err := s.store.View(ctx, func(tx portal.Tx) error {
		u, err := tx.User(portal.AccountKey(username))
		if err == nil {
			name = u.Username
		}
		return err
	})
	if err != nil && !errors.Is(err, portal.ErrAbsent) {
		s.log.ErrorContext(ctx, "the name of a refused sign-in cannot be looked up", "err", err)
	}
	return name
}
