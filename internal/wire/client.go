package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Tokens hands out the token of a session. Both methods are called from many goroutines.
type Tokens interface {
	// Token answers a token that is fresh as far as is known; empty means anonymous.
	Token(ctx context.Context) (secret.Secret, error)
	// Renew answers a token to use instead of stale, which the portal rejected. It answers
	// stale itself where no other can be had.
	Renew(ctx context.Context, stale secret.Secret) (secret.Secret, error)
}

// Config is what a client is made of. Portal, HTTP and Pacer are required.
type Config struct {
	Portal    *url.URL // https://host/portal, without a trailing slash
	HTTP      *http.Client
	Pacer     *Pacer
	Tokens    Tokens // nil: anonymous
	Logger    *slog.Logger
	UserAgent string
	Referer   string
	Attempts  int           // most attempts at one request; default 5
	Stall     time.Duration // longest silence of the host within a request; default 5 minutes
}

// Client sends requests to one portal. It is safe for concurrent use.
type Client struct {
	cfg   Config
	http  *http.Client
	clock clock.Clock
}

// New makes a client. cfg.HTTP is copied: the copy refuses to carry tokens to other hosts.
func New(cfg Config) *Client {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Attempts <= 0 {
		cfg.Attempts = 5
	}
	if cfg.Stall <= 0 {
		cfg.Stall = 5 * time.Minute
	}
	hc := *cfg.HTTP
	hc.CheckRedirect = guardRedirects(cfg.HTTP.CheckRedirect)
	return &Client{cfg: cfg, http: &hc, clock: clock.System{}}
}

// maxJSON bounds an answer that is decoded as a whole. The largest legitimate ones are pages
// of 100 items with long descriptions.
const maxJSON = 64 << 20

// JSON sends r and decodes the answer into out; a nil out only checks for success.
func (c *Client) JSON(ctx context.Context, r *Request, out any) error {
	if out == nil {
		out = new(json.RawMessage)
	}
	return c.JSONFunc(ctx, r, func(body []byte) error { return json.Unmarshal(body, out) })
}

// JSONFunc sends r and hands the answer, which reports no failure, to decode. decode may
// keep the body. It is called again if the request is repeated.
func (c *Client) JSONFunc(ctx context.Context, r *Request, decode func(body []byte) error) error {
	r.params.Set("f", "json")
	return c.send(ctx, r, func(a *attempt) *Error {
		body, err := a.readAll(maxJSON)
		if err != nil {
			return a.fail(ClassTransport, err)
		}
		if e := a.verdict(body); e != nil {
			return e
		}
		a.settle(nil) // the portal is done with it
		return a.undecodable(body, decode(body))
	})
}

func (a *attempt) undecodable(body []byte, err error) *Error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return a.fail(ClassProtocol, fmt.Errorf("the answer is no JSON but %s; is %s the address of a portal?", describe(a.res, body), a.client.cfg.Portal))
	default:
		return a.fail(ClassProtocol, fmt.Errorf("decode the answer: %w", err))
	}
}

// Response is an answer that is read as a stream.
type Response struct {
	Body   io.ReadCloser
	Status int
	Header http.Header
	Size   int64 // -1: unknown
}

// maxErrorBody is how much of a stream is read ahead to find out that it is an error: the
// portal's errors are shorter, and JSON that is longer is data.
const maxErrorBody = 4 << 10

// Open sends r, without f, and answers the stream. An answer counts as an error if its
// status is not 2xx, or if the whole of it is a JSON object with a portal's error in it.
func (c *Client) Open(ctx context.Context, r *Request) (*Response, error) {
	var res *Response
	r.Header("Accept-Encoding", "identity") // sizes and ranges are those of the file
	err := c.send(ctx, r, func(a *attempt) *Error {
		head, whole, err := a.peek(maxErrorBody)
		if err != nil {
			return a.fail(ClassTransport, err)
		}
		if a.res.StatusCode/100 != 2 {
			return a.statusError(head)
		}
		if whole && onlyError(head) {
			return a.verdict(head)
		}
		res = a.stream(head, whole)
		return nil
	})
	return res, err
}

// onlyError reports whether body is a JSON object with the single member "error", which
// holds a code: what a portal answers in place of a file.
func onlyError(body []byte) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || len(members) != 1 {
		return false
	}
	var e struct{ Code *number }
	return json.Unmarshal(members["error"], &e) == nil && e.Code != nil
}
