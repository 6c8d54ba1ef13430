package portal

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// GroupUsers says who is in a group: the owner, the managers (the owner among them) and the
// plain members.
type GroupUsers struct {
	Owner  string
	Admins []string
	Users  []string
}

// GroupUsers lists the members of a group for a signed-in caller who may see it. A group that
// hides its members shows plain members to owner, managers and administrators of groups only;
// members with a private profile are shown to the group and to administrators.
func (p *Portal) GroupUsers(ctx context.Context, c Caller, id esri.GroupID) (*GroupUsers, error) {
	out := &GroupUsers{Admins: []string{}, Users: []string{}}
	err := p.store.View(ctx, func(tx Tx) error {
		g, ms, err := knownMembers(tx, c, id)
		if err != nil {
			return err
		}
		out.Owner = g.Owner
		for _, m := range ms {
			switch m.Type {
			case MemberOwner:
				out.Admins = append([]string{m.Username}, out.Admins...)
			case MemberAdmin:
				out.Admins = append(out.Admins, m.Username)
			case MemberPlain:
				out.Users = append(out.Users, m.Username)
			}
		}
		return nil
	})
	return out, err
}

// knownMembers lists the memberships of a group that the caller may know of, by username,
// without those who only asked to join.
func knownMembers(tx Tx, c Caller, id esri.GroupID) (*Group, []Membership, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, nil, err
	}
	g, err := visibleGroup(tx, a, id)
	if err != nil {
		return nil, nil, err
	}
	if a.anonymous() { // Esri's page "Group Users" asks for a member, even of a public group
		return nil, nil, ErrTokenRequired()
	}
	all, err := tx.MembersOf(g.ID)
	if err != nil {
		return nil, nil, err
	}
	var out []Membership
	for _, m := range all {
		if m.Type == MemberAsking || (m.Type == MemberPlain && !a.seesMembers(g) && !a.is(m.Username)) {
			continue
		}
		if m.Type == MemberPlain && !a.in(g.ID) && !a.has(privViewUsers) {
			u, err := tx.User(m.Username)
			if err != nil {
				return nil, nil, err
			}
			if a.userTier(u) == TierNone {
				continue
			}
		}
		out = append(out, m)
	}
	return g, out, nil
}

// GroupMember is one row of the list of a group's members.
type GroupMember struct {
	Username  string
	FullName  string
	Type      MemberType // MemberAdmin or MemberPlain
	Thumbnail string
	Joined    time.Time
}

// MemberFilter selects and orders the rows of the list of a group's members.
type MemberFilter struct {
	Name       string     // part of the username or full name
	Type       MemberType // empty: both
	JoinedFrom time.Time
	JoinedTo   time.Time
	Page       Page // Sort: username, fullname, membertype or joined
}

// MemberList is one page of a group's members; the owner is not among them.
type MemberList struct {
	Owner   GroupMember
	Members []GroupMember
	Total   int
}

// GroupUserList lists the members of a group in pages, as GroupUsers shows them.
func (p *Portal) GroupUserList(ctx context.Context, c Caller, id esri.GroupID, f MemberFilter) (*MemberList, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	out := &MemberList{}
	err := p.store.View(ctx, func(tx Tx) error {
		_, ms, err := knownMembers(tx, c, id)
		if err != nil {
			return err
		}
		var rows []GroupMember
		for _, m := range ms {
			u, err := tx.User(m.Username)
			if err != nil {
				return err
			}
			row := GroupMember{Username: u.Username, FullName: u.FullName, Type: m.Type, Joined: m.Joined}
			if u.Thumbnail != nil {
				row.Thumbnail = u.Thumbnail.Name
			}
			switch {
			case m.Type == MemberOwner:
				out.Owner = row
			case f.admits(row):
				rows = append(rows, row)
			}
		}
		f.sort(rows)
		out.Total = len(rows)
		out.Members = window(rows, f.Page)
		return nil
	})
	return out, err
}

func (f *MemberFilter) check() error {
	f.Page.Sort = strings.ToLower(f.Page.Sort)
	if !slices.Contains([]string{"", "username", "fullname", "membertype", "joined"}, f.Page.Sort) {
		return ErrBadParam("sortField", "must be username, fullname, membertype or joined")
	}
	if f.Type != "" && f.Type != MemberAdmin && f.Type != MemberPlain {
		return ErrBadParam("memberType", "must be admin or member")
	}
	return nil
}

func (f *MemberFilter) admits(m GroupMember) bool {
	name := strings.ToLower(f.Name)
	return (f.Type == "" || f.Type == m.Type) &&
		(strings.Contains(strings.ToLower(m.Username), name) || strings.Contains(strings.ToLower(m.FullName), name)) &&
		(f.JoinedFrom.IsZero() || !m.Joined.Before(f.JoinedFrom)) &&
		(f.JoinedTo.IsZero() || !m.Joined.After(f.JoinedTo))
}

func (f *MemberFilter) sort(rows []GroupMember) {
	slices.SortStableFunc(rows, func(x, y GroupMember) int {
		var n int
		switch f.Page.Sort {
		case "joined":
			n = x.Joined.Compare(y.Joined)
		case "membertype":
			n = strings.Compare(string(x.Type), string(y.Type))
		case "fullname":
			n = strings.Compare(strings.ToLower(x.FullName), strings.ToLower(y.FullName))
		default:
			n = strings.Compare(strings.ToLower(x.Username), strings.ToLower(y.Username))
		}
		if f.Page.Desc {
			n = -n
		}
		return n
	})
}

// window is one page of rows.
func window[T any](rows []T, p Page) []T {
	from := min(max(p.Start-1, 0), len(rows))
	return rows[from:min(from+max(p.Num, 0), len(rows))]
}
