package rest

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// pagePolicy is the Content-Security-Policy of pages: no scripts, and forms that lead only to
// the portal itself.
func pagePolicy(base string) string {
	origin := ""
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		origin = " " + u.Scheme + "://" + u.Host
	}
	return "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" + origin
}

// formTarget adds to the end of pagePolicy, where the targets of forms stand, the origin of an
// address: browsers hold redirects after a form against them. An address that a policy cannot
// name adds nothing.
func formTarget(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || strings.ContainsFunc(u.Host, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(".-:[]", c))
	}) {
		return ""
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return " " + u.Scheme + "://" + u.Host
	}
	return " " + u.Scheme + ":"
}

// pageData is what pages/document.html shows.
type pageData struct {
	Title      string
	Trail      []link
	Document   *docNode
	Error      *portal.Error
	Children   []link
	Operations []link
	JSON       string
}

type link struct{ Name, Link string }

// page shows a document with the resources below it.
func (a *answer) page(v any) ([]byte, error) {
	doc, err := a.parseDocument(v)
	if err != nil {
		return nil, err
	}
	d := &pageData{Title: a.title(), Trail: a.trail(), Document: doc, JSON: a.href(a.path) + "?f=pjson"}
	d.Children, d.Operations = a.below()
	return render("document.html", d)
}

func (a *answer) errorPage(e *portal.Error) ([]byte, error) {
	return render("document.html", &pageData{Title: "Error", Trail: a.trail(), Error: e})
}

func render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (a *answer) title() string {
	return strings.TrimPrefix(a.path, "sharing/rest/")
}

// href is the address of a path below the context, each segment escaped.
func (a *answer) href(path string) string { return a.base + "/" + escapePath(path) }

func escapePath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// trail links the routes that the path runs through.
func (a *answer) trail() []link {
	var out []link
	parts := strings.Split(a.path, "/")
	for i := range parts {
		rt, _ := a.table.find(parts[:i+1])
		if rt != nil && !rt.Write && !rt.Plain {
			out = append(out, link{parts[i], a.href(strings.Join(parts[:i+1], "/"))})
		}
	}
	return out
}

// below lists the routes one fixed segment under this one: reads as links, writes by name.
func (a *answer) below() (children, operations []link) {
	for _, rt := range a.table.routes {
		rest, ok := strings.CutPrefix(rt.Pattern, a.rt.Pattern+"/")
		if !ok || strings.ContainsAny(rest, "/{") || rt.Plain {
			continue
		}
		l := link{rest, a.href(a.path + "/" + rest)}
		if rt.Write {
			operations = append(operations, l)
		} else {
			children = append(children, l)
		}
	}
	byName := func(x, y link) int { return strings.Compare(x.Name, y.Name) }
	slices.SortFunc(children, byName)
	slices.SortFunc(operations, byName)
	return children, operations
}

func (h *handler) frontPage(w http.ResponseWriter, hr *http.Request) {
	page, err := render("front.html", struct{ Base string }{h.base})
	if err != nil {
		h.log.ErrorContext(hr.Context(), "front page failed", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h.writeHTML(w, hr, http.StatusOK, page)
}

func (h *handler) notFound(w http.ResponseWriter, hr *http.Request, c *call) {
	c.outcome = "404"
	a := &answer{handler: h, w: w, hr: hr, rt: &Route{JSON: true}, call: c, format: strings.ToLower(hr.URL.Query().Get("f"))}
	allowOrigins(w.Header())
	a.fail(withStatus(http.StatusNotFound, &portal.Error{Code: 404, Message: "This portal has nothing at this address."}))
}

func (h *handler) healthz(w http.ResponseWriter, hr *http.Request, c *call) {
	status, text := http.StatusOK, "ok\n"
	if err := h.health(hr.Context()); err != nil {
		h.log.ErrorContext(hr.Context(), "health check failed", "request", c.id, "err", err)
		status, text, c.outcome = http.StatusServiceUnavailable, "the store does not answer\n", "503"
	}
	w.Header().Set("Content-Type", "text/plain;charset=utf-8")
	writeWhole(w, hr, status, []byte(text))
}
