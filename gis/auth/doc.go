// Package auth holds the ways of signing in to a portal.
//
//	p, err := gis.New("https://host/portal", auth.Password("ada", password))
//
// A [Method] obtains tokens; package gis decides when: on the first request, before a token
// expires, and once more when the portal rejects one. At most one SignIn of a connection
// runs at a time. After the portal refused the credentials themselves, gis does not try them
// again on its own, so that a wrong password cannot lock an account.
//
// Methods and grants print without their secrets.
package auth
