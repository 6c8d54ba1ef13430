// Package demo builds a realistic organization in a portal, through the SDK alone: members and
// roles, groups, folders, more than two hundred items from real files and real item JSON, and
// what holds them together.
//
//	err := demo.Seed(ctx, p, func(done, total int, what string) { … })
//
// The same content fills the staging portal of rhumb demo and any portal that is started with
// rhumb serve --seed demo.
//
// # The manifest
//
// data/manifest describes the organization, one JSON object an object of the portal, in terms
// of a portal that does not exist: https://portal.example.org/portal. Every item and group has
// an id there, and documents, addresses, descriptions and properties refer to each other by
// these ids, as those of a real portal do. [Seed] makes the objects under ids of the real portal
// and maps all references with package clone/remap; addresses of services below the roots that
// the manifest names become addresses below the portal's own server.
//
// data/snapshots holds two organizations in miniature, item by item as portals answer them.
// Pictures that they name and that were never published with them are filled from data/files.
//
// # Going on
//
// Members are recognized by name, custom roles by name, groups by title, folders by owner and
// title, items by the type keyword demo-<key>. An item carries another keyword until it is
// complete, so that a seeding that was cut off is continued at the next call, and a call on a
// complete organization only reads.
//
// # What it does not do
//
// It publishes no services: layers are items that refer to addresses below the portal's
// server. Passwords of the members are random and thrown away.
//
// data/PROVENANCE.md lists where every file comes from, data/licenses the licenses.
package demo
