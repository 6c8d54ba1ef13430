// Package secret holds passwords, tokens and keys in a type that does not print.
//
// Every way by which a value reaches a log, an error text, a JSON document or a
// terminal answers "[redacted]": String, GoString, every verb of fmt, slog,
// encoding/json and encoding.TextMarshaler. [Secret.Reveal] is the only door, so a
// search for it finds each place where a secret leaves the program.
//
// Three doors of the language stay open, and callers keep clear of them: fmt cannot call
// methods on unexported struct fields, so a struct that holds a Secret in one is never
// printed whole; encoding/json writes map keys of a string type as they are, so a Secret
// is never a key; %p, which go vet refuses, prints the value.
//
// [New] and [Hex] draw fresh secrets from the system's random source.
package secret
