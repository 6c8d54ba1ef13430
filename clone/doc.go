// Package clone copies a whole portal into another one and proves that the copy is right.
//
// A clone goes through four values:
//
//	plan, err := clone.Prepare(ctx, source, target, clone.Options{}) // reads both sides, writes nothing
//	report, err := clone.Apply(ctx, source, target, plan, journal, meter)
//	report, err = clone.Verify(ctx, source, target, journal, meter)
//
// and [Run] joins them. The source is only ever read.
//
// # What is copied
//
// Custom roles, members, groups with owner, managers and members, folders, and items with
// every writable property, data of any size, thumbnail, metadata, resources, protection,
// sharing and relationships. Identifiers and addresses inside items are rewritten by package
// remap. testdata/compared.tsv lists each property, and whether Verify compares it.
//
// # What is left out
//
// System accounts, what they own, and the groups that the portal's own settings name are not
// copied; references to them are mapped to the target's counterparts where these exist.
// Services keep their address: their items are copied, their data is not. Passwords are never
// copied: new accounts get a random one that is thrown away.
//
// # Identity
//
// An object of the target counts as the copy of a source object when the journal says so, or
// when it carries the marker: the type keyword source-<id> and properties.rhumb with the key
// of the source portal. The keyword alone, by which other tools mark their copies, counts too,
// for items of the mapped owner and of the connecting account: such a copy is used as it is and
// compared, and brought in line with UpdateExisting. Members are matched by name, custom roles by name, folders by owner
// and title.
package clone
