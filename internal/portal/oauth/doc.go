// Package oauth signs members in: it hashes passwords, makes and checks tokens, and answers
// generateToken and the OAuth2 operations of the ArcGIS REST API with their pages.
//
// # Tokens
//
// A token is 256 random bits. The store holds its SHA-256, its kind (an access token never
// passes for a refresh token or a code), whom it stands for, and what it is bound to: the
// referer or the address that generateToken was asked for. Lifetimes that are too long are
// cut, never refused. A new password ends all tokens of a member.
//
// # Sign-in
//
// generateToken takes the password by POST. The OAuth2 pages keep what a client asked for on
// the server, under a random oauth_state that the page carries. The built-in clients are
// public ones: their redirects go only to the portal's own scheme, host and port, or
// out-of-band to a page that shows the code.
//
// Wrong passwords are counted by account and address; past a limit that pair is refused for a
// while. By account alone they only delay, so that nobody can lock a member out from afar.
//
// # Hashing
//
// [Hasher] is argon2id with a bounded number of computations at a time.
package oauth
