-- +goose Up

-- What the settings of the organization hold beside the properties of portals/self.
ALTER TABLE org ADD COLUMN config TEXT;

-- Schemas of categories; scope is org, members or the id of a group.
CREATE TABLE category_schemas (
    scope    TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE groups ADD COLUMN has_categories INTEGER NOT NULL DEFAULT 0;

-- The categories of an item within a group, as written and folded.
ALTER TABLE shares ADD COLUMN categories TEXT;
ALTER TABLE shares ADD COLUMN category_keys TEXT;

-- Items that are registered as apps. The secret is sealed with a key that is not in this file.
CREATE TABLE apps (
    client_id     TEXT PRIMARY KEY,
    item          TEXT NOT NULL UNIQUE REFERENCES items (id) ON DELETE CASCADE,
    type          TEXT NOT NULL,
    secret_hash   TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    redirect_uris TEXT,
    referrers     TEXT,
    privileges    TEXT,
    registered    INTEGER,
    modified      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_client ON tokens (client_id) WHERE client_id <> '';

-- Files of the organization itself.
CREATE TABLE org_files (
    key     TEXT PRIMARY KEY,
    access  TEXT NOT NULL,
    created INTEGER,
    name    TEXT NOT NULL,
    type    TEXT NOT NULL,
    hash    TEXT NOT NULL REFERENCES blobs (hash),
    size    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX org_files_hash ON org_files (hash);
