package rest

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/time/rate"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// anonymousUploads is how many requests may store files at a time before showing a token.
const anonymousUploads = 4

// handler answers every request of the portal's listener.
type handler struct {
	*Server
	table   *table
	buffers buffers
	spool   chan struct{}
	stray   *rate.Limiter
}

func newHandler(s *Server, t *table) *handler {
	return &handler{Server: s, table: t, buffers: newBuffers(), spool: make(chan struct{}, anonymousUploads), stray: newStray()}
}

// Handler returns the portal as one http.Handler: the route table under both contexts, online
// at the root, the page at / and the health check. An error names routes that contradict each other.
func (s *Server) Handler() (http.Handler, error) {
	t, err := newTable(s.Routes())
	if err != nil {
		return nil, err
	}
	return s.observe(newHandler(s, t).serve), nil
}

// serve answers one request and notes in c what the access log says about it.
func (h *handler) serve(w http.ResponseWriter, hr *http.Request, c *call) {
	segments, ok := segmentsOf(hr)
	switch {
	case ok && len(segments) == 0:
		c.route = "/"
		h.frontPage(w, hr)
		return
	case ok && len(segments) == 1 && segments[0] == "healthz":
		c.route = "/healthz"
		h.healthz(w, hr, c)
		return
	}
	below, inside := h.belowContext(segments)
	var rt *Route
	var vars map[string]string
	if ok && inside {
		rt, vars = h.table.find(below)
	}
	if rt == nil {
		h.notFound(w, hr, c)
		return
	}
	c.route = rt.Pattern
	if !rt.Plain {
		allowOrigins(w.Header())
	}
	if hr.Method == http.MethodOptions {
		w.Header().Set("Allow", methodsOf(rt))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.serveRoute(rt, vars, w, hr, c)
}

func (h *handler) serveRoute(rt *Route, vars map[string]string, w http.ResponseWriter, hr *http.Request, c *call) {
	a := &answer{handler: h, w: w, hr: hr, rt: rt, call: c, path: h.pathOf(rt, vars)}
	if !allows(rt, hr.Method) {
		w.Header().Set("Allow", methodsOf(rt))
		a.format = strings.ToLower(hr.URL.Query().Get("f"))
		err := error(&portal.Error{Code: http.StatusMethodNotAllowed, Message: "This operation is called by POST, not " + hr.Method + "."})
		if hr.Method != http.MethodGet && hr.Method != http.MethodHead {
			err = withStatus(http.StatusMethodNotAllowed, err)
		}
		a.fail(err)
		return
	}
	ctx := hr.Context()
	r, err := h.parse(ctx, rt, vars, w, hr)
	a.format, c.caller = r.format, r.Caller.Username
	if err != nil {
		a.fail(err)
		return
	}
	if h.logsUnasked(ctx) {
		r.asked = map[string]bool{"f": true, "token": true, "callback": true}
		defer h.logUnasked(ctx, rt, r)
	}
	v, err := rt.Handle(ctx, r)
	if err != nil {
		a.fail(err)
		return
	}
	a.write(v)
}

func allows(rt *Route, method string) bool {
	switch method {
	case http.MethodPost:
		return true
	case http.MethodGet, http.MethodHead:
		return !rt.Write || rt.Get
	}
	return false
}

func methodsOf(rt *Route) string {
	if rt.Write && !rt.Get {
		return "POST, OPTIONS"
	}
	return "GET, HEAD, POST, OPTIONS"
}

// pathOf is the route's path with its variables filled in, below the context.
func (h *handler) pathOf(rt *Route, vars map[string]string) string {
	parts := strings.Split(rt.Pattern, "/")
	for i, p := range parts {
		if name, ok := variableName(p); ok {
			parts[i] = vars[strings.TrimSuffix(name, "...")]
		}
	}
	return strings.Join(parts, "/")
}

// allowOrigins opens the API to pages of every origin: a caller is known by the token that
// the page itself sends, never by a cookie, so there is nothing to borrow.
func allowOrigins(hd http.Header) {
	hd.Set("Access-Control-Allow-Origin", "*")
	hd.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS")
	hd.Set("Access-Control-Allow-Headers", "Authorization, X-Esri-Authorization, X-Requested-With, Content-Type, Range, If-None-Match, If-Modified-Since, If-Range")
	hd.Set("Access-Control-Expose-Headers", "Content-Disposition, Content-Length, Content-Range, Accept-Ranges, ETag, X-Request-Id")
	hd.Set("Access-Control-Max-Age", "600")
}

func (h *handler) logUnasked(ctx context.Context, rt *Route, r *Request) {
	if names := r.unasked(); len(names) > 0 {
		h.log.DebugContext(ctx, "parameters not known", "op", rt.Pattern, "names", names)
	}
}
