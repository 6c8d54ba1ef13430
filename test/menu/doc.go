// Package menu sits down at rhumb menu: every entry is tried on a pseudo terminal, as a person
// has it, and through pipes, as a script has it, against portals with licenses and against one
// with a directory.
package menu
