package license

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

func newList(f *command.Factory) *cobra.Command {
	var to connect.Portal
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list --portal URL",
		Short: "Count the seats of every license: all, taken and free",
		Long: `Count the seats of every license of the organization, by entitlement: how many there are, how many
are taken and how many are free.`,
		Example: `  rhumb license list --portal https://gis.example.org/portal
  rhumb license list --portal https://gis.example.org/portal --json`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := to.Open(cmd.Context(), f)
			if err != nil {
				return err
			}
			return list(cmd.Context(), f.IO, p, asJSON)
		},
	}
	to.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object an entitlement")
	return cmd
}

// seat is a line of the list.
type seat struct {
	Product     string `json:"product"`
	ItemID      string `json:"itemId"`
	Entitlement string `json:"entitlement"`
	Seats       int    `json:"seats"` // -1: no limit
	Assigned    int    `json:"assigned"`
	Free        int    `json:"free"` // -1: no limit
	Expires     string `json:"expires,omitempty"`
	Unread      string `json:"unread,omitempty"` // why nobody can tell who holds it
}

func list(ctx context.Context, io *command.Streams, p *gis.Portal, asJSON bool) error {
	bar := outcome.NewBar(io)
	products, err := member.Products(ctx, p, member.Options{Progress: bar.Note})
	bar.Stop()
	if err != nil {
		return err
	}
	lines := seats(products)
	if asJSON {
		enc := json.NewEncoder(io.Out)
		for _, s := range lines {
			if err := enc.Encode(s); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]string, 0, len(lines))
	for _, s := range lines {
		rows = append(rows, []string{s.Product, s.Entitlement, count(s.Seats), strconv.Itoa(s.Assigned), count(s.Free), s.Expires, s.Unread})
	}
	heading := terminal.Named("PRODUCT", "ENTITLEMENT", "SEATS", "ASSIGNED", "FREE", "EXPIRES", "NOTE")
	if io.OutTTY {
		terminal.Columns(io.Out, terminal.Width(io.Out), heading, rows)
		return nil
	}
	t := terminal.NewTable(io.Out, false)
	for _, r := range rows {
		t.Row(r...)
	}
	t.End()
	return nil
}

// seats counts the seats of products, a line an entitlement.
func seats(products []*member.Product) []seat {
	var out []seat
	for _, product := range products {
		s := seat{Product: product.Title, ItemID: string(product.ItemID)}
		if product.Unread != nil {
			s.Unread = product.Unread.Error()
		}
		if !product.End.IsZero() {
			s.Expires = product.End.UTC().Format(time.DateOnly)
		}
		if len(product.Seats) == 0 {
			s.Seats, s.Free = gis.NoLimit, gis.NoLimit
			out = append(out, s)
		}
		for _, e := range slices.Sorted(maps.Keys(product.Seats)) {
			s.Entitlement, s.Seats, s.Assigned, s.Free = e, product.Seats[e], product.Assigned[e], product.Free(e)
			out = append(out, s)
		}
	}
	return out
}

// count is a number of seats for people.
func count(n int) string {
	if n == gis.NoLimit {
		return "no limit"
	}
	return strconv.Itoa(n)
}
