-- +goose Up

-- The organization: at most one row.
CREATE TABLE org (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    created     INTEGER,
    modified    INTEGER,
    settings    TEXT
) STRICT;

-- Stored runs of bytes, by the hex SHA-256 of their content.
CREATE TABLE blobs (
    hash   TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    leased INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_leased ON blobs (leased);

-- The bytes of small blobs; those of the others are files of the folder store.
CREATE TABLE blob_contents (
    hash    TEXT PRIMARY KEY REFERENCES blobs (hash) ON DELETE CASCADE,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE users (
    n              INTEGER PRIMARY KEY,
    user_key       TEXT NOT NULL UNIQUE,
    username       TEXT NOT NULL,
    access         TEXT NOT NULL,
    id             TEXT NOT NULL,
    first_name     TEXT NOT NULL,
    last_name      TEXT NOT NULL,
    full_name      TEXT NOT NULL,
    email          TEXT NOT NULL,
    first_name_key TEXT NOT NULL,
    last_name_key  TEXT NOT NULL,
    full_name_key  TEXT NOT NULL,
    email_key      TEXT NOT NULL,
    role           TEXT NOT NULL,
    user_type      TEXT NOT NULL,
    provider       TEXT NOT NULL,
    idp_username   TEXT NOT NULL,
    region         TEXT NOT NULL,
    culture        TEXT NOT NULL,
    culture_format TEXT NOT NULL,
    units          TEXT NOT NULL,
    preferred_view TEXT NOT NULL,
    system         INTEGER NOT NULL,
    disabled       INTEGER NOT NULL,
    fav_group      TEXT NOT NULL,
    created        INTEGER,
    modified       INTEGER,
    last_login     INTEGER,
    password_hash    TEXT NOT NULL,
    password_expired INTEGER NOT NULL,
    password_changed INTEGER,
    thumb_name     TEXT,
    thumb_type     TEXT,
    thumb_hash     TEXT REFERENCES blobs (hash),
    thumb_size     INTEGER,
    tags           TEXT,
    categories     TEXT,
    properties     TEXT,
    description    TEXT NOT NULL
) STRICT;
CREATE INDEX users_id ON users (id);
CREATE INDEX users_role ON users (role);
CREATE INDEX users_thumb ON users (thumb_hash) WHERE thumb_hash IS NOT NULL;

CREATE TABLE tokens (
    hash      TEXT PRIMARY KEY,
    kind      TEXT NOT NULL,
    user_key  TEXT NOT NULL,
    username  TEXT NOT NULL,
    client_id TEXT NOT NULL,
    referer   TEXT NOT NULL,
    ip        TEXT NOT NULL,
    data      TEXT NOT NULL,
    parent    TEXT NOT NULL,
    created   INTEGER,
    expires   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens (user_key);
CREATE INDEX tokens_parent ON tokens (parent) WHERE parent <> '';
CREATE INDEX tokens_expires ON tokens (expires);

CREATE TABLE roles (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    privileges  TEXT,
    created     INTEGER,
    modified    INTEGER
) STRICT;

CREATE TABLE groups (
    n                   INTEGER PRIMARY KEY,
    id                  TEXT NOT NULL UNIQUE,
    access              TEXT NOT NULL,
    fav                 INTEGER NOT NULL,
    title               TEXT NOT NULL,
    title_key           TEXT NOT NULL,
    owner               TEXT NOT NULL,
    owner_key           TEXT NOT NULL,
    phone               TEXT NOT NULL,
    phone_key           TEXT NOT NULL,
    sort_field          TEXT NOT NULL,
    sort_order          TEXT NOT NULL,
    invitation_only     INTEGER NOT NULL,
    view_only           INTEGER NOT NULL,
    auto_join           INTEGER NOT NULL,
    protected           INTEGER NOT NULL,
    read_only           INTEGER NOT NULL,
    leaving_disallowed  INTEGER NOT NULL,
    hidden_members      INTEGER NOT NULL,
    open_data           INTEGER NOT NULL,
    membership_access   TEXT NOT NULL,
    provider            TEXT NOT NULL,
    provider_group_name TEXT NOT NULL,
    created             INTEGER,
    modified            INTEGER,
    thumb_name          TEXT,
    thumb_type          TEXT,
    thumb_hash          TEXT REFERENCES blobs (hash),
    thumb_size          INTEGER,
    capabilities        TEXT,
    tags                TEXT,
    type_keywords       TEXT,
    display_settings    TEXT,
    properties          TEXT,
    snippet             TEXT NOT NULL,
    description         TEXT NOT NULL
) STRICT;
CREATE INDEX groups_title ON groups (title_key);
CREATE INDEX groups_thumb ON groups (thumb_hash) WHERE thumb_hash IS NOT NULL;

CREATE TABLE memberships (
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_key TEXT NOT NULL REFERENCES users (user_key) ON DELETE CASCADE,
    type     TEXT NOT NULL,
    joined   INTEGER,
    PRIMARY KEY (group_id, user_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships (user_key, group_id);

CREATE TABLE folders (
    id        TEXT PRIMARY KEY,
    owner_key TEXT NOT NULL,
    owner     TEXT NOT NULL,
    title_key TEXT NOT NULL,
    title     TEXT NOT NULL,
    created   INTEGER,
    UNIQUE (owner_key, title_key)
) STRICT;

CREATE TABLE items (
    n                  INTEGER PRIMARY KEY,
    id                 TEXT NOT NULL UNIQUE,
    access             TEXT NOT NULL,
    owner_key          TEXT NOT NULL,
    xmin               REAL,
    ymin               REAL,
    xmax               REAL,
    ymax               REAL,
    owner              TEXT NOT NULL,
    folder             TEXT NOT NULL,
    type               TEXT NOT NULL,
    type_key           TEXT NOT NULL,
    item_type          TEXT NOT NULL,
    title              TEXT NOT NULL,
    title_key          TEXT NOT NULL,
    name               TEXT NOT NULL,
    name_key           TEXT NOT NULL,
    created            INTEGER,
    modified           INTEGER,
    last_viewed        INTEGER,
    num_views          INTEGER NOT NULL,
    content_status     TEXT NOT NULL,
    protected          INTEGER NOT NULL,
    comments_enabled   INTEGER NOT NULL,
    listed             INTEGER NOT NULL,
    metadata_editable  INTEGER NOT NULL,
    status             TEXT NOT NULL,
    status_message     TEXT NOT NULL,
    upload_name        TEXT NOT NULL,
    culture            TEXT NOT NULL,
    spatial_reference  TEXT NOT NULL,
    url                TEXT NOT NULL,
    thumbnail          TEXT NOT NULL,
    large_thumbnail    TEXT NOT NULL,
    banner             TEXT NOT NULL,
    data_text          INTEGER,
    data_content_type  TEXT,
    data_size          INTEGER,
    tags               TEXT,
    type_keywords      TEXT,
    categories         TEXT,
    app_categories     TEXT,
    industries         TEXT,
    languages          TEXT,
    screenshots        TEXT,
    metadata_formats   TEXT,
    properties         TEXT,
    advanced_settings  TEXT,
    proxy_filter       TEXT,
    classification     TEXT,
    access_information TEXT NOT NULL,
    license_info       TEXT NOT NULL,
    snippet            TEXT NOT NULL,
    documentation      TEXT NOT NULL,
    description        TEXT NOT NULL
) STRICT;
CREATE INDEX items_folder ON items (owner_key, folder, name_key);
CREATE INDEX items_seen ON items (access, owner_key, id); -- all that visibility asks for
CREATE INDEX items_title ON items (title_key, id);
CREATE INDEX items_created ON items (created, id);
CREATE INDEX items_modified ON items (modified, id);
CREATE INDEX items_type ON items (type_key, id);
CREATE INDEX items_views ON items (num_views, id);
CREATE INDEX items_extent ON items (xmin, xmax, ymin, ymax) WHERE xmin IS NOT NULL;

-- The values of an item's lists, folded: tags, typekeywords, categories.
CREATE TABLE item_values (
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    n     INTEGER NOT NULL REFERENCES items (n) ON DELETE CASCADE,
    PRIMARY KEY (field, value, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_values_item ON item_values (n);

-- The blobs of an item's data, read one after the other.
CREATE TABLE item_data (
    item    TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    hash    TEXT NOT NULL REFERENCES blobs (hash),
    size    INTEGER NOT NULL,
    PRIMARY KEY (item, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_data_hash ON item_data (hash);

CREATE TABLE shares (
    item     TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_item ON shares (item, group_id);

CREATE TABLE infos (
    item TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    hash TEXT NOT NULL REFERENCES blobs (hash),
    size INTEGER NOT NULL,
    PRIMARY KEY (item, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX infos_hash ON infos (hash);

CREATE TABLE resources (
    item    TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    path    TEXT NOT NULL,
    access  TEXT NOT NULL,
    created INTEGER,
    name    TEXT NOT NULL,
    type    TEXT NOT NULL,
    hash    TEXT NOT NULL REFERENCES blobs (hash),
    size    INTEGER NOT NULL,
    PRIMARY KEY (item, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX resources_hash ON resources (hash);

CREATE TABLE relations (
    origin      TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    destination TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    creator     TEXT NOT NULL,
    created     INTEGER,
    PRIMARY KEY (origin, type, destination)
) STRICT, WITHOUT ROWID;
CREATE INDEX relations_destination ON relations (destination, type);

CREATE TABLE parts (
    item   TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    hash   TEXT NOT NULL REFERENCES blobs (hash),
    size   INTEGER NOT NULL,
    PRIMARY KEY (item, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_hash ON parts (hash);

-- Full-text indexes. Each kind of object has two: _text with stemmed words for terms and
-- phrases, _words with the words as written for patterns. rowid is n of the object.
CREATE VIRTUAL TABLE items_text USING fts5(
    title, tags, snippet, description, type, typekeywords,
    accessinformation, licenseinfo, spatialreference, culture, name, categories, classification,
    content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE items_words USING fts5(
    title, tags, snippet, description, type, typekeywords,
    accessinformation, licenseinfo, spatialreference, culture, name, categories, classification,
    content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE VIRTUAL TABLE items_vocabulary USING fts5vocab(items_words, row);

CREATE VIRTUAL TABLE groups_text USING fts5(
    title, owner, snippet, description, tags, phone, typekeywords,
    content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE groups_words USING fts5(
    title, owner, snippet, description, tags, phone, typekeywords,
    content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE VIRTUAL TABLE groups_vocabulary USING fts5vocab(groups_words, row);

CREATE VIRTUAL TABLE users_text USING fts5(
    username, fullname, firstname, lastname, email, description, tags, culture, categories,
    content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE users_words USING fts5(
    username, fullname, firstname, lastname, email, description, tags, culture, categories,
    content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE VIRTUAL TABLE users_vocabulary USING fts5vocab(users_words, row);
