package wire

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Waiting between attempts: exponential with full jitter. A pause that the host asks for is
// honored up to longestPause; a longer one is the caller's to wait for.
const (
	firstWait    = 500 * time.Millisecond
	longestWait  = 30 * time.Second
	longestPause = 2 * time.Minute
)

// send runs attempts at r until read accepts an answer or no further attempt is due.
func (c *Client) send(ctx context.Context, r *Request, read func(*attempt) *Error) error {
	if r.err != nil {
		return &Error{Class: ClassArgument, Op: r.Op(), Cause: r.err}
	}
	token, err := c.token(ctx, r)
	if err != nil {
		return err
	}
	renewed := false
	for n := 1; ; n++ {
		e := c.attempt(ctx, r, token, n, read)
		if e == nil {
			return nil
		}
		if ctx.Err() != nil {
			return e
		}
		if e.InvalidToken() && !renewed && !r.anonymous && c.cfg.Tokens != nil {
			renewed = true
			fresh, err := c.cfg.Tokens.Renew(ctx, token)
			if err != nil {
				return err
			}
			if !fresh.Equal(token) && r.repeatable() {
				token = fresh
				continue
			}
			return e
		}
		if n >= c.cfg.Attempts || !r.mayRepeat(e) || e.RetryAfter > longestPause {
			return e
		}
		c.cfg.Pacer.countRetry()
		if err := pause(ctx, max(e.RetryAfter, backoff(n))); err != nil {
			return e
		}
	}
}

func (c *Client) token(ctx context.Context, r *Request) (secret.Secret, error) {
	if r.anonymous || c.cfg.Tokens == nil {
		return "", nil
	}
	return c.cfg.Tokens.Token(ctx)
}

// mayRepeat is the contract of [Read], [Write] and [Once] on failures.
func (r *Request) mayRepeat(e *Error) bool {
	if !r.repeatable() || !e.Temporary() {
		return false
	}
	return r.mode != modeOnce || !e.Ambiguous
}

func backoff(attempt int) time.Duration {
	ceiling := min(firstWait<<(attempt-1), longestWait)
	return ceiling/4 + rand.N(ceiling*3/4)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// attempt sends r once.
func (c *Client) attempt(ctx context.Context, r *Request, token secret.Secret, n int, read func(*attempt) *Error) *Error {
	slot, err := c.cfg.Pacer.acquire(ctx, r.urgent)
	if err != nil {
		return &Error{Class: ClassTransport, Op: r.Op(), URL: c.address(r), Cause: err}
	}
	a := &attempt{client: c, req: r, url: c.address(r), slot: slot}
	start := c.clock.Now()
	e := a.do(ctx, token)
	a.latency = c.clock.Now().Sub(start)
	if e == nil {
		e = read(a)
	}
	if a.streaming == nil {
		a.close()
	}
	a.settle(e)
	c.log(ctx, a, e, n, c.clock.Now().Sub(start))
	return e
}

// settle gives the place at the portal back, once, and tells the pacer what came of it. A read
// that works on a whole answer settles before it does.
func (a *attempt) settle(e *Error) {
	if a.slot == nil {
		return
	}
	o := outcome{op: a.req.Op(), answered: e == nil || e.Class == ClassPortal}
	if len(a.req.files) == 0 && !a.req.urgent {
		o.latency = a.latency
	}
	if e != nil && e.overloaded() {
		o.overloaded, o.retryAfter = true, min(e.RetryAfter, longestPause)
		o.reason = overloadReason(e)
	}
	a.slot.done(o)
	a.slot = nil
}

func overloadReason(e *Error) string {
	if e.Throttled() {
		return "the portal refuses further requests (429)"
	}
	return "the portal is overloaded (503, 504)"
}

func (c *Client) log(ctx context.Context, a *attempt, e *Error, n int, d time.Duration) {
	if !c.cfg.Logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("op", a.req.Op()), slog.String("url", a.url),
		slog.Int("attempt", n), slog.Duration("dur", d),
	}
	if a.res != nil {
		attrs = append(attrs, slog.Int("status", a.res.StatusCode))
	}
	if e != nil {
		attrs = append(attrs, slog.Int("code", e.Code), slog.String("err", e.Error()))
	}
	c.cfg.Logger.LogAttrs(ctx, slog.LevelDebug, "portal request", attrs...)
}

// errStalled is why a request was given up although its context had not ended.
var errStalled = errors.New("the portal fell silent")
