package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// small holds a number of the size of an int.
type smallCell struct{ p *int }

func small(p *int) cell { return smallCell{p} }

func (c smallCell) Value() (driver.Value, error) { return int64(*c.p), nil }

func (c smallCell) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("want a whole number, have %T", v)
	}
	*c.p = int(n)
	return nil
}

// document holds a list as JSON text; NULL is nil.
type documentCell[T any] struct{ p *[]T }

func document[T any](p *[]T) cell { return documentCell[T]{p} }

func (c documentCell[T]) Value() (driver.Value, error) {
	if *c.p == nil {
		return nil, nil
	}
	b, err := json.Marshal(*c.p)
	return string(b), err
}

func (c documentCell[T]) Scan(v any) error {
	s, err := textOf(v)
	*c.p = nil
	if v == nil || err != nil {
		return err
	}
	return json.Unmarshal([]byte(s), c.p)
}
