package member

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Select chooses members; what is set adds up. Nothing set chooses nobody.
type Select struct {
	Usernames []string
	Query     string       // in the portal's search language; * is everybody
	Group     esri.GroupID // its owner, managers and members
	// CSV is a file with a column Username, or of user names alone; further columns are left
	// aside, but a column License gives each member what to assign: see [Assignment].
	CSV io.Reader
}

// picked is one chosen member.
type picked struct {
	username string
	line     int
	license  string // the cell of the CSV file
}

// resolve reads whom the selection means: each once, in the order of the selection. Whether
// those named are members is not known yet.
func (s Select) resolve(ctx context.Context, p *gis.Portal) ([]picked, error) {
	var out []picked
	at := map[string]int{}
	add := func(one picked) {
		one.username = strings.TrimSpace(one.username)
		if one.username == "" {
			return
		}
		if i, there := at[fold(one.username)]; there {
			if out[i].license == "" {
				out[i].license, out[i].line = one.license, one.line
			}
			return
		}
		at[fold(one.username)] = len(out)
		out = append(out, one)
	}
	for _, name := range s.Usernames {
		add(picked{username: name})
	}
	if s.CSV != nil {
		rows, err := readSelection(s.CSV)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			add(r)
		}
	}
	if s.Group != "" {
		m, err := p.Groups.Handle(s.Group).Members(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the members of the group %s: %w", s.Group, err)
		}
		for _, list := range [][]string{{m.Owner}, m.Admins, m.Users} {
			for _, name := range list {
				add(picked{username: name})
			}
		}
	}
	if s.Query != "" {
		for u, err := range s.found(ctx, p) {
			if err != nil {
				return nil, fmt.Errorf("search for members: %w", err)
			}
			if !u.IsSystem() {
				add(picked{username: u.Username})
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no members are chosen: name some, or give a query, a group or a file")
	}
	return out, nil
}

// found yields the members that match the query.
func (s Select) found(ctx context.Context, p *gis.Portal) func(func(*gis.User, error) bool) {
	if strings.TrimSpace(s.Query) == "*" {
		return p.Users.ListAll(ctx, nil)
	}
	return p.Users.OrgSearchAll(ctx, s.Query, nil)
}
