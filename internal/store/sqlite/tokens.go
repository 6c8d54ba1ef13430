package sqlite

import (
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

var tokens = newTable("tokens", "hash", nil, func(k *portal.Token) []field {
	return []field{
		{"hash", text(&k.Hash)},
		{"kind", text(&k.Kind)},
		{"user_key", folded(&k.Username)},
		{"username", text(&k.Username)},
		{"client_id", text(&k.ClientID)},
		{"referer", text(&k.Referer)},
		{"ip", text(&k.IP)},
		{"data", text(&k.Data)},
		{"parent", text(&k.Parent)},
		{"created", moment(&k.Created)},
		{"expires", moment(&k.Expires)},
	}
})

func (t *tx) Token(hash string) (*portal.Token, error) {
	return tokens.one(t, " WHERE hash=?", hash)
}

func (t *tx) PutToken(k *portal.Token) error { return tokens.put(t, k) }

// DeleteToken follows the line of descent to its end: a refresh token that replaced another
// falls with it, and so do the access tokens of both.
func (t *tx) DeleteToken(hash string) error {
	return t.exec(`WITH RECURSIVE line(hash) AS (
		VALUES(?) UNION SELECT k.hash FROM line JOIN tokens k ON k.parent=line.hash AND k.parent<>'')
		DELETE FROM tokens WHERE hash IN (SELECT hash FROM line)`, hash)
}

func (t *tx) DeleteTokensOf(username string) error {
	return t.exec("DELETE FROM tokens WHERE user_key=? AND user_key<>''", fold(username))
}

func (t *tx) FindTokens(q portal.TokenQuery) ([]*portal.Token, int, error) {
	where, args := " WHERE kind=? AND expires>?", []any{string(q.Kind), millis(q.After)}
	if q.Hash != "" {
		where += " AND hash>=? AND hash<?" // g follows the digits of hex
		args = append(args, q.Hash, q.Hash+"g")
	}
	var total int
	if err := t.scan([]any{&total}, "SELECT count(*) FROM tokens"+where, args...); err != nil || q.Page.Num == 0 {
		return nil, total, err
	}
	list, err := tokens.all(t, where+" ORDER BY created,hash LIMIT ? OFFSET ?", append(args, q.Page.Num, max(q.Page.Start, 1)-1)...)
	return list, total, err
}

func (t *tx) DeleteExpiredTokens(now time.Time) error {
	return t.exec("DELETE FROM tokens WHERE expires<=?", millis(now))
}
