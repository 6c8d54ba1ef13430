// Command opmap computes docs/coverage.md: which members of the Python reference the SDK
// covers, by which REST operations, and whether the portal server serves these.
//
// # Sources
//
// Nothing in the page is typed by hand. It joins:
//
//   - tools/opmap/parity.tsv, the members of the arcgis.gis reference;
//   - the directives of the public packages (below);
//   - the route tables of the server;
//   - tools/opmap/reasons.tsv, the reason for each member that nothing covers: "later" if
//     it comes with its theme, "none" if it has no place in Go;
//   - the comments of the server that begin with "deviates:" or "guess:", and those of the
//     SDK that begin with "guess:";
//   - test/recorded/testdata/responses.tsv, the answers of portals that are not ours which
//     tests replay to the SDK.
//
// # Directives
//
// They stand in the doc comment of a function, method, type or field:
//
//	// rest: POST community/users/{username}/update
//	// py: arcgis.gis.User.update
//
// A read that portals take as POST alone ends in the word reads:
//
//	// rest: POST content/users/{username}/items/{id}/canDelete reads
//
// A class itself (arcgis.gis.User) stands for its constructor. The spelling without the
// blank, "//rest:", is read as well, but gofmt inserts the blank.
//
// # Check
//
// With -check nothing is written. It fails when a member has neither a directive nor a
// reason, when it has both, when a reason names no member, and when docs/coverage.md is
// not what the sources yield.
package main

//go:generate go run . -root ../..
