// Command guards proves that the tests named beside the guards of docs/SECURITY-REVIEW.md are
// what keeps them there: it takes each guard out, one at a time, and runs the test that must
// fail then.
//
// The guards stand in test/guards.tsv, a row each: the attack as the review words it, the
// package and the name of the test (as go test -run takes it, matched whole), then the file,
// the text of the guard, and what stands in its place when it is out. File, text and
// replacement repeat where a guard stands in several places. The text occurs exactly once in
// its file; a row whose text does not is out of date. In a cell ⏎ is the end of a line and ⇥ a
// tab.
//
// A row holds when its test passes with the guard and fails without it. What does not build
// without its guard proves nothing, nor does a test that skips or hangs: these are errors of
// the row. The exit status is 1 if any row does not hold.
//
// The tree itself is never written to: the go command reads changed copies of its files
// (-overlay). Building once for each guard would take most of an hour, so that the copies hold
// every function that has a guard also as it is without, and the name of the program decides
// which of them runs. Guards outside of functions are built one by one.
//
//	go run ./tools/guards            # every row
//	go run ./tools/guards archives   # rows whose attack, test or file holds the word
package main
