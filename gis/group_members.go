package gis

import (
	"context"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// GroupMembers are the accounts of a group.
type GroupMembers struct {
	Owner  string   `json:"owner"`
	Admins []string `json:"admins"` // managers, the owner among them
	Users  []string `json:"users"`  // neither owner nor manager
}

// Members reads who belongs to the group. Where members are hidden, ordinary members see
// owner and managers only.
//
// rest: GET community/groups/{id}/users
// py: arcgis.gis.Group.get_members
func (g *Group) Members(ctx context.Context) (*GroupMembers, error) {
	var m GroupMembers
	if err := g.p.do(ctx, wire.Read("community/groups/{id}/users", string(g.ID)), &m); err != nil {
		return nil, err
	}
	return &m, nil
}

// GroupMember is one member in [Group.MemberList].
type GroupMember struct {
	Username   string     `json:"username"`
	FullName   string     `json:"fullName"`
	MemberType MemberType `json:"memberType"` // admin or member; the owner is not listed
	Thumbnail  string     `json:"thumbnail"`
	OrgID      esri.OrgID `json:"orgId"`
	Joined     esri.Time  `json:"joined"`
}

// MemberList chooses and orders members, in [Group.MemberList].
type MemberList struct {
	Name       string // begins the user name or a name
	MemberType MemberType
	SortField  string // username, membertype or joined
	SortOrder  SortOrder
	Start      int
	PageSize   int
	Max        int // 0: no limit
}

// MemberList yields the group's members without its owner, page by page. Portals that know
// it say so in [Features]; [Group.Members] works everywhere.
//
// rest: GET community/groups/{id}/userList
func (g *Group) MemberList(ctx context.Context, opts *MemberList) iter.Seq2[*GroupMember, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*GroupMember], error) {
		r := wire.Read("community/groups/{id}/userList", string(g.ID)).Text("name", o.Name).
			Text("memberType", string(o.MemberType)).Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder))
		return readPage[*GroupMember](ctx, g.p, r, "users", start, pageSize(o.PageSize, o.Max))
	})
}

// AddUsers makes accounts members of the group, without asking them. Owner and managers
// may add members of their organization, others need portal:admin:assignToGroups.
//
// The portal answers per account: those it refused are in the returned [BatchError]. Members
// already are no failure.
//
// rest: POST community/groups/{id}/addUsers
// py: arcgis.gis.Group.add_users
func (g *Group) AddUsers(ctx context.Context, usernames ...string) error {
	return g.add(ctx, "users", usernames)
}

// AddAdmins makes accounts managers of the group. See [Group.AddUsers].
//
// rest: POST community/groups/{id}/addUsers
func (g *Group) AddAdmins(ctx context.Context, usernames ...string) error {
	return g.add(ctx, "admins", usernames)
}

func (g *Group) add(ctx context.Context, field string, usernames []string) error {
	const op = "community/groups/{id}/addUsers"
	return inChunks(ctx, "POST "+op, usernames, maxUsersPerCall, func(b *batch, chunk []string) error {
		var answer struct {
			NotAdded []string `json:"notAdded"`
		}
		if err := g.p.do(ctx, wire.Write(op, string(g.ID)).List(field, chunk), &answer); err != nil {
			return err
		}
		b.verdict(chunk, answer.NotAdded, "the portal did not add the account to the group")
		return nil
	})
}

// RemoveUsers ends the membership of accounts; managers lose both parts. The owner cannot be
// removed. Refusals are in the returned [BatchError].
//
// rest: POST community/groups/{id}/removeUsers
// py: arcgis.gis.Group.remove_users
func (g *Group) RemoveUsers(ctx context.Context, usernames ...string) error {
	const op = "community/groups/{id}/removeUsers"
	return inChunks(ctx, "POST "+op, usernames, maxUsersPerCall, func(b *batch, chunk []string) error {
		var answer struct {
			NotRemoved []string `json:"notRemoved"`
		}
		if err := g.p.do(ctx, wire.Write(op, string(g.ID)).List("users", chunk), &answer); err != nil {
			return err
		}
		b.verdict(chunk, answer.NotRemoved, "the portal did not remove the account from the group")
		return nil
	})
}

// SetRole makes members managers ([MemberAdmin]) or ordinary members ([MemberMember]).
// Refusals are in the returned [BatchError].
//
// rest: POST community/groups/{id}/updateUsers
func (g *Group) SetRole(ctx context.Context, role MemberType, usernames ...string) error {
	const op = "community/groups/{id}/updateUsers"
	field := "users"
	switch role {
	case MemberMember:
	case MemberAdmin:
		field = "admins"
	default:
		return refuse(ErrInvalid, "POST "+op, "a member cannot become %q: use admin or member, or reassign the group", role)
	}
	return inChunks(ctx, "POST "+op, usernames, maxUsersPerCall, func(b *batch, chunk []string) error {
		var answer struct {
			Results []struct {
				Username string `json:"username"`
				Success  bool   `json:"success"`
			} `json:"results"`
		}
		if err := g.p.do(ctx, wire.Write(op, string(g.ID)).List(field, chunk), &answer); err != nil {
			return err
		}
		var refused []string
		for _, row := range answer.Results {
			if !row.Success {
				refused = append(refused, row.Username)
			}
		}
		b.verdict(chunk, refused, "the portal did not change the member's part")
		return nil
	})
}

// Join makes the caller a member, or an applicant where the group decides who joins.
//
// rest: POST community/groups/{id}/join
// py: arcgis.gis.Group.join
func (g *Group) Join(ctx context.Context) error {
	return g.p.do(ctx, wire.Write("community/groups/{id}/join", string(g.ID)), nil)
}

// Leave ends the caller's membership. Owners cannot leave.
//
// rest: POST community/groups/{id}/leave
// py: arcgis.gis.Group.leave
func (g *Group) Leave(ctx context.Context) error {
	return g.p.do(ctx, wire.Write("community/groups/{id}/leave", string(g.ID)), nil)
}

// ReassignTo gives the group to another owner. The owner may, others need
// portal:admin:reassignGroups. The old owner stays a member.
//
// rest: POST community/groups/{id}/reassign
// py: arcgis.gis.Group.reassign_to
func (g *Group) ReassignTo(ctx context.Context, username string) error {
	r := wire.Write("community/groups/{id}/reassign", string(g.ID)).Set("targetUsername", username)
	if err := g.p.do(ctx, r, nil); err != nil {
		return err
	}
	g.Owner = username
	return nil
}

// Items yields the items shared with the group that the caller may see.
//
// rest: GET content/groups/{id}
// py: arcgis.gis.Group.content
func (g *Group) Items(ctx context.Context, opts *ItemList) iter.Seq2[*Item, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*Item], error) {
		r := wire.Read("content/groups/{id}", string(g.ID)).
			Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder))
		return g.p.Content.page(ctx, r, "items", start, pageSize(o.PageSize, o.Max))
	})
}
