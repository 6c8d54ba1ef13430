// Package sqlite keeps the portal's metadata in one SQLite file.
//
//	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
//	defer store.Close()
//	err = store.Update(ctx, func(tx portal.Tx) error { return tx.PutItem(item) })
//
// What it promises is package storetest, whose suite it passes.
//
// # Files
//
// The data folder holds portal.db, while it is open also SQLite's log portal.db-wal and its
// index portal.db-shm, portal.lock, which keeps a second server out, and portal.key, with which
// the secrets of registered apps are sealed. The folder has mode 0700, the files 0600. Copying
// portal.db alone from under a running server is no backup: the log belongs to it. A copy
// without portal.key works, but can no longer show the secrets of apps, only recognize them.
//
// # Transactions
//
// Reads run on a few connections of their own, each on a snapshot. One goroutine owns the
// connection that writes and gives each change a turn inside a SAVEPOINT. Changes that wait
// together share one COMMIT, which is synced to disk (WAL, synchronous=FULL) before any of
// them is answered; a change that fails or panics takes back its own writes alone. Nothing of
// this package runs on a timer: the collector of blobs is called from outside.
//
// # Migrations
//
// The schema is brought up to date when the file is opened, forward only, by the numbered
// steps in migrations. A step that has been released never changes. A file that a newer
// program has written is refused.
//
// # Search
//
// A query tree is compiled to SQL in which text of the user appears in bound values only, and
// there, for the full-text index, quoted. Who may see what is a part of the same condition, so
// totals and counts obey it as well.
//
//   - Text fields are words of an FTS5 table, without case and accents and reduced to their
//     stems. Patterns with wildcards look into a second table with the words as they are
//     written; a pattern that is no mere prefix is first expanded from the vocabulary, to at
//     most 512 words.
//   - Keyword fields compare a whole value without case; numbers and dates compare as numbers.
//   - Filters compare whole values. Those of titles, types, names and of the lists of items do
//     so without case in all alphabets, other texts without case of A to Z.
//   - Without a sort field, up to 2000 matches of free words come by relevance (BM25, titles
//     first); of more, those that match in the title come first.
//
// # Schema
//
// Names that compare without case have a second column ..._key or user_key with the folded
// form. Times are milliseconds since 1970 UTC, NULL is "never". Lists and JSON values are JSON
// text, NULL where the value is nil. Files are a name, a content type, and hash and size of
// their blob.
//
//	org             the organization, at most one row
//	org_files       files of the organization itself
//	category_schemas  trees of categories, by what they are for
//	users           members, by user_key
//	tokens          access tokens and the like, by the hash of their text
//	roles           custom roles
//	groups          groups; the sharing of items is shares
//	memberships     who is in which group, applicants included
//	folders         folders of members, unique by owner and title
//	items           items; n numbers them by creation and is the rowid of the indexes
//	apps            items that are registered as apps; their secrets are sealed
//	item_values     the folded values of tags, typekeywords and categories of items
//	item_data       the blobs of an item's data, in their order
//	shares          which items which groups hold
//	infos           info files of items
//	resources       file resources of items
//	relations       directed, typed links between items
//	parts           parts of uploads that are not committed
//	user_types      user types of the pool of licenses
//	user_type_holders  how many members have each user type, kept by triggers
//	products        what members can hold licenses of
//	product_use     how many members hold each part of a product
//	entitlements    what members hold of products, in places without a gap
//	app_bundles     bundles of applications, with the number of their holders
//	bundle_holders  who holds which bundle
//	license_activity  what applications reported of licenses
//	blobs           every blob that is stored or leased, and when it was leased last
//	blob_contents   the bytes of blobs below portal.InlineLimit
//	items_text, groups_text, users_text                    full-text index, stemmed
//	items_words, groups_words, users_words                 full-text index for patterns
//	items_vocabulary, groups_vocabulary, users_vocabulary  the words of the latter
//	goose_db_version                                       the migrations that have run
//
// A blob may be collected when no row of users, groups, item_data, infos, resources, org_files
// or parts names it and it has not been leased for 24 hours. Whoever stops naming a blob leases it
// anew, so that readers under way can read to the end.
package sqlite
