package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// LicensePool is what an organization has: user types, products and app bundles with their
// seats. docs/licenses.md describes the file that it is read from.
type LicensePool struct {
	UserTypes  []*UserType // empty: the default ones, with seats for everybody
	Products   []*Product
	AppBundles []*AppBundle
	Activity   []Activity
}

// maxPool is the most bytes of a file of licenses.
const maxPool = 16 << 20

// poolFile is the file of licenses.
type poolFile struct {
	UserTypes  []fileUserType `json:"userTypes"`
	Products   []fileProduct  `json:"products"`
	AppBundles []fileBundle   `json:"appBundles"`
	Activity   []fileActivity `json:"activity"`
}

type fileUserType struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Seats       *int64        `json:"seats"`
	Expires     day           `json:"expires"`
	Privileges  []string      `json:"privileges"`
	Apps        []LicensedApp `json:"apps"`
}

type fileProduct struct {
	ItemID                string     `json:"itemId"`
	Title                 string     `json:"title"`
	Description           string     `json:"description"`
	LicenseType           string     `json:"licenseType"`
	Vendor                string     `json:"vendor"`
	URL                   string     `json:"url"`
	Trial                 bool       `json:"trial"`
	MaxUsers              *int64     `json:"maxUsers"`
	Starts                day        `json:"starts"`
	Expires               day        `json:"expires"`
	CanDisconnect         bool       `json:"canDisconnect"`
	MaxDisconnectDuration *int64     `json:"maxDisconnectDuration"`
	Entitlements          []filePart `json:"entitlements"`
}

type filePart struct {
	Name  string `json:"name"`
	Seats *int64 `json:"seats"`
	Level bool   `json:"level"`
}

type fileBundle struct {
	ID          string        `json:"id"`
	ItemID      string        `json:"itemId"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Seats       *int64        `json:"seats"`
	Expires     day           `json:"expires"`
	Apps        []LicensedApp `json:"apps"`
}

type fileActivity struct {
	Product    string `json:"product"`
	Username   string `json:"username"`
	LastUsed   day    `json:"lastUsed"`
	CheckedOut day    `json:"checkedOut"`
}

// day is a date, or a moment in the form of RFC 3339; empty is the zero time.
type day struct{ at time.Time }

func (d *day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			d.at = t.UTC().Truncate(time.Millisecond)
			return nil
		}
	}
	return fmt.Errorf("%q must be a date such as 2027-12-31, or a moment such as 2027-12-31T09:30:00Z", b)
}

// ParseLicenses reads a file of licenses. An error names the field that is wrong.
func ParseLicenses(r io.Reader) (*LicensePool, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPool+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxPool {
		return nil, fmt.Errorf("is larger than %d MB", maxPool>>20)
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	var f poolFile
	if err := d.Decode(&f); err != nil {
		return nil, poolSyntax(b, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("must hold one JSON object and nothing behind it")
	}
	var p poolReader
	p.read(&f)
	return &p.pool, errors.Join(p.errs...)
}

// poolSyntax says where a file is no JSON of the right form.
func poolSyntax(b []byte, err error) error {
	line := func(offset int64) int { return 1 + strings.Count(string(b[:min(offset, int64(len(b)))]), "\n") }
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		return fmt.Errorf("line %d: %s must be %s, not %s", line(wrong.Offset), wrong.Field, jsonName(wrong.Type.Kind().String()), jsonName(wrong.Value))
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", line(syntax.Offset), err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("ends before the JSON object does")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// jsonName is what a kind of Go value, or of JSON value, is called.
func jsonName(kind string) string {
	switch kind {
	case "slice", "array":
		return "a list"
	case "struct", "object":
		return "an object"
	case "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	case "string":
		return "a text"
	}
	return kind
}

// derivedID makes the identifier of something that the file gives none, from its name, so that
// it is the same at each start.
func derivedID(kind, name string) esri.ItemID {
	sum := sha256.Sum256([]byte(kind + "\n" + strings.ToLower(name)))
	return esri.ItemID(hex.EncodeToString(sum[:16]))
}
