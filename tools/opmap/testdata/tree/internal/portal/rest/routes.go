// Package rest is a fixture.
package rest

// guess: the portal answers an empty list
// where nothing matches.
//
// Not part of the guess.
func first() {}

// deviates: files are <streamed>
func second() {}
