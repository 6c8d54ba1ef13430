package member

import (
	"context"

	"github.com/rhumb-gis/rhumb/gis"
)

// CloneOptions say how licenses are carried to another portal.
type CloneOptions struct {
	Options
	DryRun bool // only tell what would be done
	// Products maps titles of the source's licenses to those of the target; titles that are
	// not in it keep their name. An empty title leaves the license out.
	Products map[string]string
}

// CloneLicenses gives members of the target what their counterparts hold on the source: user
// type, entitlements and app bundles, where the target has seats. users maps user names of the
// source to those of the target.
//
// Seats are counted before anything is given; whom there is no seat for is told, in the order
// of the names. Nothing is taken from anybody: what a member of the target holds beyond the
// source stays. A second run changes nothing.
func CloneLicenses(ctx context.Context, source, target *gis.Portal, users map[string]string, opts CloneOptions) (*Results, error) {
	return cloneLicenses(ctx, source, target, users, opts)
}
