package blob

import (
	"bytes"
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/require"
)

func TestAFullDiskIsReported(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		require.Missing(t, "/dev/full", err.Error())
	}
	if b, err := fill(full, bytes.NewReader(make([]byte, 100_000))); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, %v; want that no space is left", b, err)
	}
}
