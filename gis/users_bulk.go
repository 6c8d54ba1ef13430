package gis

import (
	"context"
	"encoding/json"
	"iter"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Sizes of one call.
const (
	maxUsersPerCall    = 25
	maxRemovalsPerCall = 100
)

// Enable lets several accounts sign in again.
//
// The portal answers per account: those it refused are in the returned [BatchError].
//
// rest: POST portals/self/enableUsers
// py: arcgis.gis.UserManager.enable_users
func (u *Users) Enable(ctx context.Context, usernames ...string) error {
	return u.perUser(ctx, "portals/self/enableUsers", usernames, nil)
}

// Disable keeps several accounts from signing in. Refusals are in the returned [BatchError].
//
// rest: POST portals/self/disableUsers
// py: arcgis.gis.UserManager.disable_users
func (u *Users) Disable(ctx context.Context, usernames ...string) error {
	return u.perUser(ctx, "portals/self/disableUsers", usernames, nil)
}

// SetUserType gives several accounts another user type. Refusals are in the returned
// [BatchError].
//
// rest: POST portals/self/updateUserLicenseType
func (u *Users) SetUserType(ctx context.Context, userType string, usernames ...string) error {
	return u.perUser(ctx, "portals/self/updateUserLicenseType", usernames, func(r *wire.Request) {
		r.Set("userLicenseType", userType)
	})
}

// perUser sends a bulk operation that answers with a status per account.
func (u *Users) perUser(ctx context.Context, op string, usernames []string, more func(*wire.Request)) error {
	return inChunks(ctx, "POST "+op, usernames, maxUsersPerCall, func(b *batch, chunk []string) error {
		r := wire.Write(op).List("users", chunk)
		if more != nil {
			more(r)
		}
		var answer struct {
			Success bool `json:"success"`
			Results []struct {
				Username string          `json:"username"`
				Status   bool            `json:"status"`
				Success  bool            `json:"success"`
				Error    json.RawMessage `json:"error"`
			} `json:"results"`
		}
		if err := u.p.do(ctx, r, &answer); err != nil {
			return err
		}
		good, why := map[string]bool{}, map[string]string{}
		for _, row := range answer.Results {
			name := strings.ToLower(row.Username)
			good[name], why[name] = row.Status || row.Success, reasonIn(row.Error)
		}
		for _, name := range chunk {
			refused := !good[strings.ToLower(name)] && !(answer.Success && len(answer.Results) == 0)
			reason := why[strings.ToLower(name)]
			switch {
			case !refused:
				b.done = append(b.done, name)
			case reason == "":
				b.fail(name, refuse(ErrInvalid, b.op, "the portal refused the account"))
			default:
				b.fail(name, refuse(ErrInvalid, b.op, "%s", reason))
			}
		}
		return nil
	})
}

// reasonIn reads the error of a row: a text, or an object with a message.
func reasonIn(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var e rowFailure
	_ = json.Unmarshal(raw, &e) // no reason is told where it is neither
	return e.Message
}

// Delete removes several accounts, which must own nothing any more. Refusals are in the
// returned [BatchError].
//
// rest: POST portals/self/removeUsers
func (u *Users) Delete(ctx context.Context, usernames ...string) error {
	const op = "portals/self/removeUsers"
	return inChunks(ctx, "POST "+op, usernames, maxRemovalsPerCall, func(b *batch, chunk []string) error {
		var answer struct {
			NotRemoved []string `json:"notRemoved"`
		}
		if err := u.p.do(ctx, wire.Once(op).List("users", chunk), &answer); err != nil {
			return err
		}
		b.verdict(chunk, answer.NotRemoved, "the portal did not remove the account: it may own items or groups, or be protected")
		return nil
	})
}

// GroupsOf answers the groups that each of several accounts belongs to.
//
// rest: GET portals/self/usersGroups
// py: arcgis.gis.UserManager.user_groups
func (u *Users) GroupsOf(ctx context.Context, usernames ...string) (map[string][]esri.GroupID, error) {
	var answer struct {
		Results []struct {
			Username string            `json:"username"`
			Groups   []json.RawMessage `json:"groups"`
		} `json:"results"`
	}
	if err := u.p.do(ctx, wire.Read("portals/self/usersGroups").List("users", usernames), &answer); err != nil {
		return nil, err
	}
	groups := map[string][]esri.GroupID{}
	for _, row := range answer.Results {
		groups[row.Username] = []esri.GroupID{}
		for _, raw := range row.Groups { // ids, or whole groups
			var g struct{ ID esri.GroupID }
			if json.Unmarshal(raw, &g.ID) != nil {
				_ = decode(raw, &g)
			}
			groups[row.Username] = append(groups[row.Username], g.ID)
		}
	}
	return groups, nil
}

// UserCount is what members are counted by.
type UserCount string

// The ways of counting.
const (
	CountByRole     UserCount = "role"
	CountByUserType UserCount = "userLicenseType"
	CountByApp      UserCount = "app"
	CountByBundle   UserCount = "appBundle"
)

// Counts answers how many members there are of each role, user type, app or bundle, by its id.
//
// rest: GET portals/self/users/counts
// py: arcgis.gis.UserManager.counts
func (u *Users) Counts(ctx context.Context, by UserCount) (map[string]int, error) {
	type row struct {
		Key   string `json:"key"`
		Count int    `json:"count"`
	}
	counts := map[string]int{}
	for r, err := range pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[row], error) {
		return readPage[row](ctx, u.p, wire.Read("portals/self/users/counts").Set("type", string(by)), "results", start, maxPage)
	}) {
		if err != nil {
			return nil, err
		}
		counts[r.Key] = r.Count
	}
	return counts, nil
}

// UserType is a license that a member holds: exactly one each.
type UserType struct {
	ID          string `json:"id"` // for example creatorUT
	Name        string `json:"name"`
	Description string `json:"description"`
	Level       string `json:"level"`
	MaxUsers    int    `json:"maxUsers"`
}

// maxUserTypes is the page that clients ask for; portals know far fewer user types.
const maxUserTypes = 255

// UserTypes yields the user types that the organization can give to members.
//
// rest: GET portals/self/userLicenseTypes
// py: arcgis.gis.UserManager.license_types
func (u *Users) UserTypes(ctx context.Context) iter.Seq2[*UserType, error] {
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*UserType], error) {
		return readPage[*UserType](ctx, u.p, wire.Read("portals/self/userLicenseTypes"), "userLicenseTypes", start, maxUserTypes)
	})
}
