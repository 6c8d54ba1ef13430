package serve

import (
	"context"
	"fmt"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/demo"
	"github.com/rhumb-gis/rhumb/internal/serve"
)

// progressEvery is the least time between two lines of progress.
const progressEvery = 2 * time.Second

// SeedDemo fills a portal with the demo organization.
func SeedDemo(ctx context.Context, t serve.SeedTarget) error {
	// The server is its own peer here, whatever its public address is called.
	p, err := gis.New(t.URL, auth.Token(t.Token.Reveal()), gis.WithHTTPClient(t.Client), gis.WithInsecureHTTP())
	if err != nil {
		return err
	}
	defer p.Close()
	fmt.Fprintf(t.Log, "seeding the demo organization as %s\n", t.Admin)
	var shown time.Time
	err = demo.Seed(ctx, p, func(done, total int, _ string) {
		if now := (clock.System{}).Now(); done == total || now.Sub(shown) >= progressEvery {
			shown = now
			fmt.Fprintf(t.Log, "  %d of %d objects\n", done, total)
		}
	})
	if err == nil {
		fmt.Fprintln(t.Log, "the demo organization is complete")
	}
	return err
}
