// Package cli is the command line of rhumb: the root command, the list of its nouns, and the
// one place where errors are printed and become exit codes.
package cli
