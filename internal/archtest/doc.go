// Package archtest holds the house rules that a machine can check, and the test that applies
// them to this tree. Each rule is a function from what was read to a list of violations, so
// that a second test shows on small examples that it can fail.
//
// The rules: who may import whom ([layers]); one package comment each; sizes of files; no
// test package in the binary; no default HTTP client, no clock but internal/clock, no init
// functions, no skip but through internal/require, no way out of the portal to others; no secret
// in recorded files and no path of a developer's machine anywhere.
//
// A rule that must give way for one place does so in its table here, with the reason.
package archtest
