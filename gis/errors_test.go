package gis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	portal := func(code int, messageCode string) *wire.Error {
		return &wire.Error{Class: wire.ClassPortal, HTTPStatus: 200, Code: code, MessageCode: messageCode}
	}
	status := func(code int) *wire.Error { return &wire.Error{Class: wire.ClassHTTP, HTTPStatus: code} }
	tests := []struct {
		name string
		err  *wire.Error
		want Kind
	}{
		{"item", portal(400, "CONT_0001"), ErrNotFound},
		{"group", portal(400, "COM_0003"), ErrNotFound},
		{"user", portal(400, "COM_0018"), ErrNotFound},
		{"resource", portal(404, ""), ErrNotFound},
		{"not logged in", portal(400, "COM_0019"), ErrToken},
		{"invalid token", portal(498, ""), ErrToken},
		{"token required", portal(499, "GWM_0003"), ErrToken},
		{"denied", portal(403, "GWM_0003"), ErrDenied},
		{"taken", portal(409, ""), ErrConflict},
		{"invalid", portal(400, ""), ErrInvalid},
		{"busy", portal(429, ""), ErrThrottled},
		{"unsupported", portal(400, "RHUMB_0001"), ErrUnsupported},
		{"recycle bin", portal(400, "CONT_0298"), ErrUnsupported},
		{"inside", portal(500, ""), ErrServer},
		{"no code", portal(0, ""), ErrServer},
		{"no code but a status", &wire.Error{Class: wire.ClassPortal, HTTPStatus: 403}, ErrDenied},
		{"status 401", status(401), ErrToken},
		{"status 404", status(404), ErrNotFound},
		{"status 405", status(405), ErrUnsupported},
		{"status 502", status(502), ErrServer},
		{"argument", &wire.Error{Class: wire.ClassArgument}, ErrInvalid},
		{"transport", &wire.Error{Class: wire.ClassTransport}, ErrTransport},
		{"protocol", &wire.Error{Class: wire.ClassProtocol}, ErrProtocol},
	}
	for _, tt := range tests {
		err := fmt.Errorf("while testing: %w", wrap(tt.err))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want kind %q", tt.name, err, tt.want)
		}
		for _, other := range []Kind{ErrNotFound, ErrToken, ErrDenied, ErrConflict, ErrInvalid, ErrThrottled, ErrUnsupported, ErrServer, ErrTransport, ErrProtocol} {
			if other != tt.want && errors.Is(err, other) {
				t.Errorf("%s is also of kind %q", tt.name, other)
			}
		}
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  *wire.Error
		want string
	}{
		{&wire.Error{Class: wire.ClassPortal, Op: "GET x", Code: 400, MessageCode: "CONT_0001", Message: "Item does not exist or is inaccessible."},
			"GET x: Item does not exist or is inaccessible. (CONT_0001)"},
		{&wire.Error{Class: wire.ClassPortal, Op: "POST x", Code: 400, Message: "Unable to generate token.", Details: []string{"Unable to generate token.", "Invalid username or password."}},
			"POST x: Unable to generate token. Invalid username or password. (code 400)"},
		{&wire.Error{Class: wire.ClassTransport, Op: "GET x", Cause: context.Canceled}, "GET x: context canceled"},
		{&wire.Error{Class: wire.ClassPortal, Op: "GET x", HTTPStatus: 500}, "GET x: portal failure"},
	}
	for _, tt := range tests {
		if got := wrap(tt.err).Error(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
	err := wrap(&wire.Error{Class: wire.ClassTransport, Ambiguous: true, Cause: context.Canceled})
	if !errors.Is(err, context.Canceled) || !Ambiguous(err) || !Ambiguous(fmt.Errorf("x: %w", err)) || Ambiguous(errors.New("x")) || !Retryable(err) || Retryable(nil) {
		t.Errorf("behavior of %v", err)
	}
	plain := errors.New("plain")
	if wrap(plain) != plain || wrap(nil) != nil {
		t.Error("other errors do not pass")
	}
}

func TestBatchErrorText(t *testing.T) {
	t.Parallel()
	one := &BatchError{Op: "POST x", Done: []string{"a"}, Failed: []ItemError{{"b", ErrDenied}}}
	two := &BatchError{Op: "POST x", Done: []string{"a"}, Failed: []ItemError{{"b", ErrDenied}, {"c", ErrNotFound}}}
	if got := one.Error(); got != "POST x: b: permission denied" {
		t.Error(got)
	}
	if got := two.Error(); got != "POST x: b: permission denied (and 1 more of 3 failed)" {
		t.Error(got)
	}
	if !errors.Is(two, ErrNotFound) || !errors.Is(two, ErrDenied) || errors.Is(two, ErrToken) {
		t.Error("the failures are not found in the batch")
	}
	if got := two.Failed[1].Error(); got != "c: not found" {
		t.Error(got)
	}
}

func TestInChunks(t *testing.T) {
	t.Parallel()
	ids := strings.Split("a b c d e", " ")
	broken := errors.New("broken")
	var chunks []string
	err := inChunks(t.Context(), "POST x", ids, 2, func(b *batch, chunk []string) error {
		chunks = append(chunks, strings.Join(chunk, ""))
		if chunk[0] == "c" {
			return broken
		}
		b.verdict(chunk, nil, "")
		return nil
	})
	var be *BatchError
	if !errors.As(err, &be) || strings.Join(chunks, " ") != "ab cd e" || strings.Join(be.Done, "") != "abe" || len(be.Failed) != 2 || !errors.Is(err, broken) {
		t.Errorf("chunks %v, err = %+v", chunks, err)
	}
	if err := inChunks(t.Context(), "POST x", ids, 5, func(*batch, []string) error { return broken }); err != broken {
		t.Errorf("a single call: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err = inChunks(ctx, "POST x", ids, 2, func(b *batch, chunk []string) error {
		calls++
		cancel()
		b.verdict(chunk, nil, "")
		return nil
	})
	if calls != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %d calls, %v", calls, err)
	}
}
