// Package serve is the command rhumb serve: it reads flags and environment and hands them to
// the server.
package serve
