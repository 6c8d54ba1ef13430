// Package terminal prints for people: texts without control characters, sizes, times left,
// and one line that is redrawn while long work goes on.
package terminal
