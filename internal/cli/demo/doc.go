// Package demo is the command rhumb demo: it starts two portals, fills the first with the demo
// organization, clones it into the second and prints the outcome.
package demo
