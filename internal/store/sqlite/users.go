package sqlite

import (
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

var users = newTable("users", "user_key", []string{"username"}, func(u *portal.User) []field {
	return append([]field{
		{"user_key", folded(&u.Username)},
		{"username", text(&u.Username)},
		{"access", text(&u.Access)},
		{"id", text(&u.ID)},
		{"first_name", text(&u.FirstName)},
		{"last_name", text(&u.LastName)},
		{"full_name", text(&u.FullName)},
		{"email", text(&u.Email)},
		{"first_name_key", folded(&u.FirstName)},
		{"last_name_key", folded(&u.LastName)},
		{"full_name_key", folded(&u.FullName)},
		{"email_key", folded(&u.Email)},
		{"role", text(&u.Role)},
		{"user_type", text(&u.UserType)},
		{"provider", text(&u.Provider)},
		{"idp_username", text(&u.IDPUsername)},
		{"region", text(&u.Region)},
		{"culture", text(&u.Culture)},
		{"culture_format", text(&u.CultureFormat)},
		{"units", text(&u.Units)},
		{"preferred_view", text(&u.PreferredView)},
		{"system", flag(&u.System)},
		{"disabled", flag(&u.Disabled)},
		{"fav_group", text(&u.FavGroupID)},
		{"created", moment(&u.Created)},
		{"modified", moment(&u.Modified)},
		{"last_login", moment(&u.LastLogin)},
		{"password_hash", text(&u.Password.Hash)},
		{"password_expired", flag(&u.Password.MustChange)},
		{"password_changed", moment(&u.Password.Changed)},
		{"tags", list(&u.Tags)},
		{"categories", list(&u.Categories)},
		{"properties", raw(&u.Properties)},
		{"description", text(&u.Description)},
	}, thumbnail(&u.Thumbnail)...)
})

func (t *tx) User(username string) (*portal.User, error) {
	return users.one(t, " WHERE user_key=?", fold(username))
}

func (t *tx) UserByID(id string) (*portal.User, error) {
	return users.one(t, " WHERE id=? AND id<>''", id)
}

func (t *tx) PutUser(u *portal.User) error {
	key := fold(u.Username)
	if err := t.releaseOther(userThumb, u.Thumbnail, key); err != nil {
		return err
	}
	if err := users.put(t, u); err != nil {
		return err
	}
	n, err := t.number("SELECT n FROM users WHERE user_key=?", key)
	if err != nil {
		return err
	}
	return t.indexWords(userIndex, n, u.Username, u.FullName, u.FirstName, u.LastName, u.Email,
		plain(u.Description), values(u.Tags), u.Culture, values(u.Categories))
}

const userThumb = "SELECT thumb_hash FROM users WHERE user_key=?"

func (t *tx) DeleteUser(username string) error {
	key := fold(username)
	if err := t.release(userThumb, key); err != nil {
		return err
	}
	if err := t.dropLicenses(username); err != nil {
		return err
	}
	for _, text := range []string{
		"DELETE FROM users_text WHERE rowid IN (SELECT n FROM users WHERE user_key=?)",
		"DELETE FROM users_words WHERE rowid IN (SELECT n FROM users WHERE user_key=?)",
		"DELETE FROM tokens WHERE user_key=?",
		"DELETE FROM folders WHERE owner_key=?",
		"DELETE FROM users WHERE user_key=?",
	} {
		if err := t.exec(text, key); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) TouchLogin(username string, at time.Time) error {
	return t.change("UPDATE users SET last_login=? WHERE user_key=?", moment(&at), fold(username))
}

// change runs an UPDATE of one object and returns ErrAbsent if there is none.
func (t *tx) change(text string, args ...any) error {
	n, err := t.execN(text, args...)
	if err == nil && n == 0 {
		return portal.ErrAbsent
	}
	return err
}
