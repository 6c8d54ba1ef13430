package sqlite

import (
	"database/sql"
	"iter"
	"strings"
)

// field couples a column with the place of its value.
type field struct {
	name string
	cell cell
}

// table writes and reads values of T as rows.
type table[T any] struct {
	name    string
	fields  func(*T) []field
	columns string // of a SELECT
	upsert  string // INSERT, or UPDATE of the row with the same key
}

// newTable describes a table. On conflict of key all columns but those of kept are replaced.
func newTable[T any](name, key string, kept []string, fields func(*T) []field) *table[T] {
	var names, marks, sets []string
	for _, f := range fields(new(T)) {
		names = append(names, f.name)
		marks = append(marks, "?")
		if !strings.Contains(","+key+","+strings.Join(kept, ",")+",", ","+f.name+",") {
			sets = append(sets, f.name+"=excluded."+f.name)
		}
	}
	columns := strings.Join(names, ",")
	return &table[T]{
		name:    name,
		fields:  fields,
		columns: columns,
		upsert: "INSERT INTO " + name + "(" + columns + ") VALUES(" + strings.Join(marks, ",") + ")" +
			" ON CONFLICT(" + key + ") DO UPDATE SET " + strings.Join(sets, ","),
	}
}

func (tb *table[T]) cells(v *T) []any {
	fields := tb.fields(v)
	cells := make([]any, len(fields))
	for i, f := range fields {
		cells[i] = f.cell
	}
	return cells
}

func (tb *table[T]) put(t *tx, v *T) error { return t.exec(tb.upsert, tb.cells(v)...) }

// one reads the first row that matches the rest of a query: " WHERE id=?".
func (tb *table[T]) one(t *tx, rest string, args ...any) (*T, error) {
	v := new(T)
	if err := t.scan(tb.cells(v), "SELECT "+tb.columns+" FROM "+tb.name+rest, args...); err != nil {
		return nil, err
	}
	return v, nil
}

func (tb *table[T]) all(t *tx, rest string, args ...any) ([]*T, error) {
	return tb.collect(t.rows("SELECT "+tb.columns+" FROM "+tb.name+rest, args...))
}

func (tb *table[T]) collect(rows iter.Seq2[*sql.Rows, error]) ([]*T, error) {
	var list []*T
	scan := tb.scanner()
	for r, err := range rows {
		if err != nil {
			return nil, err
		}
		v, err := scan(r)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// scanner returns a function that reads a row, whose first columns go to before. The cells
// are made once, for a value that each row fills anew.
func (tb *table[T]) scanner(before ...any) func(*sql.Rows) (*T, error) {
	v := new(T)
	places := append(before, tb.cells(v)...)
	return func(r *sql.Rows) (*T, error) {
		*v = *new(T)
		if err := r.Scan(places...); err != nil {
			return nil, err
		}
		return new(*v), nil
	}
}
