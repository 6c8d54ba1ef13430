// Package rest is a fixture.
package rest

type Route struct {
	Pattern string
	Write   bool
	Handle  func()
}

const users = "sharing/rest/community/users"

func routes() []Route {
	// guess: the portal answers an empty list
	// where nothing matches.
	//
	// Not part of the guess.
	return append([]Route{
		{Pattern: users, Handle: nil},
		{Pattern: users + "/{username}/update", Write: true},
		{Pattern: users + "/{username}/{operation}"},
		{Pattern: "sharing/rest/community/Self"},
		// deviates: files are <streamed>
		{Pattern: "sharing/rest/content/items/{id}/resources/{path...}"},
	}, Route{Pattern: "portaladmin/security", Write: false}, Route{})
}
