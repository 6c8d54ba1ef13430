package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

const selectMembership = `SELECT m.group_id, u.username, m.type, m.joined
	FROM memberships m JOIN users u ON u.user_key=m.user_key `

func membershipCells(m *portal.Membership) []any {
	return []any{text(&m.Group), text(&m.Username), text(&m.Type), moment(&m.Joined)}
}

func (t *tx) Membership(id esri.GroupID, username string) (*portal.Membership, error) {
	m := new(portal.Membership)
	err := t.scan(membershipCells(m), selectMembership+"WHERE m.group_id=? AND m.user_key=?", string(id), fold(username))
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (t *tx) PutMembership(m portal.Membership) error {
	return t.exec(`INSERT INTO memberships(group_id, user_key, type, joined) VALUES(?,?,?,?)
		ON CONFLICT(group_id, user_key) DO UPDATE SET type=excluded.type, joined=excluded.joined`,
		string(m.Group), fold(m.Username), string(m.Type), moment(&m.Joined))
}

func (t *tx) DeleteMembership(id esri.GroupID, username string) error {
	return t.exec("DELETE FROM memberships WHERE group_id=? AND user_key=?", string(id), fold(username))
}

func (t *tx) MembersOf(id esri.GroupID) ([]portal.Membership, error) {
	return t.memberships("WHERE m.group_id=? ORDER BY m.user_key", string(id))
}

func (t *tx) MembershipsOf(username string) ([]portal.Membership, error) {
	return t.memberships("WHERE m.user_key=? ORDER BY m.group_id", fold(username))
}

func (t *tx) memberships(rest string, args ...any) ([]portal.Membership, error) {
	var list []portal.Membership
	for r, err := range t.rows(selectMembership+rest, args...) {
		if err != nil {
			return nil, err
		}
		var m portal.Membership
		if err := r.Scan(membershipCells(&m)...); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}
