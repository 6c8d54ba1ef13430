// Package gis is a fixture.
package gis

import "iter"

// User is a member.
//
// py: arcgis.gis.User
type User struct {
	// Groups are the groups of the member.
	//
	// py: arcgis.gis.User.groups
	Groups []string
	Plain  string
}

// Users is the collection.
type Users[T any] struct{}

// Search yields members.
//
// rest: GET community/users
// rest: get /portals/self/users
// py: arcgis.gis.UserManager.search
func (u *Users[T]) Search() iter.Seq[T] { return nil }

// Update changes the member.
//
// rest: POST community/users/{username}/update
// py: arcgis.gis.User.update
func (u *User) Update() error { return nil }

// Self reads the caller.
//
// rest: GET community/self
func Self() {}

// Flag has no counterpart in the reference and no route.
//
// guess: the flag is kept.
//
// rest: POST community/flags
// rest: POST community/users/{username}/canFlag reads
// py: arcgis.gis.User.flag
func Flag() {}
