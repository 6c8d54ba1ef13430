package menu

import (
	"context"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

func (s *session) groups(ctx context.Context) error {
	return s.submenu(ctx, "Groups", []entry{
		{"1", "List groups", s.listGroups},
		{"2", "Create a group", s.createGroup},
	})
}

func (s *session) listGroups(ctx context.Context) error {
	var rows [][]string
	for g, err := range s.p.Groups.SearchAll(ctx, "", nil) {
		if err != nil {
			return err
		}
		rows = append(rows, []string{g.Title, g.Owner, string(g.Access), string(g.ID)})
	}
	s.table(terminal.Named("GROUP", "OWNER", "ACCESS", "ID"), rows)
	return nil
}

func (s *session) createGroup(ctx context.Context) error {
	title, err := s.ask(ctx, "Title")
	if err != nil {
		return err
	}
	tags, err := s.optional(ctx, "Tags, with commas between (may be empty)")
	if err != nil {
		return err
	}
	access, err := pick(ctx, s, "Who may see it?", []gis.Access{gis.AccessPrivate, gis.AccessOrg, gis.AccessPublic}, func(a gis.Access) string { return string(a) })
	if err != nil {
		return err
	}
	spec := gis.GroupSpec{Title: title, Access: access}
	for _, t := range strings.Split(tags, ",") {
		if t = strings.TrimSpace(t); t != "" {
			spec.Tags = append(spec.Tags, t)
		}
	}
	if err := s.sure(ctx, fmt.Sprintf("Make the group %q?", title)); err != nil {
		return err
	}
	g, err := s.p.Groups.Create(ctx, spec)
	if err != nil {
		return err
	}
	s.say("Made: %s (%s)", g.Title, g.ID)
	return nil
}
