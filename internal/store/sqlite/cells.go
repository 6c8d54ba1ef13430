package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// cell carries one value between a column and its place in a Go struct.
type cell interface {
	driver.Valuer
	sql.Scanner
}

// text holds a string; NULL reads as empty.
type textCell[T ~string] struct{ p *T }

func text[T ~string](p *T) cell { return textCell[T]{p} }

func (c textCell[T]) Value() (driver.Value, error) { return string(*c.p), nil }

func (c textCell[T]) Scan(v any) error {
	s, err := textOf(v)
	*c.p = T(s)
	return err
}

func textOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	default:
		return "", fmt.Errorf("want text, have %T", v)
	}
}

// whole holds a whole number; NULL reads as 0.
type wholeCell struct{ p *int64 }

func whole(p *int64) cell { return wholeCell{p} }

func (c wholeCell) Value() (driver.Value, error) { return *c.p, nil }

func (c wholeCell) Scan(v any) error {
	n, ok := v.(int64)
	if !ok && v != nil {
		return fmt.Errorf("want a whole number, have %T", v)
	}
	*c.p = n
	return nil
}

// flag holds a truth value as 0 or 1.
type flagCell struct{ p *bool }

func flag(p *bool) cell { return flagCell{p} }

func (c flagCell) Value() (driver.Value, error) {
	if *c.p {
		return int64(1), nil
	}
	return int64(0), nil
}

func (c flagCell) Scan(v any) error {
	*c.p = v == int64(1)
	return nil
}

// moment holds a time in milliseconds, in UTC; NULL is the zero time.
type momentCell struct{ p *time.Time }

func moment(p *time.Time) cell { return momentCell{p} }

func (c momentCell) Value() (driver.Value, error) {
	if c.p.IsZero() {
		return nil, nil
	}
	return c.p.UnixMilli(), nil
}

func (c momentCell) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.p = time.Time{}
	case int64:
		*c.p = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("want milliseconds, have %T", v)
	}
	return nil
}

// list holds a list of strings as JSON text; NULL is nil.
type listCell struct{ p *[]string }

func list(p *[]string) cell { return listCell{p} }

func (c listCell) Value() (driver.Value, error) {
	switch {
	case *c.p == nil:
		return nil, nil
	case len(*c.p) == 0:
		return "[]", nil
	}
	return inList(*c.p), nil
}

func (c listCell) Scan(v any) error {
	s, err := textOf(v)
	switch {
	case err != nil:
		return err
	case v == nil:
		*c.p = nil
		return nil
	case s == "[]":
		*c.p = []string{}
		return nil
	case strings.HasPrefix(s, `["`) && !strings.Contains(s, `\`): // what most lists are, without reflection
		*c.p = strings.Split(s[2:len(s)-2], `","`)
		return nil
	}
	return json.Unmarshal([]byte(s), c.p)
}

// raw holds JSON text byte by byte; NULL is nil.
type rawCell struct{ p *json.RawMessage }

func raw(p *json.RawMessage) cell { return rawCell{p} }

func (c rawCell) Value() (driver.Value, error) {
	if *c.p == nil {
		return nil, nil
	}
	return string(*c.p), nil
}

func (c rawCell) Scan(v any) error {
	s, err := textOf(v)
	*c.p = nil
	if v != nil {
		*c.p = json.RawMessage(s)
	}
	return err
}

// settings holds named JSON values as one JSON object; NULL is nil.
type settingsCell struct{ p *map[string]json.RawMessage }

func settings(p *map[string]json.RawMessage) cell { return settingsCell{p} }

func (c settingsCell) Value() (driver.Value, error) {
	if *c.p == nil {
		return nil, nil
	}
	b, err := json.Marshal(*c.p)
	return string(b), err
}

func (c settingsCell) Scan(v any) error {
	s, err := textOf(v)
	*c.p = nil
	if v == nil || err != nil {
		return err
	}
	return json.Unmarshal([]byte(s), c.p)
}

// optional holds a part of what p points to, which is nil where the columns are NULL.
type optionalCell[T any] struct {
	p  **T
	of func(*T) cell
}

func optional[T any](p **T, of func(*T) cell) cell { return optionalCell[T]{p, of} }

func (c optionalCell[T]) Value() (driver.Value, error) {
	if *c.p == nil {
		return nil, nil
	}
	return c.of(*c.p).Value()
}

func (c optionalCell[T]) Scan(v any) error {
	if v == nil {
		return nil
	}
	if *c.p == nil {
		*c.p = new(T)
	}
	return c.of(*c.p).Scan(v)
}

// float holds a number.
type floatCell struct{ p *float64 }

func float(p *float64) cell { return floatCell{p} }

func (c floatCell) Value() (driver.Value, error) { return *c.p, nil }

func (c floatCell) Scan(v any) error {
	f, ok := v.(float64)
	if !ok {
		return fmt.Errorf("want a number, have %T", v)
	}
	*c.p = f
	return nil
}

// folded is a string as it is compared, without regard to case. It is not read back.
type foldedCell[T ~string] struct{ p *T }

func folded[T ~string](p *T) cell { return foldedCell[T]{p} }

func (c foldedCell[T]) Value() (driver.Value, error) { return fold(string(*c.p)), nil }

func (c foldedCell[T]) Scan(any) error { return nil }

// derived is written from f and not read back.
type derived func() driver.Value

func (f derived) Value() (driver.Value, error) { return f(), nil }

func (f derived) Scan(any) error { return nil }

// fold gives strings that differ in case alone one form.
func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }
