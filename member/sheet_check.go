package member

import (
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what portals take.
const (
	maxUsername = 128
	maxCell     = 254
)

// check notes what is wrong with a record by itself.
func (r *Record) check() {
	switch {
	case r.Username == "":
		r.problem("Username is empty")
	case utf8.RuneCountInString(r.Username) > maxUsername:
		r.problem("Username has more than %d characters", maxUsername)
	case strings.ContainsFunc(r.Username, badInName):
		r.problem("Username %q has characters other than letters, digits and _ . @ - \\", r.Username)
	}
	for _, c := range []struct{ column, value string }{
		{colFirstName, r.FirstName}, {colLastName, r.LastName}, {colEmail, r.Email}, {colRole, r.Role}, {colUserType, r.UserType}, {colIDP, r.IDPUsername},
	} {
		switch {
		case utf8.RuneCountInString(c.value) > maxCell:
			r.problem("%s has more than %d characters", c.column, maxCell)
		case strings.ContainsFunc(c.value, unicode.IsControl):
			r.problem("%s holds a line break or another control character", c.column)
		}
	}
	if r.Email != "" && !plausibleEmail(r.Email) {
		r.problem("Email %q is no e-mail address", r.Email)
	}
	if !slices.Contains([]string{"", "arcgis", "enterprise"}, r.Provider) {
		r.problem("Provider %q is neither arcgis nor enterprise", r.Provider)
	}
	if r.IDPUsername != "" && r.Provider != "enterprise" {
		r.problem("IDP Username is for members with the provider enterprise")
	}
	if !slices.Contains([]string{"", statusActive, statusDisabled}, r.Status) {
		r.problem("Status %q is neither active nor disabled", r.Status)
	}
	for _, f := range r.Folders {
		if strings.ContainsAny(f, `/\:*?"<>|`) {
			r.problem("Folders: %q has characters that folders cannot have", f)
		}
	}
	r.checkPassword()
}

// badInName lets through what user names of portals and directories are made of.
func badInName(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(`_.@-\`, c))
}

func plausibleEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsFunc(s, unicode.IsSpace) && strings.Count(s, "@") == 1
}

func (r *Record) checkPassword() {
	p := r.password().Reveal()
	switch {
	case p == "":
	case r.Provider == "enterprise":
		r.problem("Password: accounts of a directory have none in the portal")
	case utf8.RuneCountInString(p) < 8 || !strings.ContainsFunc(p, unicode.IsLetter) || !strings.ContainsFunc(p, unicode.IsDigit):
		r.problem("Password needs 8 characters, with a letter and a digit")
	case strings.EqualFold(p, r.Username):
		r.problem("Password is the user name")
	}
}

// readSelection reads the members of a [Select] from a file: its column Username, and License
// where there is one; or the names of a file of one column without a header.
func readSelection(r io.Reader) ([]picked, error) {
	text, _, err := readText(r)
	if err != nil {
		return nil, err
	}
	rows := readTable(text)
	if len(rows) > 0 && len(rows[0].cells) == 1 && columnOf(rows[0].cells[0]) == "" {
		text = colUsername + "\n" + text
		rows = readTable(text)
		for i := range rows {
			rows[i].line--
		}
	}
	s := &Sheet{}
	if len(rows) == 0 {
		return nil, nil
	}
	at, err := s.header(rows[0].cells)
	if err != nil {
		return nil, err
	}
	var out []picked
	for _, row := range rows[1:] {
		if row.err != nil {
			return nil, row.err
		}
		one := picked{line: row.line}
		for column, into := range map[string]*string{colUsername: &one.username, colLicense: &one.license} {
			if i, ok := at[column]; ok && i < len(row.cells) {
				*into = row.cells[i]
			}
		}
		out = append(out, one)
	}
	return out, nil
}
