package member_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/member"
)

// No cell of an export is computed by a spreadsheet, whatever the members are called.
//
// Guard: neutralAll in Export.
func TestExportComputesNothing(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	r := importing(t, w.p, `Username,First Name,Last Name,Email,Role,User Type,Provider,IDP Username
ada,'=1+1,'@sum,ada@example.com,Viewer,viewerUT,enterprise,'-2+3
`, member.ImportOptions{})
	outcomes(t, r, "ada done")
	var b bytes.Buffer
	must[*member.Results](t)(member.Export(t.Context(), w.p, &b, member.ExportOptions{}))
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("the cell %q is computed", cell)
			}
			if strings.HasPrefix(cell, "'=1+1") || strings.HasPrefix(cell, "'@sum") || strings.HasPrefix(cell, "'-2+3") {
				found++
			}
		}
	}
	if found != 3 {
		t.Errorf("%d cells were found in %v", found, rows)
	}
}
