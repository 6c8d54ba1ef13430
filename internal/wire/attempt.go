package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// maxQuery is the longest address that is sent by GET.
const maxQuery = 2000

// attempt is one sending of a request.
type attempt struct {
	client    *Client
	req       *Request
	url       string // redacted
	wrote     atomic.Bool
	watch     *watchdog
	cancel    context.CancelCauseFunc
	ctx       context.Context
	res       *http.Response
	streaming *Response
	slot      *slot         // until it is settled
	latency   time.Duration // until the answer began
}

// root answers the address that the request's path is relative to.
func (c *Client) root(r *Request) string {
	if strings.HasPrefix(r.path, "portaladmin/") || r.path == "portaladmin" {
		return c.cfg.Portal.String() + "/"
	}
	return c.cfg.Portal.String() + "/sharing/rest/"
}

// address answers the redacted address for errors and logs, without parameters.
func (c *Client) address(r *Request) string {
	u, err := url.Parse(c.root(r) + r.path)
	if err != nil {
		return ""
	}
	return Redact(u)
}

// do sends the request and waits for the head of the answer.
func (a *attempt) do(ctx context.Context, token secret.Secret) *Error {
	a.ctx, a.cancel = context.WithCancelCause(ctx)
	a.watch = newWatchdog(a.client.cfg.Stall, func() { a.cancel(errStalled) })
	trace := &httptrace.ClientTrace{WroteHeaders: func() { a.wrote.Store(true) }}
	req, err := a.build(httptrace.WithClientTrace(a.ctx, trace), token)
	if err != nil {
		return a.fail(ClassArgument, err)
	}
	a.res, err = a.client.http.Do(req)
	if err != nil {
		return a.fail(ClassTransport, err)
	}
	a.watch.pause()
	return nil
}

func (a *attempt) build(ctx context.Context, token secret.Secret) (*http.Request, error) {
	r, cfg := a.req, a.client.cfg
	params := r.params
	if r.tokenInBody && token != "" {
		params = url.Values{}
		for k, v := range r.params {
			params[k] = v
		}
		params.Set("token", token.Reveal())
	}
	address := a.client.root(r) + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	query := params.Encode()
	var req *http.Request
	var err error
	switch {
	case len(r.files) > 0:
		req, err = a.multipart(ctx, address, params)
	case r.mode == modeRead && len(r.query) == 0 && !r.tokenInBody && len(address)+1+len(query) <= maxQuery:
		if query != "" {
			address += "?" + query
		}
		req, err = http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	default:
		req, err = http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(query))
		if req != nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	if err != nil {
		return nil, err
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", cfg.UserAgent)
	if cfg.Referer != "" {
		req.Header.Set("Referer", cfg.Referer)
	}
	if token != "" && !r.tokenInBody {
		req.Header.Set(tokenHeader, "Bearer "+token.Reveal())
	}
	return req, nil
}

func (a *attempt) multipart(ctx context.Context, address string, params url.Values) (*http.Request, error) {
	form, err := newForm(params, a.req.files)
	if err != nil {
		return nil, err
	}
	body := func() io.ReadCloser { return a.watch.sending(form.open()) }
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body())
	if err != nil {
		return nil, err
	}
	req.ContentLength = form.size
	if a.req.repeatable() {
		req.GetBody = func() (io.ReadCloser, error) { return body(), nil }
	}
	req.Header.Set("Content-Type", form.contentType)
	return req, nil
}

// fail makes the error of an attempt that brought no answer which can be judged.
func (a *attempt) fail(class Class, err error) *Error {
	var ue *url.Error
	for errors.As(err, &ue) { // its text holds the address with all parameters
		err = ue.Err
	}
	if cause := context.Cause(a.ctx); cause != nil && a.ctx.Err() != nil && !errors.Is(err, cause) {
		err = cause
	}
	var refused *redirectError
	var source *sourceError
	switch {
	case errors.As(err, &refused):
		class = ClassProtocol
	case errors.As(err, &source):
		class, err = ClassArgument, source.err
	}
	e := &Error{Class: class, Op: a.req.Op(), URL: a.url, Cause: err}
	if a.res != nil {
		e.HTTPStatus = a.res.StatusCode
	}
	e.Ambiguous = a.req.mode != modeRead && a.wrote.Load() && class != ClassArgument
	return e
}

// verdict decides on an answer that was read as a whole, but for its form.
func (a *attempt) verdict(body []byte) *Error {
	if e := failure(body, a.req.statusIsData); e != nil {
		return a.complete(e)
	}
	if a.res.StatusCode/100 != 2 {
		return a.statusError(body)
	}
	return nil
}

// statusError is the error of an answer whose status is not 2xx.
func (a *attempt) statusError(body []byte) *Error {
	if e := failure(body, false); e != nil {
		return a.complete(e)
	}
	return a.complete(&Error{Class: ClassHTTP, Message: fmt.Sprintf("HTTP status %s", a.res.Status)})
}

// complete fills in what every error of an answered request carries. The portal's word that
// a request failed is believed unless it failed inside the portal or at a gateway: then it
// may have been carried out all the same.
func (a *attempt) complete(e *Error) *Error {
	e.Op, e.URL, e.HTTPStatus = a.req.Op(), a.url, a.res.StatusCode
	e.RetryAfter = retryAfter(a.res.Header, a.client.clock.Now())
	inside := e.Code >= 500 || e.Code == 0 && e.HTTPStatus >= 500
	e.Ambiguous = a.req.mode != modeRead && inside && !e.Throttled()
	return e
}

func describe(res *http.Response, body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "empty"
	}
	if t := res.Header.Get("Content-Type"); t != "" {
		return t
	}
	return "something else"
}

// retryAfter reads both forms of the header: seconds, and a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if s, err := strconv.Atoi(v); err == nil {
		return max(0, time.Duration(s)*time.Second)
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

func (a *attempt) close() {
	if a.res != nil {
		// What is left of a short answer is read, so that the connection can be used again.
		_, _ = io.CopyN(io.Discard, a.res.Body, maxErrorBody)
		_ = a.res.Body.Close()
	}
	a.watch.stop()
	a.cancel(nil)
}
