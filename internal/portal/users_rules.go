package portal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Limits of members' properties.
const (
	minUsername = 3
	maxUsername = 128
	minPassword = 8
	maxPassword = 256 // bounds the work of hashing
	maxNamePart = 128
	maxEmail    = 254
	maxText     = 32_000 // descriptions
	maxSnippet  = 250
	maxTags     = 128
	maxTagLen   = 128
)

// checkUsername names the rule that a new account name breaks.
//
// Esri's page "Create user" gives 6 to 24 characters; accounts of that very product are
// shorter (admin) and, from enterprise logins, longer. A comma, which newer releases allow, would
// make lists of names ambiguous.
func checkUsername(param, name string) error {
	switch {
	case len(name) < minUsername || len(name) > maxUsername:
		return ErrBadParam(param, fmt.Sprintf("must have %d to %d characters", minUsername, maxUsername))
	case !isNameByte(name[0]) || strings.IndexByte(".@-", name[0]) >= 0:
		return ErrBadParam(param, "must begin with a letter, a digit or an underscore")
	}
	for i := range len(name) {
		if !isNameByte(name[i]) {
			return ErrBadParam(param, "may hold only letters A to Z, digits and the characters _ . @ -")
		}
	}
	return nil
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_.@-", c) >= 0
}

// checkPassword names the rule that a new password breaks; the password is never in the error.
func checkPassword(param, username string, password secret.Secret) error {
	s := password.Reveal()
	switch {
	case utf8.RuneCountInString(s) < minPassword:
		return ErrBadParam(param, fmt.Sprintf("must have at least %d characters", minPassword))
	case len(s) > maxPassword:
		return ErrBadParam(param, fmt.Sprintf("must have at most %d bytes", maxPassword))
	case !strings.ContainsFunc(s, unicode.IsLetter) || !strings.ContainsFunc(s, unicode.IsDigit):
		return ErrBadParam(param, "must contain at least one letter and one digit")
	case strings.EqualFold(s, username):
		return ErrBadParam(param, "must differ from the username")
	case isCommon(password):
		return ErrBadParam(param, "is one of the passwords that are tried first: choose one that nobody else has, such as several words and a number")
	case isOfContext(username, password):
		return ErrBadParam(param, "is only a word that is easy to guess here with digits or signs around it: choose several words and a number")
	}
	return nil
}

// checkText limits the length of a text in characters.
func checkText(param, s string, limit int) error {
	if utf8.RuneCountInString(s) > limit {
		return ErrBadParam(param, fmt.Sprintf("must have at most %d characters", limit))
	}
	return nil
}

// checkEmail accepts anything of the form a@b; whether mail arrives there is not known.
func checkEmail(param, s string) error {
	if s == "" {
		return nil
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > maxEmail || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return ErrBadParam(param, "must be an e-mail address")
	}
	return nil
}

func checkTags(param string, tags []string) error {
	if len(tags) > maxTags {
		return ErrBadParam(param, fmt.Sprintf("must hold at most %d tags", maxTags))
	}
	for _, t := range tags {
		if err := checkText(param, t, maxTagLen); err != nil {
			return err
		}
	}
	return nil
}
