// Package wire carries requests of package gis to a portal and brings back answers that can
// be trusted: an answer is a success only after its body was read, because portals report
// most failures with HTTP 200.
//
// # Requests
//
// A [Request] begins with one of three constructors, and the choice is the contract on
// repeating it:
//
//   - [Read] changes nothing. It goes by GET, and by POST once its address would pass 2,000
//     characters.
//   - [Write] changes state, and doing it twice leaves the same state as doing it once.
//   - [Once] changes state and must not be done twice.
//
// Reads and writes are repeated after transport failures, server errors and throttling. A
// Once request is repeated only when it certainly was not carried out: no connection came
// about, or the host refused it as one too many. Everything else about it is reported as
// ambiguous ([Error.Ambiguous]), so that the caller can look before it repeats.
//
// # Bodies
//
// Parameters travel as a form, or as multipart/form-data where the request has files. Files
// are streamed and never held in memory; a request is repeated only if each of its files can
// be opened again.
//
// # Pacing
//
// All requests to a host share one [Pacer]: a bound on the requests in flight that grows
// slowly while answers come quickly, is cut when the host throttles or slows down, and
// pauses for as long as the host asks in Retry-After.
//
// # Secrets
//
// The token travels in the X-Esri-Authorization header, never in an address, and is not sent
// along when a redirect leads to another host. Addresses in errors and logs are redacted.
package wire
