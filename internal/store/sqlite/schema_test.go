package sqlite

import (
	"os"
	"strings"
	"testing"
)

// The package comment names every table: the schema is part of the contract.
func TestDocumentedTables(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(doc), "# Schema")
	documented := map[string]bool{}
	for line := range strings.Lines(list) {
		if names, ok := strings.CutPrefix(line, "//\t"); ok {
			names, _, _ = strings.Cut(names, "  ")
			for _, name := range strings.Split(strings.TrimSpace(names), ", ") {
				documented[name] = true
			}
		}
	}
	session, err := s.readers.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.readers.give(session, false)
	tables, err := column[string](session.rows(t.Context(), `SELECT name FROM pragma_table_list WHERE schema='main' AND type IN ('table','virtual') AND name NOT LIKE 'sqlite_%'`))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		if !documented[name] {
			t.Errorf("the package comment does not name the table %s", name)
		}
		delete(documented, name)
	}
	if len(documented) > 0 {
		t.Errorf("the package comment names what does not exist: %v", documented)
	}
}

// Every statement that looks for a blob's references, or for what an object refers to, finds
// its rows by an index.
func TestReferencesHaveIndexes(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	session, err := s.readers.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.readers.give(session, false)
	for _, query := range []string{
		"SELECT hash FROM blobs AS b WHERE leased<=1 AND NOT " + referenced,
		"SELECT 1 FROM items WHERE owner_key='x' AND folder='y' AND name_key='z'",
		"SELECT 1 FROM shares WHERE item='x'", "SELECT 1 FROM memberships WHERE user_key='x'",
		"SELECT 1 FROM tokens WHERE user_key='x'", "SELECT 1 FROM tokens WHERE parent='x' AND parent<>''", "SELECT 1 FROM tokens WHERE expires<=1",
		"SELECT 1 FROM relations WHERE destination='x'", "SELECT 1 FROM item_values WHERE n=1", "SELECT 1 FROM users WHERE id='x'",
		"SELECT 1 FROM users WHERE user_type='x' AND role='y' AND system=0", "SELECT 1 FROM bundle_holders WHERE user_key='x'",
		"SELECT 1 FROM entitlements WHERE user_key='x'", "SELECT 1 FROM entitlements WHERE product='x' AND place BETWEEN 1 AND 9 ORDER BY place",
	} {
		for r, err := range session.adHoc(t.Context(), "EXPLAIN QUERY PLAN "+query) {
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			var id, parent, unused int
			var detail string
			if err := r.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "CONSTANT ROW") {
				t.Errorf("%s: %s", query, detail)
			}
		}
	}
}
