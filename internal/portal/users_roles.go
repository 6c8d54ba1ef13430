package portal

import (
	"errors"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// userBatch is how many rows a use case reads at a time where it walks a whole list.
const userBatch = 500

// usersInRole lists all members who hold a role.
func usersInRole(tx Tx, role esri.RoleID) ([]*User, error) {
	return allUsers(tx, exactly("role", string(role)))
}

// allUsers lists all members that match, whoever may see them.
func allUsers(tx Tx, match search.Node) ([]*User, error) {
	var out []*User
	for start := 1; ; start += userBatch {
		users, total, err := tx.FindUsers(UserQuery{Match: match, Visible: Visibility{All: true}, Page: Page{Start: start, Num: userBatch, Sort: "username"}})
		if err != nil {
			return nil, err
		}
		out = append(out, users...)
		if start+userBatch > total {
			return out, nil
		}
	}
}

// exactly matches objects whose field has the value, but for case.
func exactly(field, value string) search.Node {
	return &search.Term{Field: field, Text: value, Kind: search.Phrase, Boost: 1, Filter: true}
}

// isAbsent reports whether a store's answer is that there is no such object.
func isAbsent(err error) bool { return errors.Is(err, ErrAbsent) }

// isRefusal reports whether an error may be shown to callers.
func isRefusal(err error) bool {
	var e *Error
	return errors.As(err, &e)
}
