// Package report writes what a run of package clone did into a file that can be kept: a page
// of HTML that needs nothing else, a table (CSV), or JSON.
//
//	doc := report.New("run", rep, meter.Phases())
//	err := report.WriteFile("clone.html", doc)
//
// The format goes by the name of the file. docs/report-format.md describes all three.
package report
