// Package soak holds the long tests of the running binary: kills under write load, the order
// of syncs and answers, and files of many gigabytes. RHUMB_SOAK says how much of them runs:
// full, tenth, or a small count where it is unset.
package soak
