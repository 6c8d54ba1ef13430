package portal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// cut makes blobs of the parts of content, which carry their bytes.
func cut(content []byte, at ...int) []Blob {
	var blobs []Blob
	from := 0
	for _, to := range append(at, len(content)) {
		blobs = append(blobs, Blob{Hash: string(rune('a' + len(blobs))), Size: int64(to - from), Inline: content[from:to]})
		from = to
	}
	return blobs
}

func TestDataReadsAsOneFile(t *testing.T) {
	t.Parallel()
	content := make([]byte, 1000)
	for i := range content {
		content[i] = byte(i * 7)
	}
	for name, blobs := range map[string][]Blob{
		"none": nil, "one": cut(content), "two": cut(content, 1), "some empty": cut(content, 0, 0, 400, 400, 1000), "many": cut(content, 3, 10, 100, 999),
	} {
		p := &Portal{}
		r, err := p.openData(t.Context(), blobs)
		if err != nil {
			t.Fatal(err)
		}
		want := content
		if blobs == nil {
			want = nil
		}
		if err := iotest.TestReader(r, want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
}

func TestDataSeeksLikeAFile(t *testing.T) {
	t.Parallel()
	content := make([]byte, 500)
	for i := range content {
		content[i] = byte(i)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	p := &Portal{}
	r, err := p.openData(t.Context(), cut(content, 7, 7, 130, 450))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := bytes.NewReader(content)
	for range 2000 {
		off, whence := int64(rnd.IntN(600)-100), rnd.IntN(3)
		g, gerr := r.Seek(off, whence)
		w, werr := want.Seek(off, whence)
		if (gerr == nil) != (werr == nil) || (werr == nil && g != w) {
			t.Fatalf("Seek(%d, %d) = %d, %v; want %d, %v", off, whence, g, gerr, w, werr)
		}
		a, b := make([]byte, rnd.IntN(200)), make([]byte, 200)
		n, gerr := io.ReadFull(r, a)
		m, werr := io.ReadFull(want, b[:len(a)])
		if n != m || !errors.Is(gerr, werr) || !bytes.Equal(a[:n], b[:m]) {
			t.Fatalf("read %d, %v; want %d, %v", n, gerr, m, werr)
		}
	}
}

// brokenBlobs opens only files that are shorter than they should be.
type brokenBlobs struct{ Blobs }

func (brokenBlobs) Open(context.Context, Blob) (io.ReadSeekCloser, error) {
	return nopCloser{bytes.NewReader([]byte("short"))}, nil
}

func TestShortBlobsAreNoEnd(t *testing.T) {
	t.Parallel()
	p := &Portal{blobs: brokenBlobs{}}
	r, err := p.openData(t.Context(), []Blob{{Hash: "a", Size: 5}, {Hash: "b", Size: 9}})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); !errors.Is(err, io.ErrUnexpectedEOF) || string(b) != "shortshort" {
		t.Errorf("read %q, %v", b, err)
	}
}
