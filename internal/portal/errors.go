package portal

import (
	"errors"
	"fmt"
)

// ErrAbsent is what a store returns for an object that does not exist.
var ErrAbsent = errors.New("absent")

// Error is a failure that the caller may see, in the terms of the ArcGIS REST API.
type Error struct {
	Code        int    // 400, 403, 404, 409, 498, 499, 500
	MessageCode string // for example CONT_0001; may be empty
	Message     string
	Details     []string
}

func (e *Error) Error() string {
	if e.MessageCode == "" {
		return fmt.Sprintf("%s (%d)", e.Message, e.Code)
	}
	return fmt.Sprintf("%s: %s (%d)", e.MessageCode, e.Message, e.Code)
}

// Errors of the REST API that are raised in several places. Clients compare their texts.
func errNoItem() *Error {
	return &Error{Code: 400, MessageCode: "CONT_0001", Message: "Item does not exist or is inaccessible."}
}

func errNoGroup() *Error {
	return &Error{Code: 400, MessageCode: "COM_0003", Message: "Group does not exist or is inaccessible."}
}

func errNoUser() *Error {
	return &Error{Code: 400, MessageCode: "COM_0018", Message: "User does not exist or is inaccessible."}
}

func errNoFolder() *Error {
	return &Error{Code: 400, MessageCode: "CONT_0004", Message: "Folder does not exist or is inaccessible."}
}

func errNoResource() *Error {
	return &Error{Code: 404, Message: "Resource does not exist or is inaccessible."}
}

// ErrDenied is the answer to a signed-in caller who lacks a privilege; needs, where given,
// names what is missing.
func ErrDenied(needs string) *Error {
	e := &Error{Code: 403, MessageCode: "GWM_0003", Message: "You do not have permissions to access this resource or perform this operation."}
	if needs != "" {
		e.Details = []string{"Needed: " + needs + "."}
	}
	return e
}

// ErrTokenRequired is the answer to an anonymous caller of what needs a member.
func ErrTokenRequired() *Error {
	return &Error{Code: 499, MessageCode: "GWM_0003", Message: "Token Required", Details: []string{"Token Required"}}
}

// ErrInvalidToken is the answer to a token that is unknown, expired or bound elsewhere.
func ErrInvalidToken() *Error {
	return &Error{Code: 498, Message: "Invalid token.", Details: []string{}}
}

// ErrBadParam names a parameter whose value cannot be used, and why.
func ErrBadParam(name, why string) *Error {
	return &Error{Code: 400, Message: fmt.Sprintf("Unable to use the parameter '%s': %s", name, why), Details: []string{"'" + name + "' " + why}}
}

// ErrMissingParam names a parameter that the call needs.
func ErrMissingParam(name string) *Error {
	return &Error{Code: 400, Message: fmt.Sprintf("'%s' must be specified.", name), Details: []string{"'" + name + "' must be specified."}}
}

// ErrNotSupported is the answer to an operation or parameter that this server does not have.
func ErrNotSupported(what string) *Error {
	return &Error{Code: 400, MessageCode: "RHUMB_0001", Message: what + " is not supported by this portal."}
}

// absentAs turns ErrAbsent into the given public error and passes every other error on.
func absentAs(err error, public *Error) error {
	if errors.Is(err, ErrAbsent) {
		return public
	}
	return err
}
