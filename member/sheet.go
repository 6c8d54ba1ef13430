package member

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Columns of the CSV files of members, in the order in which they are written. Names are read
// without regard to case, blanks, underscores and hyphens.
const (
	colUsername  = "Username"
	colFirstName = "First Name"
	colLastName  = "Last Name"
	colEmail     = "Email"
	colRole      = "Role"      // id or name; empty: that of new members
	colUserType  = "User Type" // id or name; empty: that of new members
	colLicense   = "License"   // ArcGIS Pro: desktopAdvN, spatialAnalystN; Insights: insightsN
	colBundles   = "App Bundles"
	colGroups    = "Groups"  // titles or ids, separated by semicolons
	colManages   = "Manages" // groups that the member is a manager of
	colFolders   = "Folders" // titles
	colProvider  = "Provider"
	colIDP       = "IDP Username"
	colStatus    = "Status" // active or disabled
	colPassword  = "Password"
)

// columns are those that are written.
func columns() []string {
	return []string{
		colUsername, colFirstName, colLastName, colEmail, colRole, colUserType, colLicense, colBundles,
		colGroups, colManages, colFolders, colProvider, colIDP, colStatus,
	}
}

// aliases are other names of columns, squeezed.
func columnOf(header string) string {
	word := squeeze(header)
	for _, c := range append(columns(), colPassword) {
		if squeeze(c) == word {
			return c
		}
	}
	switch word {
	case "user", "login", "userid", "account":
		return colUsername
	case "givenname", "forename":
		return colFirstName
	case "surname", "familyname":
		return colLastName
	case "mail", "emailaddress":
		return colEmail
	case "licenses", "entitlements":
		return colLicense
	case "userlicensetype", "userlicensetypeid":
		return colUserType
	case "bundles", "appbundle":
		return colBundles
	case "group":
		return colGroups
	case "folder":
		return colFolders
	case "enterpriseusername":
		return colIDP
	}
	return ""
}

func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "", "\u00a0", "").Replace(fold(strings.TrimSpace(s)))
}

// Record is one row of a file of members. What its problems leave out is empty.
type Record struct {
	Line        int
	Username    string
	FirstName   string
	LastName    string
	Email       string
	Role        string
	UserType    string
	Licenses    []Grant
	Bundles     []string
	Groups      []string
	Manages     []string
	Folders     []string
	Provider    string // arcgis or enterprise; empty: arcgis
	IDPUsername string
	Status      string // active or disabled; empty: active
	Problems    []string

	// A pointer, because printing a record prints the values of fields that are not exported.
	secret *secret.Secret
}

// password is that of the row; empty: none.
func (r *Record) password() secret.Secret {
	if r.secret == nil {
		return ""
	}
	return *r.secret
}

// Sheet is a file of members as it was read.
type Sheet struct {
	Records  []Record
	Columns  []string // those of the file that are known, by their proper names
	Warnings []string
}

// Has reports whether the file has a column, by its proper name such as "User Type".
func (s *Sheet) Has(column string) bool { return slices.Contains(s.Columns, column) }

// Bad is the number of records with problems.
func (s *Sheet) Bad() int {
	n := 0
	for i := range s.Records {
		if len(s.Records[i].Problems) > 0 {
			n++
		}
	}
	return n
}

// ReadSheet reads a CSV file of members: UTF-8 or UTF-16, with commas, semicolons or tabs. The
// first row names the columns, of which only Username is needed; the layouts of Esri's old
// license scripts are read as they are. Every problem that shows without asking a portal is
// noted in its record. An error means that the file as a whole cannot be used.
func ReadSheet(r io.Reader) (*Sheet, error) {
	text, note, err := readText(r)
	if err != nil {
		return nil, err
	}
	rows := readTable(text)
	if len(rows) == 0 {
		return nil, errors.New("the file is empty")
	}
	if rows[0].err != nil {
		return nil, fmt.Errorf("the first row, which names the columns, cannot be read: %w", rows[0].err)
	}
	s := &Sheet{}
	if note != "" {
		s.Warnings = append(s.Warnings, note)
	}
	at, err := s.header(rows[0].cells)
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		s.Records = append(s.Records, record(row, at, len(rows[0].cells)))
	}
	s.passwords()
	s.repeated()
	return s, nil
}

// header answers the place of each known column.
func (s *Sheet) header(cells []string) (map[string]int, error) {
	at := map[string]int{}
	for i, h := range cells {
		c := columnOf(h)
		if c == "" {
			if h != "" {
				s.Warnings = append(s.Warnings, fmt.Sprintf("the column %q is unknown and left aside", h))
			}
			continue
		}
		if first, twice := at[c]; twice {
			return nil, fmt.Errorf("the columns %d and %d are both %s: delete or rename one", first+1, i+1, c)
		}
		at[c] = i
		s.Columns = append(s.Columns, c)
	}
	if _, ok := at[colUsername]; !ok {
		return nil, fmt.Errorf("the first row names no column %s; it names %s", colUsername, strings.Join(cells, ", "))
	}
	return at, nil
}

// longestCell is what a cell of a spreadsheet holds.
const longestCell = 32_767

func record(row cellRow, at map[string]int, width int) Record {
	rec := Record{Line: row.line}
	if row.err != nil {
		rec.Problems = []string{"the row cannot be read: " + row.err.Error()}
		return rec
	}
	cell := func(column string) string {
		i, ok := at[column]
		if !ok || i >= len(row.cells) {
			return ""
		}
		if len(row.cells[i]) > longestCell {
			rec.problem("%s has more than %d bytes: is a quotation mark not closed?", column, longestCell)
			return ""
		}
		return row.cells[i]
	}
	rec.Username, rec.FirstName, rec.LastName, rec.Email = cell(colUsername), cell(colFirstName), cell(colLastName), cell(colEmail)
	rec.Role, rec.UserType = cell(colRole), cell(colUserType)
	rec.Bundles, rec.Groups, rec.Manages, rec.Folders = splitList(cell(colBundles)), splitList(cell(colGroups)), splitList(cell(colManages)), splitList(cell(colFolders))
	rec.Provider, rec.IDPUsername, rec.Status = fold(cell(colProvider)), cell(colIDP), fold(cell(colStatus))
	rec.secret = new(secret.Secret(cell(colPassword)))
	if len(row.cells) > width {
		rec.problem("it has %d cells, where the first row names %d columns: is a comma not in quotes?", len(row.cells), width)
	}
	if l := cell(colLicense); l != "" {
		grants, err := parseGrants(l)
		if err != nil {
			rec.problem("License: %v", err)
		}
		rec.Licenses = grants
	}
	rec.check()
	return rec
}

func (r *Record) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// passwords warns of a column that holds some.
func (s *Sheet) passwords() {
	n := 0
	for i := range s.Records {
		if s.Records[i].password() != "" {
			n++
		}
	}
	if n > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d rows hold passwords in plain text: invite the members, or have one-time passwords made, and delete the file", n))
	}
}

// repeated notes rows whose user name an earlier row has.
func (s *Sheet) repeated() {
	first := map[string]int{}
	for i := range s.Records {
		r := &s.Records[i]
		if r.Username == "" {
			continue
		}
		if line, there := first[fold(r.Username)]; there {
			r.problem("the user name %s stands in line %d already", r.Username, line)
			continue
		}
		first[fold(r.Username)] = r.Line
	}
}
