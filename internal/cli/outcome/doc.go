// Package outcome shows what the use cases of package member are about to do and what they did:
// a preview with a question, progress while it goes on, the results, and the exit code.
package outcome
