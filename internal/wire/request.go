package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

type mode int

const (
	modeRead mode = iota
	modeWrite
	modeOnce
)

// Request is one operation with its arguments. Setters return the request; a mistake made in
// one of them is reported when the request is sent.
type Request struct {
	mode   mode
	op     string // pattern as documented, for errors and logs
	path   string // escaped, relative to the REST root or, for portaladmin, to the portal
	params url.Values
	query  url.Values // in the address also where the parameters travel in the body
	files  []File
	header http.Header
	err    error

	anonymous    bool
	tokenInBody  bool
	urgent       bool
	statusIsData bool
}

// Read is a request that changes nothing. The pattern is the documented path below the REST
// root, such as "content/items/{id}"; args replace its placeholders in order, escaped.
// {name?} drops its segment when the argument is empty, and {name...} takes a path of
// several segments. A pattern that begins with "portaladmin/" is relative to the portal.
func Read(pattern string, args ...string) *Request { return newRequest(modeRead, pattern, args) }

// Write is a request that changes state and may be repeated without further effect.
func Write(pattern string, args ...string) *Request { return newRequest(modeWrite, pattern, args) }

// Once is a request that changes state and must not be repeated.
func Once(pattern string, args ...string) *Request { return newRequest(modeOnce, pattern, args) }

func newRequest(m mode, pattern string, args []string) *Request {
	r := &Request{mode: m, params: url.Values{}}
	r.op, r.path, r.err = expand(pattern, args)
	return r
}

// argumentError is a mistake in the arguments of a request: nothing was sent.
type argumentError struct{ err error }

func (e *argumentError) Error() string { return e.err.Error() }
func (e *argumentError) Unwrap() error { return e.err }

func argument(format string, args ...any) error { return &argumentError{fmt.Errorf(format, args...)} }

// expand fills the placeholders of pattern, and answers also the pattern without the
// optional segments that were dropped.
func expand(pattern string, args []string) (op, path string, err error) {
	var names, segments []string
	next := 0
	for segment := range strings.SplitSeq(pattern, "/") {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			names, segments = append(names, segment), append(segments, segment)
			continue
		}
		if next >= len(args) {
			return pattern, "", argument("%s has more placeholders than arguments", pattern)
		}
		arg := args[next]
		next++
		name = strings.TrimSuffix(name, "}")
		if name, ok := strings.CutSuffix(name, "?"); ok {
			if arg == "" {
				continue
			}
			segment = "{" + name + "}"
		}
		escaped, err := escapeArgument(name, arg)
		if err != nil {
			return pattern, "", err
		}
		names, segments = append(names, segment), append(segments, escaped)
	}
	if next != len(args) {
		return pattern, "", argument("%s has fewer placeholders than arguments", pattern)
	}
	return strings.Join(names, "/"), strings.Join(segments, "/"), nil
}

func escapeArgument(name, arg string) (string, error) {
	parts := []string{arg}
	if strings.HasSuffix(name, "...") {
		parts = strings.Split(arg, "/")
	}
	for i, part := range parts {
		switch part {
		case "":
			return "", argument("%s is empty", strings.TrimSuffix(name, "..."))
		case ".", "..":
			return "", argument("%s must not be %q", strings.TrimSuffix(name, "..."), part)
		}
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/"), nil
}

// Op names the request in errors and logs: the method and the documented path.
func (r *Request) Op() string {
	if r.mode == modeRead && !r.tokenInBody {
		return strings.TrimSpace("GET " + r.op)
	}
	return "POST " + r.op
}

// Fail makes the request fail with err, as a mistake in its arguments, before it is sent.
func (r *Request) Fail(err error) *Request {
	if r.err == nil && err != nil {
		r.err = &argumentError{err}
	}
	return r
}

// Set sends value, also an empty one.
func (r *Request) Set(name, value string) *Request {
	r.params.Set(name, value)
	return r
}

// Text sends value unless it is empty.
func (r *Request) Text(name, value string) *Request {
	if value != "" {
		r.params.Set(name, value)
	}
	return r
}

// TextIf sends *value, also if it is empty, unless value is nil.
func (r *Request) TextIf(name string, value *string) *Request {
	if value != nil {
		r.params.Set(name, *value)
	}
	return r
}

// Int sends value unless it is zero.
func (r *Request) Int(name string, value int) *Request {
	if value != 0 {
		r.params.Set(name, strconv.Itoa(value))
	}
	return r
}

// Bool sends value.
func (r *Request) Bool(name string, value bool) *Request {
	return r.Set(name, strconv.FormatBool(value))
}

// BoolIf sends *value unless value is nil.
func (r *Request) BoolIf(name string, value *bool) *Request {
	if value != nil {
		r.Bool(name, *value)
	}
	return r
}

// List sends values joined by commas, unless there are none. The wire has no way to write a
// comma inside a value: such a value fails the request.
func (r *Request) List(name string, values []string) *Request {
	if len(values) == 0 {
		return r
	}
	return r.list(name, values)
}

// ListIf sends *values, also if they are none, unless values is nil.
func (r *Request) ListIf(name string, values *[]string) *Request {
	if values == nil {
		return r
	}
	return r.list(name, *values)
}

func (r *Request) list(name string, values []string) *Request {
	for _, v := range values {
		if strings.Contains(v, ",") {
			return r.Fail(fmt.Errorf("%s: %q contains a comma, which a list cannot carry", name, v))
		}
	}
	return r.Set(name, strings.Join(values, ","))
}

// JSON sends v encoded as JSON, unless it is nil or an empty raw message.
func (r *Request) JSON(name string, v any) *Request {
	if raw, ok := v.(json.RawMessage); ok && len(raw) == 0 || v == nil {
		return r
	}
	b, err := json.Marshal(v)
	if err != nil {
		return r.Fail(fmt.Errorf("%s: %w", name, err))
	}
	return r.Set(name, string(b))
}

// Query sends value in the address, also where the other parameters travel in the body: some
// portals look for part numbers only there.
func (r *Request) Query(name, value string) *Request {
	if r.query == nil {
		r.query = url.Values{}
	}
	r.query.Set(name, value)
	return r
}

// All sends every value of params, in place of what was set under the same names.
func (r *Request) All(params url.Values) *Request {
	for name, values := range params {
		r.params[name] = values
	}
	return r
}

// File adds a file part.
func (r *Request) File(f File) *Request {
	r.files = append(r.files, f)
	return r
}

// Header sends an HTTP header.
func (r *Request) Header(name, value string) *Request {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(name, value)
	return r
}

// Named gives the request another name in errors and logs.
func (r *Request) Named(op string) *Request { r.op = op; return r }

// Anonymous sends no token.
func (r *Request) Anonymous() *Request { r.anonymous = true; return r }

// TokenInBody sends the token as a form field, as portaladmin wants it, not as a header.
func (r *Request) TokenInBody() *Request { r.tokenInBody = true; return r }

// Urgent lets the request pass those that wait for the pacer's bound. It is for a request
// that another one in flight depends on: the continuation of a download that feeds an upload.
func (r *Request) Urgent() *Request { r.urgent = true; return r }

// StatusIsData says that "status" in the answer is what was asked for and no verdict on the
// request.
func (r *Request) StatusIsData() *Request { r.statusIsData = true; return r }

// repeatable reports whether the body can be sent again.
func (r *Request) repeatable() bool {
	for _, f := range r.files {
		if f.Once {
			return false
		}
	}
	return true
}
