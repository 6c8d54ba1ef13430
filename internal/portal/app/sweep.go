package app

import (
	"context"
	"errors"
	"time"
)

// sweepEvery is the time between two rounds of cleaning up.
const sweepEvery = 10 * time.Minute

// Sweep drops expired tokens, uploads that were given up and unreferenced bytes, now and then every ten minutes, until
// ctx ends.
func (a *App) Sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		a.SweepOnce(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// SweepOnce is one round of Sweep. Its failures are logged: the next round tries again.
func (a *App) SweepOnce(ctx context.Context) {
	if err := a.oauth.Sweep(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.log.ErrorContext(ctx, "dropping expired tokens failed", "err", err)
	}
	switch n, err := a.portal.DropIdleUploads(ctx); {
	case err != nil && !errors.Is(err, context.Canceled):
		a.log.ErrorContext(ctx, "dropping uploads that were given up failed", "err", err)
	case n > 0:
		a.log.InfoContext(ctx, "uploads that were given up dropped", "count", n)
	}
	if a.collect == nil || ctx.Err() != nil {
		return
	}
	if err := a.collect(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.log.ErrorContext(ctx, "collecting unreferenced bytes failed", "err", err)
	}
}
