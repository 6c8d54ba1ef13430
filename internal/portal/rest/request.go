package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Bounds of what one request may hold in memory.
const (
	maxField  = 16 << 20 // one parameter, or a urlencoded body
	maxFields = 32 << 20 // all parameters of a multipart body
	maxParams = 2000
	maxFiles  = 200
)

// parse reads the parameters, file parts and caller of a request. The body is read under
// the pace that keeps slow senders from holding a connection for ever.
func (h *handler) parse(ctx context.Context, rt *Route, vars map[string]string, w http.ResponseWriter, hr *http.Request) (*Request, error) {
	r := &Request{HTTP: hr, vars: vars, params: map[string][]string{}, files: map[string][]portal.File{}}
	if err := r.addForm(hr.URL.RawQuery); err != nil {
		return r, err
	}
	r.setFormat()
	var err error
	if hr.Method == http.MethodPost {
		body := newPacedReader(w, hr.Body)
		err = h.parseBody(ctx, rt, r, body)
		r.setFormat()
		if body.err != nil {
			err = errBrokenOff()
		}
		if err != nil {
			drain(body)
		}
		body.stop()
	}
	if err == nil {
		err = h.authenticate(ctx, rt, r)
	}
	h.chargeStray(r)
	if err != nil {
		return r, err
	}
	return r, r.check(rt)
}

func (r *Request) setFormat() { r.format = strings.ToLower(strings.TrimSpace(r.Str("f"))) }

// check refuses what the conventions or the route refuse by name.
func (r *Request) check(rt *Route) error {
	if strings.TrimSpace(r.Str("callback")) != "" {
		return portal.ErrNotSupported("The parameter 'callback' (JSONP)")
	}
	for _, name := range rt.Refuse {
		switch v := strings.TrimSpace(r.Str(name)); {
		case v != "" && v != "None" && v != "null", len(r.FileParts(name)) > 0:
			return portal.ErrNotSupported("The parameter '" + name + "'")
		}
	}
	return nil
}

// parseBody merges the body's parameters into r.
func (h *handler) parseBody(ctx context.Context, rt *Route, r *Request, body *pacedReader) error {
	kind, ctParams, err := mime.ParseMediaType(r.HTTP.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data":
		return h.parseMultipart(ctx, rt, r, body, ctParams["boundary"])
	case err == nil && kind == "application/x-www-form-urlencoded", r.HTTP.Header.Get("Content-Type") == "":
		b, err := h.readForm(ctx, body)
		if err != nil {
			return err
		}
		return r.addForm(string(b))
	}
	if one, _ := io.ReadFull(body, make([]byte, 1)); one == 0 {
		return nil
	}
	return &portal.Error{Code: 400, Message: "The body must be application/x-www-form-urlencoded or multipart/form-data."}
}

// readForm reads a urlencoded body whole.
func (h *handler) readForm(ctx context.Context, body io.Reader) ([]byte, error) {
	mem := h.buffers.lease()
	defer mem.release()
	b, err := mem.read(ctx, body, maxField)
	if errors.Is(err, errTooLong) {
		return nil, &portal.Error{Code: 413, Message: fmt.Sprintf("The body is larger than %d MB. Send large content as a file part of multipart/form-data.", maxField>>20)}
	}
	return b, err
}

// addForm merges urlencoded parameters. Unlike net/url it takes a raw ; as a character.
func (r *Request) addForm(s string) error {
	for pair := range strings.SplitSeq(s, "&") {
		if pair == "" {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		k, err1 := url.QueryUnescape(k)
		v, err2 := url.QueryUnescape(v)
		if err1 != nil || err2 != nil {
			return &portal.Error{Code: 400, Message: "The parameters are not in urlencoded form: a % must be followed by two hexadecimal digits."}
		}
		if err := r.add(k, v); err != nil {
			return err
		}
	}
	return nil
}

func (r *Request) add(name, value string) error {
	name = strings.ToLower(name)
	if len(r.params) >= maxParams || len(r.params[name]) >= maxParams {
		return &portal.Error{Code: 400, Message: fmt.Sprintf("The request has more than %d parameters.", maxParams)}
	}
	r.params[name] = append(r.params[name], strings.ToValidUTF8(value, "\uFFFD"))
	return nil
}

// authenticate finds the caller by the token, once.
func (h *handler) authenticate(ctx context.Context, rt *Route, r *Request) error {
	if rt.NoToken || r.Token != nil {
		return nil
	}
	token := r.token()
	if token == "" {
		return nil
	}
	t, err := h.auth.Authenticate(ctx, token, r.HTTP)
	if err != nil {
		return err
	}
	r.Token, r.Caller = t, portal.Caller{Username: t.Username}
	if t.Username == "" {
		r.Caller.ClientID = t.ClientID
	}
	return nil
}

// token returns the token of a call: the parameter, else X-Esri-Authorization, else
// Authorization.
func (r *Request) token() string {
	// guess: which carrier wins is not documented; the explicit parameter is the safest.
	if t := strings.TrimSpace(r.Str("token")); t != "" {
		return t
	}
	for _, name := range [...]string{"X-Esri-Authorization", "Authorization"} {
		scheme, t, ok := strings.Cut(strings.TrimSpace(r.HTTP.Header.Get(name)), " ")
		if ok && strings.EqualFold(scheme, "Bearer") && strings.TrimSpace(t) != "" {
			return strings.TrimSpace(t)
		}
	}
	return ""
}
