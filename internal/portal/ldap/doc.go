// Package ldap reads people and groups from an LDAP server, and asks it about passwords: the
// enterprise identity store of a portal.
//
// It never writes to the server. Values that callers choose reach it only escaped, an empty
// password is refused before the server sees it (servers take it for an anonymous bind, which
// succeeds), and referrals are not followed. Off this machine it speaks only over TLS.
package ldap
