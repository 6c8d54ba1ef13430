package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// cell carries one value between a column and its place in a Go struct.
type cell struct {
	get func() (any, error)
	set func(any) error
}

// Value implements driver.Valuer.
func (c cell) Value() (driver.Value, error) { return c.get() }

// Scan implements sql.Scanner.
func (c cell) Scan(v any) error { return c.set(v) }

// text holds a string; NULL reads as empty.
func text[T ~string](p *T) cell {
	return cell{
		get: func() (any, error) { return string(*p), nil },
		set: func(v any) error {
			switch v := v.(type) {
			case nil:
				*p = ""
			case string:
				*p = T(v)
			case []byte:
				*p = T(v)
			default:
				return fmt.Errorf("want text, have %T", v)
			}
			return nil
		},
	}
}

// whole holds a whole number; NULL reads as 0.
func whole[T ~int | ~int64](p *T) cell {
	return cell{
		get: func() (any, error) { return int64(*p), nil },
		set: func(v any) error {
			switch v := v.(type) {
			case nil:
				*p = 0
			case int64:
				*p = T(v)
			default:
				return fmt.Errorf("want a whole number, have %T", v)
			}
			return nil
		},
	}
}

func flag(p *bool) cell {
	return cell{
		get: func() (any, error) {
			if *p {
				return int64(1), nil
			}
			return int64(0), nil
		},
		set: func(v any) error { *p = v == int64(1); return nil },
	}
}

// moment holds a time in milliseconds, in UTC; NULL is the zero time.
func moment(p *time.Time) cell {
	return cell{
		get: func() (any, error) {
			if p.IsZero() {
				return nil, nil
			}
			return p.UnixMilli(), nil
		},
		set: func(v any) error {
			switch v := v.(type) {
			case nil:
				*p = time.Time{}
			case int64:
				*p = time.UnixMilli(v).UTC()
			default:
				return fmt.Errorf("want milliseconds, have %T", v)
			}
			return nil
		},
	}
}

// asJSON holds a list or a map as JSON text; NULL is nil.
func asJSON[T []string | map[string]json.RawMessage](p *T) cell {
	return cell{
		get: func() (any, error) {
			if *p == nil {
				return nil, nil
			}
			b, err := json.Marshal(*p)
			return string(b), err
		},
		set: func(v any) error {
			*p = nil
			switch v := v.(type) {
			case nil:
				return nil
			case string:
				return json.Unmarshal([]byte(v), p)
			default:
				return fmt.Errorf("want JSON text, have %T", v)
			}
		},
	}
}

// raw holds JSON text byte by byte; NULL is nil.
func raw(p *json.RawMessage) cell {
	return cell{
		get: func() (any, error) {
			if *p == nil {
				return nil, nil
			}
			return string(*p), nil
		},
		set: func(v any) error {
			*p = nil
			switch v := v.(type) {
			case nil:
				return nil
			case string:
				*p = json.RawMessage(v)
				return nil
			default:
				return fmt.Errorf("want JSON text, have %T", v)
			}
		},
	}
}

// derived is written from f and not read back.
func derived(f func() any) cell {
	return cell{get: func() (any, error) { return f(), nil }, set: func(any) error { return nil }}
}

// folded is a string as it is compared: without regard to case.
func folded[T ~string](p *T) cell {
	return derived(func() any { return fold(string(*p)) })
}

// fold gives strings that differ in case alone one form.
func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }
