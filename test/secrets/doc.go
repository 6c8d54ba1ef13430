// Package secrets runs the program whole, with secrets of every kind, and looks for them in
// everything that the runs wrote.
package secrets
