// Package require decides what a test does when an optional part of the machine is absent.
//
// A developer's machine may lack strace, node or python3; the tests that need them skip
// there and say why. Where RHUMB_REQUIRE names the part, or is "all", the absence is a
// failure, so that continuous integration cannot pass by skipping. No other code calls
// t.Skip; internal/archtest enforces it.
package require
