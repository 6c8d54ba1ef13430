package wire

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
)

func textFile(field, name, content string, size int64) File {
	return File{Field: field, Name: name, Size: size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestForm(t *testing.T) {
	t.Parallel()
	name := "naïve \"file\"\r\n.csv"
	f, err := newForm(url.Values{"title": {"ä"}, "f": {"json"}}, []File{
		textFile("file", name, "a,b\n1,2\n", 8),
		{Field: "thumbnail", Name: "t.png", ContentType: "image/png", Size: 0, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(nil)), nil
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(f.contentType)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the same form can be sent again
		body, err := io.ReadAll(f.open())
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(body)) != f.size {
			t.Errorf("size = %d, body has %d", f.size, len(body))
		}
		got, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if got.Value["title"][0] != "ä" || got.Value["f"][0] != "json" {
			t.Errorf("values = %v", got.Value)
		}
		if h := got.File["file"][0]; h.Filename != `naïve "file".csv` || h.Size != 8 || h.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("file = %+v", h)
		}
		if h := got.File["thumbnail"][0]; h.Size != 0 || h.Header.Get("Content-Type") != "image/png" {
			t.Errorf("thumbnail = %+v", h)
		}
	}
}

func TestFormOfUnknownSize(t *testing.T) {
	t.Parallel()
	f, err := newForm(nil, []File{textFile("a", "a", "x", -1), textFile("b", "b", "y", 1)})
	if err != nil || f.size != -1 {
		t.Errorf("size = %d, %v, want -1", f.size, err)
	}
}

func TestFormHoldsFilesToTheirWord(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	tests := []struct {
		name, want string
		file       File
	}{
		{"short", "ended after 3 of 5", textFile("file", "n", "abc", 5)},
		{"long", "more than the 2 bytes", textFile("file", "n", "abc", 2)},
		{"does not open", "open n: disk on fire", File{Name: "n", Open: func() (io.ReadCloser, error) { return nil, broken }}},
		{"breaks", "read n: disk on fire", File{Name: "n", Size: 9, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("ab"), readerFunc(func([]byte) (int, error) { return 0, broken }))), nil
		}}},
	}
	for _, tt := range tests {
		f, err := newForm(nil, []File{tt.file})
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(f.open())
		var source *sourceError
		if !errors.As(err, &source) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: err = %v, want %q", tt.name, err, tt.want)
		}
	}
}
