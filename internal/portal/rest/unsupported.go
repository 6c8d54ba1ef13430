package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// unsupported answers an operation that this portal does not have.
func unsupported(what string) HandlerFunc {
	return func(context.Context, *Request) (any, error) { return nil, portal.ErrNotSupported(what) }
}

// unsupportedWrites makes routes of operations below a path that this portal does not have.
func unsupportedWrites(base string, operations ...string) []Route {
	var out []Route
	for _, op := range operations {
		out = append(out, Route{Pattern: base + "/" + op, Write: true, Handle: unsupported("The operation " + op)})
	}
	return out
}
