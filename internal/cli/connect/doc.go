// Package connect opens the portals that commands work on: it reads the flags and environment
// variables for addresses, authorities and credentials, which never come from arguments.
package connect
