-- +goose Up

-- How many members, system accounts left out, have each user type.
CREATE TABLE user_type_holders (
    user_type TEXT PRIMARY KEY,
    n         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO user_type_holders SELECT user_type, count(*) FROM users WHERE system=0 GROUP BY user_type;
CREATE INDEX users_type ON users (user_type, role) WHERE system=0;

-- +goose StatementBegin
CREATE TRIGGER users_type_added AFTER INSERT ON users WHEN new.system=0 BEGIN
    INSERT INTO user_type_holders VALUES(new.user_type, 1) ON CONFLICT DO UPDATE SET n=n+1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER users_type_changed AFTER UPDATE OF user_type, system ON users
WHEN old.user_type<>new.user_type OR old.system<>new.system BEGIN
    UPDATE user_type_holders SET n=n-1 WHERE user_type=old.user_type AND old.system=0;
    INSERT INTO user_type_holders SELECT new.user_type, 1 WHERE new.system=0 ON CONFLICT DO UPDATE SET n=n+1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER users_type_removed AFTER DELETE ON users WHEN old.system=0 BEGIN
    UPDATE user_type_holders SET n=n-1 WHERE user_type=old.user_type;
END;
-- +goose StatementEnd

CREATE TABLE user_types (
    id          TEXT PRIMARY KEY,
    ordinal     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    seats       INTEGER NOT NULL,
    expires     INTEGER,
    privileges  TEXT,
    apps        TEXT
) STRICT;

CREATE TABLE products (
    item           TEXT PRIMARY KEY,
    ordinal        INTEGER NOT NULL,
    title          TEXT NOT NULL,
    description    TEXT NOT NULL,
    license_type   TEXT NOT NULL,
    vendor         TEXT NOT NULL,
    url            TEXT NOT NULL,
    trial          INTEGER NOT NULL,
    max_users      INTEGER NOT NULL,
    parts          TEXT,
    starts         INTEGER,
    ends           INTEGER,
    can_disconnect INTEGER NOT NULL,
    max_disconnect INTEGER NOT NULL,
    created        INTEGER
) STRICT;

-- How many members hold each part of a product; part '' counts those who hold the product.
CREATE TABLE product_use (
    product TEXT NOT NULL REFERENCES products (item) ON DELETE CASCADE,
    part    TEXT NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (product, part)
) STRICT, WITHOUT ROWID;

-- Who holds what of which product. place counts the holders of a product from 1 without a gap,
-- so that a page of them is a range of places.
CREATE TABLE entitlements (
    product     TEXT NOT NULL REFERENCES products (item),
    place       INTEGER NOT NULL,
    user_key    TEXT NOT NULL REFERENCES users (user_key),
    username    TEXT NOT NULL,
    parts       TEXT,
    last_used   INTEGER,
    checked_out INTEGER,
    PRIMARY KEY (product, place)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entitlements_user ON entitlements (user_key, product);

CREATE TABLE app_bundles (
    item        TEXT PRIMARY KEY,
    id          TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    seats       INTEGER NOT NULL,
    expires     INTEGER,
    apps        TEXT,
    holders     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE bundle_holders (
    bundle   TEXT NOT NULL REFERENCES app_bundles (item),
    user_key TEXT NOT NULL REFERENCES users (user_key),
    PRIMARY KEY (bundle, user_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX bundle_holders_user ON bundle_holders (user_key);

-- What applications reported of licenses. A report is noted for ever, so that it takes effect
-- once; 0 stands for "not reported".
CREATE TABLE license_activity (
    product     TEXT NOT NULL REFERENCES products (item) ON DELETE CASCADE,
    user_key    TEXT NOT NULL,
    last_used   INTEGER NOT NULL,
    checked_out INTEGER NOT NULL,
    username    TEXT NOT NULL,
    done        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (product, user_key, last_used, checked_out)
) STRICT, WITHOUT ROWID;
