// Package command holds what the commands of rhumb share: the streams they talk through, the
// Factory they are made with, and the errors that carry exit codes.
//
// A command is an options struct, a constructor that takes a *[Factory] and a seam for
// tests, and a run function. The constructor touches nothing; Factory fields are functions
// or plain values, so that --help and rhumb version stay instant.
//
// # Exit codes
//
//	0    done
//	1    failed
//	3    partly done: some objects failed or differ, and the report says which
//	4    sign-in needed
//	5    not found
//	6    wrong usage
//	8    pending: the work goes on elsewhere
//	130  cancelled
//
// 2 is left to the Go runtime. A code that is not in the table means failed.
package command
