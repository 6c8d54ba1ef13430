package rest

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Bool reads true and false in any case, 1 and 0; a missing or empty parameter is def.
func (r *Request) Bool(name string, def bool) (bool, error) {
	p, err := r.BoolPtr(name)
	if p == nil || err != nil {
		return def, err
	}
	return *p, nil
}

// BoolPtr is Bool with nil for a missing or empty parameter.
func (r *Request) BoolPtr(name string) (*bool, error) {
	switch s := strings.ToLower(strings.Trim(strings.TrimSpace(r.Str(name)), `"`)); s {
	case "", "none", "null":
		return nil, nil
	case "true", "1":
		return new(true), nil
	case "false", "0":
		return new(false), nil
	default:
		return nil, portal.ErrBadParam(name, "must be true or false, not "+strconv.Quote(s))
	}
}

// Int reads a whole number; a missing or empty parameter is def.
func (r *Request) Int(name string, def int) (int, error) {
	s := strings.Trim(strings.TrimSpace(r.Str(name)), `"`)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, portal.ErrBadParam(name, "must be a whole number, not "+strconv.Quote(s))
	}
	return n, nil
}

// List reads "a,b", ["a","b"], ",a,b", ['a'] and " ": trimmed, empties dropped. ok is false
// where the parameter was not sent.
func (r *Request) List(name string) (values []string, ok bool) {
	if !r.Has(name) {
		return nil, false
	}
	for _, s := range r.All(name) {
		values = append(values, splitList(s)...)
	}
	return values, true
}

func splitList(s string) []string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "[") {
		var arr []any
		if err := lenientJSON(s, &arr); err == nil {
			var out []string
			for _, v := range arr {
				switch v := v.(type) {
				case string:
					out = append(out, splitList(v)...)
				case float64:
					out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
				case json.Number:
					out = append(out, v.String())
				}
			}
			return out
		}
	}
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// JSON decodes a parameter into v; ok is false where it was not sent or is blank. It bears
// JSON in a JSON string and the Python spelling with single quotes, True, False and None.
func (r *Request) JSON(name string, v any) (ok bool, err error) {
	s := strings.TrimSpace(r.Str(name))
	if s == "" {
		return false, nil
	}
	if err := lenientJSON(s, v); err != nil {
		return true, portal.ErrBadParam(name, "must be JSON: "+err.Error())
	}
	return true, nil
}

// lenientJSON decodes s, unwrapping strings that hold JSON and accepting Python's spelling.
func lenientJSON(s string, v any) error {
	err := json.Unmarshal([]byte(s), v)
	if err == nil {
		return nil
	}
	var inner string
	if json.Unmarshal([]byte(s), &inner) == nil {
		return lenientJSON(inner, v)
	}
	if json.Unmarshal([]byte(fromPython(s)), v) == nil {
		return nil
	}
	return err
}
