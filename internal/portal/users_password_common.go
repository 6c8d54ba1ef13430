package portal

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // common_passwords.bin
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// commonPasswords holds, sorted, the first bytes of the SHA-256 of the 5183 passwords that leaks
// show most often and that the other rules of checkPassword admit; see PROVENANCE.md.
//
//go:embed common_passwords.bin
var commonPasswords string

// commonSize is the length of one entry of commonPasswords.
const commonSize = 8

// isCommon reports whether a password is one that is tried first, in any case of its letters.
func isCommon(password secret.Secret) bool {
	sum := sha256.Sum256([]byte(strings.ToLower(password.Reveal())))
	want := sum[:commonSize]
	n := len(commonPasswords) / commonSize
	entry := func(i int) []byte { return []byte(commonPasswords[i*commonSize : (i+1)*commonSize]) }
	i := sort.Search(n, func(i int) bool { return bytes.Compare(entry(i), want) >= 0 })
	return i < n && bytes.Equal(entry(i), want)
}

// isOfContext reports whether the letters of a password are a word that anybody would guess
// here, and all the rest only surrounds them: the account's name, or one of contextWords.
func isOfContext(username string, password secret.Secret) bool {
	letters := lettersOf(password.Reveal())
	local, _, _ := strings.Cut(username, "@")
	return letters == lettersOf(username) || letters == lettersOf(local) || slices.Contains(contextWords(), letters)
}

// contextWords are the words of this kind of portal, as docs/SECURITY-REVIEW.md lists them.
func contextWords() []string {
	return []string{
		"admin", "administrator", "agol", "arcgis", "arcgisonline", "esri", "gis", "gisadmin", "map", "maps",
		"portal", "portaladmin", "publisher", "rhumb", "siteadmin", "password", "passwort", "welcome",
	}
}

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
