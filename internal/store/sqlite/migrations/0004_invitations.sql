-- +goose Up

-- Invitations are few among the tokens, and are listed.
CREATE INDEX tokens_kind ON tokens (kind, created);
