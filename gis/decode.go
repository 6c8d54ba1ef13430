package gis

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// decode reads an entity. Fields of another type than expected stay empty: the raw JSON
// keeps them.
func decode(b []byte, v any) error { return lenient(unmarshal(b, v)) }

// lenient forgives decoding that a field is of another type than expected.
func lenient(err error) error {
	if _, mismatch := errors.AsType[*json.UnmarshalTypeError](err); mismatch {
		return nil
	}
	return err
}

// Bounds of mending an answer: each value that is mended has it decoded once more, so that there
// are as many as make up the bytes.
const (
	maxMended = 32
	maxMend   = 1 << 20
)

// unmarshal is json.Unmarshal that also takes numbers and booleans in quotes, and numbers
// without them where a text belongs: ArcGIS products differ in this, and so do their releases.
// It fails with a value that does not fit either way, after the others were read.
func unmarshal(b []byte, v any) error {
	var unfit error
	for n := range maxMended {
		err := json.Unmarshal(b, v)
		mismatch, is := errors.AsType[*json.UnmarshalTypeError](err)
		if !is || (n+1)*len(b) > maxMend {
			return cmp.Or(err, unfit)
		}
		mended, fits := mend(b, mismatch)
		if !fits && unfit == nil {
			unfit = err
		}
		if mended == nil {
			return unfit
		}
		b = mended
	}
	return cmp.Or(json.Unmarshal(b, v), unfit)
}

// mend answers b with the value that did not fit written as it fits, else with null in its
// place; nil where the value is a list or an object.
func mend(b []byte, mismatch *json.UnmarshalTypeError) (mended []byte, fit bool) {
	end := int(mismatch.Offset)
	if end < 2 || end > len(b) {
		return nil, false
	}
	kind, start, value := mismatch.Type.Kind(), end, []byte("null")
	if b[end-1] == '"' {
		if start = bytes.LastIndexByte(b[:end-1], '"'); start < 1 || b[start-1] == '\\' {
			return nil, false
		}
		if text := bytes.ToLower(b[start+1 : end-1]); fits(string(text), kind) {
			value, fit = text, true
		}
	} else {
		for start > 0 && strings.IndexByte("+-.0123456789aeflrstuE", b[start-1]) >= 0 {
			start--
		}
		if start == end {
			return nil, false
		}
		if kind == reflect.String {
			value, fit = slices.Concat([]byte{'"'}, b[start:end], []byte{'"'}), true
		}
	}
	return slices.Concat(b[:start], value, b[end:]), fit
}

// fits reports whether text, without its quotes, is a value of the kind.
func fits(text string, kind reflect.Kind) bool {
	var err error
	switch kind {
	case reflect.Bool:
		_, err = strconv.ParseBool(text)
		return err == nil && len(text) > 1 // not 0 and 1, which are no JSON booleans
	case reflect.Int, reflect.Int64:
		_, err = strconv.ParseInt(text, 10, 64)
	case reflect.Float64:
		_, err = strconv.ParseFloat(text, 64)
	default:
		return false
	}
	return err == nil && json.Valid([]byte(text))
}

// present drops what is null from a list.
func present[T any](list []*T) []*T {
	return slices.DeleteFunc(list, func(v *T) bool { return v == nil })
}

// dropNull empties raw members that hold null.
func dropNull(members ...*json.RawMessage) {
	for _, m := range members {
		if string(*m) == "null" {
			*m = nil
		}
	}
}
