package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/demo"
)

// seed fills p and shows how far it is: a live line on a terminal, the outcome elsewhere, or
// events as JSON.
func (o *options) seed(ctx context.Context, p *gis.Portal) error {
	var line atomic.Value
	line.Store("")
	live := terminal.StartLive(o.io.Err, o.io.ErrTTY && !o.json, func(int) string { return line.Load().(string) })
	total := 0
	err := demo.Seed(ctx, p, func(done, of int, what string) {
		total = of
		line.Store(fmt.Sprintf("seeding  %d/%d  %s", done, of, what))
		if o.json {
			b, _ := json.Marshal(map[string]any{"type": "seed", "done": done, "total": of, "what": what}) // plain values
			fmt.Fprintf(o.io.Out, "%s\n", b)
		}
	})
	live.Stop()
	if err != nil {
		return fmt.Errorf("fill staging: %w", err)
	}
	fmt.Fprintf(o.io.Err, "  %d objects: members, roles, groups, folders, items, relationships and licenses\n", total)
	return nil
}
