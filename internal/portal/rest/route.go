package rest

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Route is one operation: a line of the route table.
//
// Pattern is the path below the portal's context, without a leading slash, such as
// "sharing/rest/community/users/{username}/update"; {name} matches one segment and a last
// {name...} the rest, which may be empty. Fixed segments match without regard to case and win
// over variables.
type Route struct {
	Pattern string
	Write   bool        // changes state: POST only (reads take GET and POST)
	Get     bool        // a write that clients also send by GET
	Files   bool        // takes file parts
	NoToken bool        // has no caller: a token among the parameters is the handler's own business
	Plain   bool        // answers without the JSON conventions (OAuth pages); f is not looked at
	JSON    bool        // answers JSON where f is missing (OAuth token endpoints)
	Refuse  []string    // documented parameters that are refused by name when they carry a value
	Handle  HandlerFunc //
}

// HandlerFunc parses r, calls one use case and returns what to answer.
type HandlerFunc func(ctx context.Context, r *Request) (any, error)

// Object is a JSON answer whose keys are written in sorted order.
type Object = map[string]any

// Bytes is an answer that is a file. Reader is closed after it was served; ranges are honored.
type Bytes struct {
	Reader      io.ReadSeekCloser
	ContentType string
	Name        string // offered as a file name; empty: none
	Attachment  bool   // to be saved, never shown; active types (HTML, SVG, XML) always are
	Modified    time.Time
	ETag        string // strong validator without quotes, such as a content hash; empty: none
	Public      bool   // readable without a token: may be cached by shared caches
}

// Stream is an answer that is a file made while it is sent. Once Write has begun, a failure
// breaks the connection off, so that nobody takes the file for whole.
type Stream struct {
	ContentType string
	Name        string
	Write       func(ctx context.Context, w io.Writer) error
}

// Redirect is an answer that sends the browser elsewhere with 302.
type Redirect struct{ Location string }

// HTML is a finished page.
type HTML struct {
	Status int // 0: 200
	Body   []byte
	FormTo string // address beyond the portal that a form on the page may end at
}

// statusError carries an HTTP status of its own for the few file routes whose clients look
// at it.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// withStatus makes err answer with a real HTTP status.
func withStatus(status int, err error) error { return &statusError{status, err} }

// Request is one call: its merged parameters, its file parts and its caller. One goroutine
// uses it.
type Request struct {
	HTTP   *http.Request
	Caller portal.Caller
	Token  *portal.Token // nil: anonymous
	vars   map[string]string
	params map[string][]string // by lower-case name
	files  map[string][]portal.File
	format string          // f in lower case
	asked  map[string]bool // names that the handler looked at; nil: not recorded
	stray  int64           // bytes of files that were stored before a token was seen
}

// Var returns a path variable, unescaped.
func (r *Request) Var(name string) string { return r.vars[name] }
