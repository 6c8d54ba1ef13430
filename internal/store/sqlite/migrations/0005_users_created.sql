-- +goose Up
-- Reports read large organizations in the order of creation, a page at a time.
CREATE INDEX users_created ON users (created, user_key);
