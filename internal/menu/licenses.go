package menu

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

// info tells what the portal says of itself.
func (s *session) info(ctx context.Context) error {
	self, err := s.p.Self(ctx)
	if err != nil {
		return err
	}
	f, err := s.p.Features(ctx)
	if err != nil {
		return err
	}
	byRole, err := s.p.Users.Counts(ctx, gis.CountByRole)
	if err != nil {
		return err
	}
	members := 0
	for _, n := range byRole {
		members += n
	}
	s.heading(self.Name)
	for _, row := range [][2]string{
		{"Address", s.p.URL()}, {"Organization", string(self.ID)}, {"Kind", string(f.Kind) + " " + f.Version}, {"Signed in as", self.User.Username},
		{"Role", string(self.User.EffectiveRole())}, {"Members", strconv.Itoa(members)},
	} {
		s.say("  %-14s %s", row[0], row[1])
	}
	return nil
}

func seats(n int) string {
	if n == gis.NoLimit {
		return "no limit"
	}
	return strconv.Itoa(n)
}

func (s *session) products(ctx context.Context) ([]*member.Product, error) {
	bar := outcome.NewBar(s.io)
	defer bar.Stop()
	return member.Products(ctx, s.p, member.Options{Progress: bar.Note})
}

// counts shows the seats of each license: all, taken and free.
func (s *session) counts(ctx context.Context) error {
	products, err := s.products(ctx)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range products {
		note := ""
		if !p.End.IsZero() {
			note = "expires " + outcome.Day(p.End)
		}
		if p.Unread != nil {
			note = p.Unread.Error()
		}
		for _, e := range slices.Sorted(maps.Keys(p.Seats)) {
			rows = append(rows, []string{p.Title, e, seats(p.Seats[e]), strconv.Itoa(p.Assigned[e]), seats(p.Free(e)), note})
		}
	}
	s.table(terminal.Named("LICENSE", "ENTITLEMENT", "SEATS", "USED", "FREE", "NOTE"), rows)
	return nil
}

// legend explains the short code of ArcGIS Pro.
const legend = `A Advanced, S Standard, B Basic; 1 3D, 2 Spatial, 3 Network, 4 Geostatistical,
5 Data Reviewer, 6 Workflow Manager, 7 Data Interoperability,
8 StreetMap North America, 9 StreetMap Europe, + other; * offline`

// used shows who holds ArcGIS Pro, in the short code, and the titles of what else they hold.
func (s *session) used(ctx context.Context) error {
	bar := outcome.NewBar(s.io)
	rep, err := member.NewReport(ctx, s.p, member.ReportOptions{Options: member.Options{Progress: bar.Note}})
	bar.Stop()
	if err != nil {
		return err
	}
	var rows [][]string
	for row, err := range rep.Rows(ctx) {
		if err != nil {
			return err
		}
		if len(row.Licenses) == 0 {
			continue
		}
		code, others, offline := "-", []string{}, ""
		for _, l := range row.Licenses {
			name := l.Product
			if l.Product == member.Pro {
				name = member.Code(l.Entitlements)
			}
			if l.CheckedOut {
				name, offline = name+" *", outcome.Since(l.Since)
			}
			if l.Product == member.Pro {
				code = name
			} else {
				others = append(others, name)
			}
		}
		rows = append(rows, []string{row.Username, row.FullName, code, strings.Join(others, ", "), outcome.Day(row.LastLogin), outcome.Day(row.Created), offline})
	}
	s.table([]terminal.Column{
		{Name: "MEMBER", Weight: 9}, {Name: "NAME", Weight: 1}, {Name: "PRO", Weight: 9}, {Name: "OTHER", Weight: 5},
		{Name: "LAST LOGIN", Weight: 4}, {Name: "CREATED", Weight: 3}, {Name: "CHECKED OUT", Weight: 4},
	}, rows)
	for _, n := range rep.Notes {
		s.say("note: %s", n)
	}
	s.say("%s", legend)
	return nil
}

// assign changes what members hold of a product, after a look at what would be done.
func (s *session) assign(ctx context.Context, username string, revoke bool) error {
	products, err := s.products(ctx)
	if err != nil {
		return err
	}
	if len(products) == 0 {
		s.say("The organization has no licenses.")
		return nil
	}
	product, err := pick(ctx, s, "Which license?", products, func(p *member.Product) string {
		h, _ := p.Holder(username)
		if len(h.Entitlements) == 0 {
			return p.Title
		}
		return fmt.Sprintf("%s (holds %s)", p.Title, strings.Join(h.Entitlements, ", "))
	})
	if err != nil {
		return err
	}
	a := member.Assignment{Members: member.Select{Usernames: []string{username}}, Product: string(product.ItemID), Revoke: revoke}
	if !revoke {
		if a.Set, err = s.entitlements(ctx, product); err != nil {
			return err
		}
	}
	plan, err := member.PlanAssign(ctx, s.p, a, member.Options{})
	if err != nil {
		return err
	}
	return s.apply(ctx, "Do this?", plan.Preview(), plan.Apply)
}

// entitlements asks for what a member is to hold of a product, by numbers.
func (s *session) entitlements(ctx context.Context, p *member.Product) ([]string, error) {
	all := slices.Sorted(maps.Keys(p.Seats))
	for i, e := range all {
		s.say("  %2d  %-20s %s free", i+1, e, seats(p.Free(e)))
	}
	for {
		answer, err := s.ask(ctx, "Numbers of all that the member is to hold, such as 1 4")
		if err != nil {
			return nil, err
		}
		var set []string
		for _, f := range strings.FieldsFunc(answer, func(r rune) bool { return r == ' ' || r == ',' }) {
			n, err := strconv.Atoi(f)
			if err != nil || n < 1 || n > len(all) {
				s.say("%q is not a number from 1 to %d.", f, len(all))
				set = nil
				break
			}
			set = append(set, all[n-1])
		}
		if len(set) > 0 {
			return set, nil
		}
	}
}

// apply shows a preview, asks, and shows what became of it.
func (s *session) apply(ctx context.Context, question string, preview *member.Results, do outcome.ApplyFunc) error {
	outcome.Preview(s.shown(), preview)
	if preview.Count(member.Done) == 0 {
		return nil
	}
	if err := s.sure(ctx, question); err != nil {
		return err
	}
	bar := outcome.NewBar(s.io)
	results, err := do(ctx, member.Options{Progress: bar.Note})
	bar.Stop()
	if results != nil {
		outcome.Print(s.shown(), results)
	}
	return err
}

// shown is the output for results: a pipe gets what a person gets.
func (s *session) shown() *command.Streams {
	return &command.Streams{Out: s.io.Out, OutTTY: true}
}
