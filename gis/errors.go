package gis

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Kind classifies failures. It is an error itself, for errors.Is(err, gis.ErrNotFound).
type Kind string

// The kinds of [Error].
const (
	ErrNotFound    Kind = "not found"             // absent, or hidden from the caller: portals do not tell which
	ErrToken       Kind = "sign-in needed"        // no token, one that the portal rejects, or wrong credentials
	ErrDenied      Kind = "permission denied"     // signed in, but lacking a privilege
	ErrConflict    Kind = "conflict"              // the name or id is taken
	ErrInvalid     Kind = "invalid request"       // the portal, or the SDK before it, refuses the arguments
	ErrThrottled   Kind = "too many requests"     // refused for load; see Error.RetryAfter
	ErrUnsupported Kind = "not supported"         // the portal does not have the operation
	ErrServer      Kind = "portal failure"        // the portal failed inside
	ErrTransport   Kind = "connection failure"    // no complete answer arrived
	ErrProtocol    Kind = "unintelligible answer" // what answered is no portal, or answers like none
)

// Error answers the kind's name.
func (k Kind) Error() string { return string(k) }

// Error is a failed request. It matches its [Kind] with errors.Is, and wraps the cause where
// there is one, such as context.Canceled.
type Error struct {
	Op             string // method and documented path: "POST content/users/{username}/addItem"
	URL            string // redacted
	HTTPStatus     int    // 0: no answer; portals answer most errors with 200
	Code           int    // the portal's own code
	MessageCode    string // for example CONT_0001; often absent
	Message        string
	Details        []string
	RetryAfter     time.Duration // pause that the portal asks for
	OffendingItems []esri.ItemID // what stands against deleting an item

	kind      Kind
	ambiguous bool
	retryable bool
	cause     error
}

// Kind classifies the failure.
func (e *Error) Kind() Kind { return e.kind }

// Error gives the portal's words with the operation before them.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	switch {
	case e.Message != "":
		b.WriteString(e.Message)
	case e.cause != nil:
		b.WriteString(e.cause.Error())
	default:
		b.WriteString(string(e.kind))
	}
	for _, d := range e.Details {
		if d != e.Message {
			b.WriteString(" " + d)
		}
	}
	switch {
	case e.MessageCode != "":
		fmt.Fprintf(&b, " (%s)", e.MessageCode)
	case e.Code != 0:
		fmt.Fprintf(&b, " (code %d)", e.Code)
	}
	return b.String()
}

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.kind
}

// Unwrap answers the cause.
func (e *Error) Unwrap() error { return e.cause }

// Ambiguous reports whether the request may have been carried out although it failed: look
// before repeating it.
func (e *Error) Ambiguous() bool { return e.ambiguous }

// Retryable reports whether the same request may succeed later without anybody mending
// anything.
func (e *Error) Retryable() bool { return e.retryable }

// Ambiguous reports whether err, or an error it wraps, is an [Error] that leaves open
// whether the request was carried out.
func Ambiguous(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.ambiguous
}

// Retryable reports whether err, or an error it wraps, is an [Error] that may not come again.
func Retryable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.retryable
}

// byMessageCode gives the kind of the message codes whose numeric code does not tell it.
func byMessageCode(code string) (Kind, bool) {
	switch code {
	case "CONT_0001", "CONT_0004", "COM_0003", "COM_0018":
		return ErrNotFound, true
	case "COM_0019":
		return ErrToken, true
	case "CONT_0298", "RHUMB_0001":
		return ErrUnsupported, true
	default:
		return "", false
	}
}

// byCode gives the kind of a numeric code, the portal's or HTTP's.
func byCode(code int) Kind {
	switch {
	case code == 401 || code == 498 || code == 499:
		return ErrToken
	case code == 403:
		return ErrDenied
	case code == 404:
		return ErrNotFound
	case code == 405 || code == 501:
		return ErrUnsupported
	case code == 409:
		return ErrConflict
	case code == 429:
		return ErrThrottled
	case code >= 400 && code < 500:
		return ErrInvalid
	default:
		return ErrServer
	}
}

// noPermission begins the message of a refusal, which portals also send without any code.
const noPermission = "You do not have permissions to access this resource"

func kindOf(e *wire.Error) Kind {
	switch e.Class {
	case wire.ClassArgument:
		return ErrInvalid
	case wire.ClassTransport:
		return ErrTransport
	case wire.ClassProtocol:
		return ErrProtocol
	case wire.ClassHTTP:
		return byCode(e.HTTPStatus)
	}
	if k, ok := byMessageCode(e.MessageCode); ok {
		return k
	}
	switch {
	case e.Code == 0 && e.HTTPStatus >= 400:
		return byCode(e.HTTPStatus)
	case e.Code == 0 && strings.HasPrefix(e.Message, noPermission):
		return ErrDenied
	}
	return byCode(e.Code)
}

// wrap turns what package wire returns into an [Error]; other errors pass.
func wrap(err error) error {
	var w *wire.Error
	if !errors.As(err, &w) {
		return err
	}
	e := &Error{
		Op: w.Op, URL: w.URL, HTTPStatus: w.HTTPStatus, Code: w.Code, MessageCode: w.MessageCode,
		Message: w.Message, Details: w.Details, RetryAfter: w.RetryAfter,
		kind: kindOf(w), ambiguous: w.Ambiguous, retryable: w.Temporary(), cause: w.Cause,
	}
	var body struct {
		OffendingItems []struct {
			ItemID esri.ItemID `json:"itemId"`
			ID     esri.ItemID `json:"id"`
		} `json:"offendingItems"`
	}
	if json.Unmarshal(w.Body, &body) == nil {
		for _, item := range body.OffendingItems {
			if item.ItemID == "" {
				item.ItemID = item.ID
			}
			e.OffendingItems = append(e.OffendingItems, item.ItemID)
		}
	}
	return e
}

// refuse makes the error of a call that is not sent.
func refuse(kind Kind, op, format string, args ...any) error {
	return &Error{Op: op, Message: fmt.Sprintf(format, args...), kind: kind}
}

// as gives err another kind where check holds: for operations whose numeric code means
// something particular.
func as(err error, kind Kind, check func(*Error) bool) error {
	var e *Error
	if errors.As(err, &e) && check(e) {
		changed := *e
		changed.kind = kind
		return &changed
	}
	return err
}

// withAmbiguity answers err with another opinion on whether something was carried out.
func withAmbiguity(err error, ambiguous bool) error {
	var e *Error
	if !errors.As(err, &e) {
		if !ambiguous {
			return err
		}
		return &Error{Op: "upload", kind: ErrTransport, ambiguous: true, cause: err}
	}
	changed := *e
	changed.ambiguous = ambiguous
	return &changed
}
