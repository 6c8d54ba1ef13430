package wire

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Class says where a failure was found.
type Class int

// The classes, from the caller outwards.
const (
	ClassArgument  Class = iota // the request could not be made; nothing was sent
	ClassTransport              // no complete answer arrived
	ClassProtocol               // an answer arrived that no portal gives
	ClassHTTP                   // an HTTP status without a portal's error
	ClassPortal                 // the portal's own error
)

// Error is a failed request.
type Error struct {
	Class       Class
	Op          string
	URL         string // redacted
	HTTPStatus  int    // 0: no answer
	Code        int    // the portal's code, which differs from HTTPStatus
	MessageCode string
	Message     string
	Details     []string
	Body        json.RawMessage // the portal's error object
	RetryAfter  time.Duration
	Ambiguous   bool // the request changes state and may have been carried out
	Cause       error
}

// Error puts the portal's words first and the operation before them.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	switch {
	case e.Message != "":
		b.WriteString(e.Message)
	case e.Cause != nil:
		b.WriteString(e.Cause.Error())
	default:
		fmt.Fprintf(&b, "HTTP status %d", e.HTTPStatus)
	}
	return b.String()
}

// Unwrap answers the cause, such as a context's error.
func (e *Error) Unwrap() error { return e.Cause }

// Throttled reports whether the host refused the request as one too many.
func (e *Error) Throttled() bool { return e.HTTPStatus == 429 || e.Code == 429 }

// overloaded reports whether the host is at its limit, in any of the ways hosts say so.
func (e *Error) overloaded() bool {
	for _, code := range [2]int{e.HTTPStatus, e.Code} {
		if code == 429 || code == 503 || code == 504 {
			return true
		}
	}
	return false
}

// InvalidToken reports whether the portal rejected the token as such.
func (e *Error) InvalidToken() bool {
	return e.Code == 498 || e.Code == 499 || e.Code == 0 && (e.HTTPStatus == 498 || e.HTTPStatus == 499 || e.HTTPStatus == 401)
}

// Temporary reports whether the same request may succeed a little later. A portal's own
// error is final unless it says that the host is overloaded: portals use code 500 for
// failures that stay.
func (e *Error) Temporary() bool {
	switch e.Class {
	case ClassTransport:
		return !hopeless(e.Cause)
	case ClassHTTP:
		return e.HTTPStatus >= 500 && e.HTTPStatus != http.StatusNotImplemented || e.HTTPStatus == 429
	case ClassPortal:
		return e.overloaded() || e.Code == 502
	default:
		return false
	}
}

// hopeless reports failures to reach a host that no repetition mends.
func hopeless(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var dns *net.DNSError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &dns) && dns.IsNotFound
}
