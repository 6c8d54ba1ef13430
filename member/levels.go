package member

import (
	"fmt"
	"slices"
	"strings"
)

// proLevels are the levels of ArcGIS Pro with their letters. A member holds exactly one.
var proLevels = [...]struct{ name, letter string }{
	{"desktopAdvN", "A"}, {"desktopStdN", "S"}, {"desktopBasicN", "B"},
}

// proExtensions are the extensions of ArcGIS Pro in the order of their digits.
var proExtensions = [...]string{
	"3DAnalystN", "spatialAnalystN", "networkAnalystN", "geostatAnalystN", "dataReviewerN",
	"workflowMgrN", "dataInteropN", "smpNAmericaN", "smpEuropeN",
}

// isLevel reports whether the entitlement is a level of ArcGIS Pro.
func isLevel(entitlement string) bool {
	for _, l := range proLevels {
		if l.name == entitlement {
			return true
		}
	}
	return false
}

// Code writes entitlements of ArcGIS Pro in short: the letter of the level, A, S or B, or - for
// none, and the digits of the extensions: 1 3D Analyst, 2 Spatial Analyst, 3 Network Analyst,
// 4 Geostatistical Analyst, 5 Data Reviewer, 6 Workflow Manager, 7 Data Interoperability,
// 8 StreetMap North America, 9 StreetMap Europe; + stands for any other.
func Code(entitlements []string) string {
	letter, digits, other := "-", "", ""
	for _, l := range proLevels {
		if slices.Contains(entitlements, l.name) {
			letter = l.letter
			break
		}
	}
	for i, x := range proExtensions {
		if slices.Contains(entitlements, x) {
			digits += string(rune('1' + i))
		}
	}
	for _, e := range entitlements {
		if !isLevel(e) && !slices.Contains(proExtensions[:], e) {
			other = "+"
		}
	}
	return letter + digits + other
}

// hasLevels reports whether the product is sold by levels, as ArcGIS Pro is.
func (p *Product) hasLevels() bool {
	for name := range p.Seats {
		if isLevel(name) {
			return true
		}
	}
	return false
}

// checkSet says what is wrong with a set of entitlements of the product, seats aside.
func (p *Product) checkSet(set []string) error {
	var levels []string
	for _, e := range set {
		if _, sold := p.Seats[e]; !sold {
			return fmt.Errorf("%s has no entitlement %q; the organization holds %s", p.Title, e, p.offer())
		}
		if isLevel(e) {
			levels = append(levels, e)
		}
	}
	switch {
	case len(set) == 0 || !p.hasLevels():
		return nil
	case len(levels) > 1:
		return fmt.Errorf("%s takes one level, not %s", p.Title, strings.Join(levels, " and "))
	case len(levels) == 0:
		return fmt.Errorf("%s needs a level with %s: one of %s", p.Title, strings.Join(set, ", "), p.offer())
	}
	return nil
}

// offer lists the entitlements that the organization bought.
func (p *Product) offer() string {
	if len(p.Seats) == 0 {
		return "none"
	}
	names := make([]string, 0, len(p.Seats))
	for name := range p.Seats {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// proper writes an entitlement as the product does, whose names differ by more than case.
func (p *Product) proper(entitlement string) string {
	entitlement = strings.TrimSpace(entitlement)
	if _, exact := p.Seats[entitlement]; exact {
		return entitlement
	}
	for name := range p.Seats {
		if strings.EqualFold(name, entitlement) {
			return name
		}
	}
	return entitlement
}
