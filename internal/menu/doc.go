// Package menu is the interactive menu of rhumb: numbered entries over the use cases of package
// member and the SDK, for people who would rather choose than type commands.
//
// It reads lines and prints lines, so that it works over a slow connection, with the keyboard
// alone, in a pipe and for a screen reader. Empty input goes back, q leaves, and the end of the
// input leaves everywhere.
package menu
