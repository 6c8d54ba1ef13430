// Package esri is the vocabulary that every part of rhumb shares with the ArcGIS REST API:
// identifiers, times and extents as they stand on the wire.
//
// It holds names and encodings only. Requests, responses and rules live with the client
// (package gis) and with the server (internal/portal), which never share a struct, so that
// a mistake on one side cannot cancel the same mistake on the other.
//
// # Identifiers
//
// Items, folders and groups are named by 32 lower-case hexadecimal characters; roles by 16
// alphanumeric characters or one of the predefined names; organizations by a short
// alphanumeric string.
//
// # Times
//
// The wire form of a moment is a whole number of milliseconds since 1970 UTC, and -1 for
// "never". [Time] maps "never" to the zero time.
package esri
