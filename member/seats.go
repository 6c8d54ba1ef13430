package member

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// ledger counts the seats of a product through a plan: what is given up before what is taken.
type ledger struct {
	p     *Product
	taken map[string]int
	users int
}

func newLedger(p *Product) *ledger {
	l := &ledger{p: p, taken: map[string]int{}, users: p.Users()}
	for name, n := range p.Assigned {
		l.taken[name] = n
	}
	return l
}

// change moves one member from a set to another, or says why it does not fit; nothing is
// counted then.
func (l *ledger) change(before, after []string) error {
	users := l.users
	switch {
	case len(before) == 0 && len(after) > 0:
		users++
	case len(before) > 0 && len(after) == 0:
		users--
	}
	if users > l.users && l.p.MaxUsers != gis.NoLimit && users > l.p.MaxUsers {
		return fmt.Errorf("%s is licensed for %d members, and as many hold it", l.p.Title, l.p.MaxUsers)
	}
	var full []string
	for _, e := range after {
		if slices.Contains(before, e) {
			continue
		}
		if seats := l.p.Seats[e]; seats != gis.NoLimit && l.taken[e]+1 > seats {
			full = append(full, fmt.Sprintf("%s (%d of %d seats are taken)", e, l.taken[e], seats))
		}
	}
	if len(full) > 0 {
		return fmt.Errorf("no seat of %s is free for %s", l.p.Title, strings.Join(full, ", "))
	}
	l.users = users
	for _, e := range before {
		if !slices.Contains(after, e) {
			l.taken[e]--
		}
	}
	for _, e := range after {
		if !slices.Contains(before, e) {
			l.taken[e]++
		}
	}
	return nil
}

// counter counts seats of which each member takes one at most, such as user types and bundles.
type counter struct {
	name  string
	seats int // gis.NoLimit: any number
	taken int
}

// take counts one more member, or says why there is no seat.
func (c *counter) take() error {
	if c.seats != gis.NoLimit && c.taken >= c.seats {
		return fmt.Errorf("no seat of %s is free (%d of %d are taken)", c.name, c.taken, c.seats)
	}
	c.taken++
	return nil
}

func (c *counter) giveUp() { c.taken-- }
