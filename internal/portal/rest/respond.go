package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// answer writes the outcome of one call in the form that was asked for.
type answer struct {
	*handler
	w      http.ResponseWriter
	hr     *http.Request
	rt     *Route
	call   *call
	path   string // of the route, variables filled in
	format string
}

// write answers with a handler's value.
func (a *answer) write(v any) {
	switch v := v.(type) {
	case nil:
		a.fail(fmt.Errorf("route %s answered nothing", a.rt.Pattern))
	case *Bytes:
		serveBytes(a.w, a.hr, v)
	case Bytes:
		serveBytes(a.w, a.hr, &v)
	case *Stream:
		a.stream(v)
	case *Redirect:
		a.redirect(v.Location)
	case Redirect:
		a.redirect(v.Location)
	case HTML:
		a.w.Header().Set("Content-Security-Policy", a.policy+formTarget(v.FormTo))
		a.writeHTML(a.w, a.hr, max(v.Status, http.StatusOK), v.Body)
	default:
		a.document(v)
	}
}

// document answers with JSON or with the page that shows it.
func (a *answer) document(v any) {
	switch {
	case a.json():
		if err := writeJSON(a.w, a.hr, http.StatusOK, v, a.format == "pjson"); err != nil {
			a.fail(err)
		}
	case a.format == "" || a.format == "html":
		page, err := a.page(v)
		if err != nil {
			a.fail(err)
			return
		}
		a.writeHTML(a.w, a.hr, http.StatusOK, page)
	default:
		a.fail(portal.ErrBadParam("f", "must be json, pjson or html"))
	}
}

func (a *answer) json() bool {
	return a.format == "json" || a.format == "pjson" || a.rt.Plain || (a.rt.JSON && a.format == "")
}

func (a *answer) redirect(location string) {
	hd := a.w.Header()
	hd.Set("Location", location)
	hd.Set("Cache-Control", "no-store")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Content-Length", "0")
	a.w.WriteHeader(http.StatusFound)
}

// enveloper is an error that brings an error envelope of its own (OAuth).
type enveloper interface {
	error
	Envelope() (code int, envelope any)
}

// fail answers with an error. What is not meant for callers goes to the log.
func (a *answer) fail(err error) {
	status := http.StatusOK
	var st *statusError
	if errors.As(err, &st) {
		status = st.status
	}
	var own enveloper
	var public *portal.Error
	switch {
	case errors.As(err, &own):
		code, doc := own.Envelope()
		a.call.outcome = strconv.Itoa(code)
		_ = writeJSON(a.w, a.hr, status, doc, a.format == "pjson")
		return
	case errors.As(err, &public):
	case errors.Is(err, context.Canceled) && a.hr.Context().Err() != nil:
		a.call.outcome = "gone" // nobody is there to read an answer
		return
	default:
		a.log.ErrorContext(a.hr.Context(), "request failed", "op", a.rt.Pattern, "request", a.call.id, "err", err)
		public = errInternal(a.call.id)
	}
	a.call.outcome = strconv.Itoa(public.Code)
	doc := envelope(public)
	if a.format == "html" || (a.format == "" && !a.json() && wantsHTML(a.hr)) {
		if page, err := a.errorPage(public); err == nil {
			a.writeHTML(a.w, a.hr, status, page)
			return
		}
	}
	_ = writeJSON(a.w, a.hr, status, doc, a.format == "pjson")
}

// wantsHTML reports whether a caller that named no format is a browser.
func wantsHTML(hr *http.Request) bool {
	return strings.Contains(hr.Header.Get("Accept"), "text/html")
}

type errorBody struct {
	Code        int      `json:"code"`
	MessageCode string   `json:"messageCode,omitempty"`
	Message     string   `json:"message"`
	Details     []string `json:"details"`
}

// envelope is the error document: details is always a list.
func envelope(e *portal.Error) map[string]errorBody {
	details := e.Details
	if details == nil {
		details = []string{}
	}
	return map[string]errorBody{"error": {e.Code, e.MessageCode, e.Message, details}}
}

// maxIndented is how many bytes an answer may have that is larger for being indented.
const maxIndented = 16 << 20

// marshal writes JSON without HTML escapes, as Esri's portals do. Indenting multiplies the size
// of what nests deep; an answer that would become very large stays compact.
func marshal(v any, indent bool) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	compact := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if !indent || indentedSize(compact) > maxIndented {
		return compact, nil
	}
	var out bytes.Buffer
	err := json.Indent(&out, compact, "", "  ")
	return out.Bytes(), err
}

// indentedSize is about how many bytes a compact document has when it is indented.
func indentedSize(doc []byte) int {
	size, depth, inText := len(doc), 0, false
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
			size += 1 + 2*depth
		case c == '}' || c == ']':
			depth--
			size += 1 + 2*depth
		case c == ',':
			size += 1 + 2*depth
		}
	}
	return size
}

// writeJSON answers whole, with its length: clients that speak HTTP/1.0 take no chunks.
func writeJSON(w http.ResponseWriter, hr *http.Request, status int, v any, indent bool) error {
	b, err := marshal(v, indent)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	writeWhole(w, hr, status, b)
	return nil
}

func (s *Server) writeHTML(w http.ResponseWriter, hr *http.Request, status int, page []byte) {
	hd := w.Header()
	hd.Set("Content-Type", "text/html;charset=utf-8")
	if hd.Get("Content-Security-Policy") == "" {
		hd.Set("Content-Security-Policy", s.policy)
	}
	hd.Set("X-Frame-Options", "DENY")
	hd.Set("Referrer-Policy", "no-referrer")
	writeWhole(w, hr, status, page)
}

// documentPolicy keeps a document from being anything but read.
const documentPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

func writeWhole(w http.ResponseWriter, hr *http.Request, status int, b []byte) {
	hd := w.Header()
	if hd.Get("Cache-Control") == "" {
		hd.Set("Cache-Control", "no-store")
	}
	if hd.Get("Content-Security-Policy") == "" {
		hd.Set("Content-Security-Policy", documentPolicy)
	}
	hd.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	if hr.Method != http.MethodHead {
		_, _ = w.Write(b) // fails when the reader is gone
	}
}
