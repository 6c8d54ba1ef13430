package gis_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// noise answers n bytes that are the same in each run.
func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(b)
	return b
}

// stream hides what a reader can do besides reading.
func stream(b []byte) io.Reader { return struct{ io.Reader }{bytes.NewReader(b)} }

// seeker hides that a reader can be read anywhere.
func seeker(b []byte) io.Reader { return struct{ io.ReadSeeker }{bytes.NewReader(b)} }

func TestPortalUpload(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	file := filepath.Join(t.TempDir(), "f.bin")
	big := noise(1_000_001)
	ok(t, os.WriteFile(file, big, 0o600))
	f := must(os.Open(file))(t)
	defer f.Close()
	parts := gis.WithParts(1000, 100_000, 3)
	tests := []struct {
		name string
		up   gis.Upload
		opts []gis.WriteOption
		want []byte
	}{
		{"in one request", gis.BytesUpload("a.zip", big), nil, big},
		{"stream of known size in one request", gis.Upload{Name: "b.zip", Size: int64(len(big)), Body: stream(big)}, nil, big},
		{"in parts", gis.BytesUpload("c.zip", big), []gis.WriteOption{parts}, big},
		{"file in parts", gis.Upload{Name: "d.zip", Size: -1, Body: f}, []gis.WriteOption{parts}, big},
		{"stream in parts", gis.Upload{Name: "e.zip", Size: int64(len(big)), Body: stream(big)}, []gis.WriteOption{parts}, big},
		{"stream of unknown size", gis.Upload{Name: "f.zip", Size: -1, Body: stream(big)}, []gis.WriteOption{parts}, big},
		{"seeker in parts", gis.Upload{Name: "g.zip", Size: int64(len(big)), Body: seeker(big)}, []gis.WriteOption{parts}, big},
		{"whole parts only", gis.Upload{Name: "h.zip", Size: -1, Body: stream(big[:300_000])}, []gis.WriteOption{parts}, big[:300_000]},
		{"one byte of unknown size", gis.Upload{Name: "i.zip", Size: -1, Body: stream(big[:1])}, []gis.WriteOption{parts}, big[:1]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var last, total atomic.Int64
			opts := append(tt.opts, gis.WithData(tt.up), gis.WithThumbnail(gis.BytesUpload("t.png", png)), gis.WithProgress(func(done, of int64) {
				last.Store(done)
				total.Store(of)
			}))
			it := must(c.Content.Add(ctx, gis.ItemSpec{Title: tt.name, Type: "File Geodatabase", Tags: []string{"x"}}, opts...))(t)
			if it.Title != tt.name || it.Name != tt.up.Name || !slices.Equal(it.Tags, []string{"x"}) || it.Thumbnail == "" {
				t.Errorf("item = %s", it.Raw())
			}
			if last.Load() != int64(len(tt.want)) || total.Load() != int64(len(tt.want)) && total.Load() != -1 {
				t.Errorf("progress ended at %d of %d, want %d", last.Load(), total.Load(), len(tt.want))
			}
			if got := content(t, it.Data); got != string(tt.want) {
				t.Errorf("data of %d bytes, want %d", len(got), len(tt.want))
			}
			ok(t, it.Update(ctx, gis.ItemUpdate{}, gis.WithData(gis.BytesUpload("z"+tt.up.Name, big[:5000])), parts))
			if got := content(t, it.Data); got != string(big[:5000]) || it.Name != "z"+tt.up.Name {
				t.Errorf("after the update: %d bytes, %s", len(got), it.Raw())
			}
		})
	}
}

// faults breaks requests of one kind a number of times, before or after the portal saw them.
type faults struct {
	mu    sync.Mutex
	path  string // suffix
	times int
	after bool
	seen  int
}

func (f *faults) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		hit := f.path != "" && strings.HasSuffix(r.URL.Path, f.path)
		if hit {
			f.seen++
		}
		fail := hit && f.times > 0
		if fail {
			f.times--
		}
		after := f.after
		f.mu.Unlock()
		if !fail {
			next.ServeHTTP(w, r)
			return
		}
		if after {
			next.ServeHTTP(discard{http.Header{}}, r)
		} else {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		panic(http.ErrAbortHandler)
	})
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header       { return d.h }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

func (f *faults) set(path string, times int, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.path, f.times, f.after, f.seen = path, times, after, 0
}

func TestPortalUploadFailures(t *testing.T) {
	t.Parallel()
	var f faults
	p := portaltest.Start(t, portaltest.Wrap(f.wrap))
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	big := noise(500_000)
	parts := gis.WithParts(1000, 100_000, 2)
	tests := []struct {
		name, path string
		times      int
		after      bool
		fails      bool
		doubt      bool
		remains    bool // the item is there afterwards
	}{
		{name: "a part that does not arrive", path: "/addPart", times: 2, remains: true},
		{name: "a part whose answer is lost", path: "/addPart", times: 2, after: true, remains: true},
		{name: "parts that never arrive", path: "/addPart", times: 1000, fails: true},
		{name: "a commit whose answer is lost", path: "/commit", times: 1, after: true, remains: true},
		{name: "a commit that does not arrive", path: "/commit", times: 2, remains: true},
		{name: "commits that never arrive", path: "/commit", times: 1000, fails: true},
		{name: "an opening whose answer is lost", path: "/addItem", times: 1, after: true, fails: true, doubt: true, remains: true},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id := esri.ItemID(esri.NewID())
			f.set(tt.path, tt.times, tt.after)
			_, err := c.Content.Add(ctx, gis.ItemSpec{ID: id, Title: "x", Type: "File Geodatabase"},
				gis.WithData(gis.Upload{Name: string(rune('a'+i)) + ".zip", Size: int64(len(big)), Body: stream(big)}), parts)
			f.set("", 0, false)
			if (err != nil) != tt.fails || gis.Ambiguous(err) != tt.doubt {
				t.Errorf("err = %v, ambiguous = %v", err, gis.Ambiguous(err))
			}
			it, err := c.Content.UserItem(ctx, "", id)
			if (err == nil) != tt.remains {
				t.Errorf("afterwards: %v, %v", it, err)
			}
			if !tt.fails {
				if got := content(t, it.Data); got != string(big) {
					t.Errorf("data of %d bytes", len(got))
				}
			}
		})
	}
}

func TestPortalUploadOfABrokenSource(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	broken := errors.New("the disk is on fire")
	body := func() io.Reader {
		return io.MultiReader(bytes.NewReader(noise(250_000)), readerFunc(func([]byte) (int, error) { return 0, broken }))
	}
	for _, tt := range []struct {
		name string
		up   gis.Upload
		want string
	}{
		{"breaks in parts", gis.Upload{Name: "a.zip", Size: -1, Body: body()}, "on fire"},
		{"breaks in one request", gis.Upload{Name: "a.zip", Size: 900_000, Body: body()}, "on fire"},
		{"too short", gis.Upload{Name: "a.zip", Size: 900_000, Body: stream(noise(1000))}, "ended after 1000 of 900000"},
		{"too long", gis.Upload{Name: "a.zip", Size: 1000, Body: stream(noise(1001))}, "more than the 1000 bytes"},
		{"nothing", gis.Upload{Name: "a.zip", Size: 10}, "nothing to read from"},
		{"no name", gis.BytesUpload("", []byte("x")), "file name is empty"},
	} {
		threshold := int64(1 << 20)
		if tt.up.Size < 0 {
			threshold = 1
		}
		_, err := c.Content.Add(ctx, gis.ItemSpec{Title: "x", Type: "File Geodatabase"}, gis.WithData(tt.up), gis.WithParts(threshold, 100_000, 2))
		if err == nil || !strings.Contains(err.Error(), tt.want) || gis.Ambiguous(err) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if items := must(gis.Collect(c.Content.AllUserItems(ctx, "")))(t); len(items) != 0 {
		t.Errorf("left behind: %v", items)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestPortalUploadCancelled(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	c := connect(t, p, p.Admin, p.AdminPassword)
	ctx, cancel := context.WithCancel(t.Context())
	big := noise(500_000)
	_, err := c.Content.Add(ctx, gis.ItemSpec{Title: "x", Type: "File Geodatabase"}, gis.WithData(gis.BytesUpload("a.zip", big)),
		gis.WithParts(1, 50_000, 1), gis.WithProgress(func(done, _ int64) {
			if done > 200_000 {
				cancel()
			}
		}))
	if !errors.Is(err, context.Canceled) || gis.Ambiguous(err) {
		t.Errorf("err = %v", err)
	}
	if items := must(gis.Collect(c.Content.AllUserItems(t.Context(), "")))(t); len(items) != 0 {
		t.Errorf("left behind: %v", items)
	}
}

// cut ends answers after some bytes, a number of times.
type cut struct {
	http.ResponseWriter
	left int
}

func (c *cut) Write(b []byte) (int, error) {
	if len(b) > c.left {
		_, _ = c.ResponseWriter.Write(b[:c.left])
		c.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	c.left -= len(b)
	return c.ResponseWriter.Write(b)
}

func TestPortalDownloadResumes(t *testing.T) {
	t.Parallel()
	var cuts, served atomic.Int32
	p := portaltest.Start(t, portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/data") {
				served.Add(1)
				if cuts.Add(-1) >= 0 {
					w = &cut{w, 100_000}
				}
			}
			next.ServeHTTP(w, r)
		})
	}))
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	big := noise(700_000)
	sum := sha256.Sum256(big)
	it := must(c.Content.Add(ctx, gis.ItemSpec{Title: "x", Type: "File Geodatabase"}, gis.WithData(gis.BytesUpload("a.zip", big))))(t)

	cuts.Store(4)
	if got := content(t, it.Data); got != string(big) {
		t.Errorf("%d bytes", len(got))
	}
	if n := served.Swap(0); n != 5 {
		t.Errorf("%d requests", n)
	}

	// A run that is cancelled leaves its bytes to the next.
	path := filepath.Join(t.TempDir(), "a.zip")
	stop, cancel := context.WithCancel(ctx)
	cuts.Store(0)
	_, err := it.Download(stop, path, gis.WithDownloadProgress(func(done, _ int64) {
		if done > 300_000 {
			cancel()
		}
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an unfinished file is there: %v", err)
	}
	first := int64(0)
	got := must(it.Download(ctx, path, gis.WithDownloadProgress(func(done, total int64) {
		if first == 0 {
			first = done
		}
	})))(t)
	if first < 300_000 || got.Size != 700_000 || got.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("began at %d: %+v", first, got)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, big) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if left := must(filepath.Glob(filepath.Join(filepath.Dir(path), "*.part")))(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
