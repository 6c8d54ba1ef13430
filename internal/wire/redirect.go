package wire

import (
	"errors"
	"fmt"
	"net/http"
)

// tokenHeader carries the token. X-Esri-Authorization exists beside Authorization because
// the latter may belong to the web server in front of the portal.
const tokenHeader = "X-Esri-Authorization"

const maxRedirects = 10

// redirectError says why a redirect was not followed.
type redirectError struct{ why string }

func (e *redirectError) Error() string { return e.why }

// guardRedirects strips the token from a request that is led to another host or off https,
// as downloads are that live in object storage, and refuses redirects of requests that
// change state to another place: following them would turn POST into GET, or hand the form
// to a stranger.
func guardRedirects(next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		first := via[0]
		if len(via) >= maxRedirects {
			return &redirectError{"the portal redirects in circles"}
		}
		leaves := req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme && req.URL.Scheme != "https"
		if first.Method == http.MethodPost && (leaves || req.Method != http.MethodPost) {
			return &redirectError{fmt.Sprintf("the portal redirects to %s://%s: use the address it answers under", req.URL.Scheme, req.URL.Host)}
		}
		if leaves {
			req.Header.Del(tokenHeader)
			req.Header.Del("Referer")
		}
		if next != nil {
			if err := next(req, via); !errors.Is(err, http.ErrUseLastResponse) {
				return err
			}
			return &redirectError{"the HTTP client does not follow redirects"}
		}
		return nil
	}
}
