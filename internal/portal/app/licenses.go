package app

import (
	"io"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// LicensePool is what an organization has of licenses.
type LicensePool = portal.LicensePool

// ParseLicenses reads a file of licenses. An error names the field that is wrong.
func ParseLicenses(r io.Reader) (*LicensePool, error) { return portal.ParseLicenses(r) }
