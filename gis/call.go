package gis

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// do sends r and decodes the answer into out.
func (p *Portal) do(ctx context.Context, r *wire.Request, out any) error {
	if out == nil {
		out = new(json.RawMessage)
	}
	return noOperation(wrap(p.wire.JSONFunc(ctx, r, func(body []byte) error { return unmarshal(body, out) })))
}

// noOperation reads a bare 404 as what it is: the web server's word that the portal has no
// such operation.
func noOperation(err error) error {
	return as(err, ErrUnsupported, func(e *Error) bool { return e.HTTPStatus == http.StatusNotFound && e.Code == 0 })
}

// open sends r and answers the stream.
func (p *Portal) open(ctx context.Context, r *wire.Request) (*wire.Response, error) {
	res, err := p.wire.Open(ctx, r)
	return res, wrap(err)
}

// Call is a request that the SDK has no method for.
type Call struct {
	Method     string     // GET (also "") or POST
	Path       string     // below the REST root: "portals/self/resources"; beginning with "portaladmin/": below the portal
	Params     url.Values // f and the token are added
	Idempotent bool       // a POST that may be repeated without further effect
}

// Call sends c with the connection's token, pacing and error handling, and decodes the JSON
// answer into out; a nil out only checks for success. A GET is repeated after failures that
// may pass, a POST only if it is Idempotent or certainly was not carried out.
func (p *Portal) Call(ctx context.Context, c Call, out any) error {
	path := strings.Trim(c.Path, "/")
	kind := wire.Once
	switch {
	case c.Method == "" || c.Method == http.MethodGet:
		kind = wire.Read
	case c.Method != http.MethodPost:
		return refuse(ErrInvalid, c.Method+" "+path, "the method must be GET or POST")
	case c.Idempotent:
		kind = wire.Write
	}
	r := kind("")
	if path != "" {
		r = kind("{path...}", path)
	}
	if strings.HasPrefix(path, "portaladmin/") {
		r.TokenInBody()
	}
	return p.do(ctx, r.Named(path).All(c.Params), out)
}
