package clone_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// dropper stands in front of a portal and leaves one member out of those that are added to
// groups, and says so, until it is mended.
type dropper struct {
	name   string
	mended atomic.Bool
}

func (d *dropper) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.mended.Load() || !strings.HasSuffix(r.URL.Path, "/addUsers") || r.ParseForm() != nil {
			next.ServeHTTP(w, r)
			return
		}
		var kept []string
		for n := range strings.SplitSeq(r.PostForm.Get("users"), ",") {
			if n != d.name {
				kept = append(kept, n)
			}
		}
		again := r.Clone(r.Context())
		form := again.PostForm
		form.Set("users", strings.Join(kept, ","))
		body := form.Encode()
		again.Body, again.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		again.PostForm, again.Form = nil, nil
		next.ServeHTTP(discard{http.Header{}}, again)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"notAdded":["`+d.name+`"]}`)
	})
}
