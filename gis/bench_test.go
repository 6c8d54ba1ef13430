package gis_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

// sink is a portal that takes everything and keeps nothing.
type sink struct{ received atomic.Int64 }

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/portals/self"):
		fmt.Fprint(w, self)
	case strings.HasSuffix(r.URL.Path, "/status"):
		fmt.Fprint(w, `{"status":"completed"}`)
	default:
		buf := make([]byte, 32<<10)
		for {
			n, err := r.Body.Read(buf)
			s.received.Add(int64(n))
			if err != nil {
				break
			}
		}
		fmt.Fprint(w, `{"success":true,"id":"`+itemA+`"}`)
	}
}

// endless yields n bytes, and keeps how far its reader is ahead of the portal.
type endless struct {
	left  int64
	given int64
	sink  *sink
	ahead int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left)
	clear(p[:n])
	e.left -= n
	e.given += n
	e.ahead = max(e.ahead, e.given-e.sink.received.Load())
	return int(n), nil
}

func TestUploadsAreNotHeldInMemory(t *testing.T) {
	t.Parallel()
	const size, part = 48 << 20, 1 << 20
	for name, tt := range map[string]struct {
		size int64
		opts []gis.WriteOption
		most int64
	}{
		"in one request": {size, []gis.WriteOption{gis.WithParts(size, 0, 0)}, 16 << 20}, // the buffers of the sockets
		"in parts":       {-1, []gis.WriteOption{gis.WithParts(1, part, 2)}, 5 * part},
	} {
		s := &sink{}
		srv := httptest.NewServer(s)
		p := must(gis.New(srv.URL, nil))(t)
		source := &endless{left: size, sink: s}
		_, err := p.Content.Add(t.Context(), gis.ItemSpec{Owner: "ada", Title: "x"}, append(tt.opts, gis.WithoutRefresh(), gis.WithData(gis.Upload{Name: "x.zip", Size: tt.size, Body: source}))...)
		ok(t, err)
		if source.given != size || source.ahead > tt.most {
			t.Errorf("%s: %d bytes read, at most %d ahead of the portal", name, source.given, source.ahead)
		}
		p.Close()
		srv.Close()
	}
}

func BenchmarkUploadInParts(b *testing.B) {
	s := &sink{}
	srv := httptest.NewServer(s)
	defer srv.Close()
	p, err := gis.New(srv.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	data := make([]byte, 64<<20)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := p.Content.Add(b.Context(), gis.ItemSpec{Owner: "ada", Title: "x"}, gis.WithoutRefresh(),
			gis.WithData(gis.BytesUpload("x.zip", data)), gis.WithParts(1<<20, 10<<20, 3))
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDownload(b *testing.B) {
	data := make([]byte, 64<<20)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		_, _ = w.Write(data)
	}))
	defer srv.Close()
	p, err := gis.New(srv.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := p.Content.Handle("ada", "", itemA).Data(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, d); err != nil || n != int64(len(data)) {
			b.Fatal(n, err)
		}
		_ = d.Close()
	}
}

func BenchmarkSearchPage(b *testing.B) {
	item := strings.TrimSpace(oneItem)
	item = strings.Replace(item, `"title"`, `"description":"`+strings.Repeat("Lorem ipsum dolor sit amet. ", 40)+`","title"`, 1)
	page := []byte(`{"query":"q","total":100,"start":1,"num":100,"nextStart":-1,"results":[` + strings.Join(repeat(item, 100), ",") + `]}`)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, bytes.NewReader(page)) }))
	defer srv.Close()
	p, err := gis.New(srv.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		found, err := p.Content.SearchPage(b.Context(), "x", &gis.ItemSearch{OutsideOrg: true})
		if err != nil || len(found.Items) != 100 {
			b.Fatal(err)
		}
	}
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}
