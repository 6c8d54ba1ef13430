package connect

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

// Portal are the flags of commands that work on one portal, with the credentials that the
// environment has in RHUMB_TOKEN, or RHUMB_USER and RHUMB_PASSWORD.
type Portal struct {
	Options
	Address string
}

// Flags declares them.
func (p *Portal) Flags(fl *pflag.FlagSet) {
	fl.StringVar(&p.Address, "portal", "", "`address` of the portal, such as https://gis.example.org/portal")
	p.Options.Flags(fl)
}

// Open signs in.
func (p *Portal) Open(ctx context.Context, f *command.Factory) (*gis.Portal, error) {
	return p.Options.Open(ctx, f, "portal", p.Address, "RHUMB_")
}
