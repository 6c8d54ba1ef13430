// Package app composes the portal into one http.Handler: the domain, its REST routes and the
// sign-in operations over a store and a blob store. It serves rhumb serve and portaltest
// alike, so that tests meet the very portal that users run.
package app
