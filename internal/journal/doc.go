// Package journal keeps an append-only file of checksummed lines, for runs that go on where a
// crash left them.
//
// Each line is the CRC-32C of its JSON in eight hexadecimal characters, a space, and the JSON.
// [Log.Append] returns when the line is on disk; lines that wait at the same time share one
// sync. A torn last line, left by a crash, is dropped when the file is opened; damage anywhere
// else is an error. A file is locked while it is open: a second opening is refused.
//
// What the lines mean is up to the caller, who is handed each of them at [Open].
package journal
