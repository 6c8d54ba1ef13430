package clone

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// state is what an object of the target looks like: one short hash for each aspect, so that a
// later reading can tell which aspect somebody changed without the journal holding a text.
type state []aspect

type aspect struct{ name, hash string }

func (s *state) add(name string, values ...string) {
	sum := sha256.Sum256([]byte(strings.Join(values, "\x00")))
	*s = append(*s, aspect{name, hex.EncodeToString(sum[:5])})
}

// aspectModified is the one aspect that stands in a state as it is: a time in milliseconds.
const aspectModified = "modified"

func (s *state) modified(ms int64) {
	*s = append(*s, aspect{aspectModified, strconv.FormatInt(ms, 10)})
}

// String is the form in which journals hold a state.
func (s state) String() string {
	var b strings.Builder
	for i, a := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.name + "=" + a.hash)
	}
	return b.String()
}

func parseState(text string) state {
	var s state
	for _, f := range strings.Fields(text) {
		name, hash, _ := strings.Cut(f, "=")
		s = append(s, aspect{name, hash})
	}
	return s
}

func (s state) aspect(name string) string {
	for _, a := range s {
		if a.name == name {
			return a.hash
		}
	}
	return ""
}

// touched names the aspects in which now differs from s. The time of the last change counts
// only where nothing else tells what it was.
func (s state) touched(now state) []string {
	var out []string
	for _, a := range s {
		if a.name != aspectModified && now.aspect(a.name) != a.hash {
			out = append(out, a.name)
		}
	}
	if len(out) == 0 && s.aspect(aspectModified) != now.aspect(aspectModified) {
		out = append(out, "data, files or details")
	}
	return out
}

// sealedAt is what memory keeps of a state: when the object was last changed; never 0.
func sealedAt(text string) int64 {
	ms, err := strconv.ParseInt(parseState(text).aspect(aspectModified), 10, 64)
	if err != nil || ms == 0 {
		return 1
	}
	return ms
}

func roleState(r *gis.Role) (s state) {
	s.add("name", r.Name)
	s.add("description", r.Description)
	s.add("privileges", set(r.Privileges))
	return s
}

// userState leaves out what moves without anybody's doing: storage and the list of groups.
func userState(u *gis.User) (s state) {
	s.add("sign-in", strconv.FormatInt(u.LastLogin.Millis(), 10))
	s.add("name", u.FullName, u.FirstName, u.LastName)
	s.add("email", u.Email)
	s.add("role", string(u.EffectiveRole()))
	s.add("user-type", u.UserLicenseTypeID)
	s.add("state", yesNo(u.Disabled))
	s.add("profile", u.Description, set(u.Tags), u.Culture, u.CultureFormat, u.Region, u.Units, string(u.Access), u.PreferredView,
		u.Thumbnail, u.Provider, u.IDPUsername)
	s.modified(u.Modified.Millis())
	return s
}

func groupState(g *gis.Group, m *gis.GroupMembers) (s state) {
	s.add("title", g.Title)
	s.add("owner", fold(m.Owner))
	s.add("members", folded(m.Admins, m.Owner), folded(m.Users, m.Owner))
	s.add("access", string(g.Access))
	s.add("protection", yesNo(g.Protected))
	s.add("details", others(g.Raw(), "title", "owner", "access", "protected", "modified", "userMembership", "isFav",
		"notificationsEnabled", "hasCategorySchema"))
	s.modified(g.Modified.Millis())
	return s
}

func folderState(f *gis.Folder) (s state) {
	s.add("title", f.Title)
	s.add("owner", fold(f.Username))
	return s
}

// itemState reads an item as the listing of its folder has it, and the groups that it is
// shared with.
func itemState(it *gis.Item, folder string, groups []string) (s state) {
	s.add("title", it.Title)
	s.add("owner", fold(it.Owner))
	s.add("folder", folder)
	s.add("access", string(level(it.Access)))
	s.add("groups", set(groups))
	s.add("protection", yesNo(it.Protected))
	s.add("comments", strconv.Itoa(it.NumComments), strconv.Itoa(it.NumRatings))
	s.add("details", others(it.Raw(), "title", "owner", "ownerFolder", "access", "protected", "modified", "numViews", "lastViewed",
		"size", "scoreCompleteness", "avgRating", "numRatings", "numComments", "itemControl", "isOrgItem", "subInfo"))
	s.modified(it.Modified.Millis())
	return s
}

// others is a JSON object without the members that an aspect of its own stands for, or that
// change by being looked at.
func others(raw json.RawMessage, without ...string) string {
	var obj map[string]json.RawMessage
	if json.Unmarshal(raw, &obj) != nil {
		return ""
	}
	for name := range obj {
		if slices.Contains(without, name) {
			delete(obj, name)
		}
	}
	return canonicalJSON(mustJSON(obj))
}

// namesHash sums up which resources an item has; "" for none.
func namesHash(names []string) string {
	if len(names) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(set(names)))
	return hex.EncodeToString(sum[:5])
}
