package rest

import (
	"context"
	"errors"
	"net/http"
)

// stream answers with a file that is made while it is sent.
func (a *answer) stream(s *Stream) {
	hd := a.w.Header()
	hd.Set("Content-Type", contentType(s.ContentType))
	hd.Set("Content-Security-Policy", bytesPolicy)
	hd.Set("Cache-Control", "no-store")
	hd.Set("Content-Disposition", disposition(true, s.Name))
	if a.hr.Method == http.MethodHead {
		a.w.WriteHeader(http.StatusOK)
		return
	}
	ctx := a.hr.Context()
	err := s.Write(ctx, a.w)
	if err == nil {
		return
	}
	a.call.outcome = "broken off"
	if !errors.Is(err, context.Canceled) && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "stream broke off", "op", a.rt.Pattern, "request", a.call.id, "err", err)
	}
	panic(http.ErrAbortHandler)
}
