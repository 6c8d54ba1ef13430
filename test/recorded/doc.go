// Package recorded proves the SDK against portals that this project did not make: a file
// server replays answers that others recorded or documented, and tests hold what the SDK
// makes of them against values in these answers, and what it asks against the documents.
//
// testdata/responses.tsv names where each answer comes from, testdata/requests.tsv what a
// request may carry. Both are read by tools/opmap too, which counts in docs/coverage.md what
// rests on a document and what on a guess. A method of the SDK that reads and has no answer
// here fails the tests.
package recorded
