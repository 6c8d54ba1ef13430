package sqlite_test

import (
	"log/slog"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
	"github.com/rhumb-gis/rhumb/internal/store/storetest"
)

func open(t testing.TB, dir string, clk clock.Clock) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{Clock: clk, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB, dir string, clk clock.Clock) storetest.Store { return open(t, dir, clk) })
}
