package terminal

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	t.Parallel()
	l := NewLines(strings.NewReader("one\r\n\n secret \nlast"), false)
	for _, want := range []string{"one", ""} {
		if got, err := l.Next(t.Context()); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	if got, err := l.Hidden(t.Context(), func() {}); got != " secret " || err != nil {
		t.Errorf("from a pipe: %q, %v", got, err)
	}
	if got, err := l.Next(t.Context()); got != "last" || err != nil {
		t.Errorf("without an end: %q, %v", got, err)
	}
	if got, err := l.Next(t.Context()); got != "" || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %q, %v", got, err)
	}
}

func TestLinesAreCancelled(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	l := NewLines(in, false)
	go func() {
		_, _ = out.Write([]byte("half a line")) // ends with the pipe
		cancel()
	}()
	if got, err := l.Next(ctx); got != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v", got, err)
	}
}
