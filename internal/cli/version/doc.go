// Package version says which build of rhumb this is.
package version
