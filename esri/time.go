package esri

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// Time is a moment with millisecond resolution, in UTC. Its zero value means "never" and is
// written as -1. Decoding accepts numbers, numbers in quotes, and null.
type Time struct{ time.Time }

// TimeOf returns t cut to whole milliseconds, in UTC.
func TimeOf(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Millisecond)}
}

// Millis returns the wire form: milliseconds since 1970 UTC, or -1 for the zero Time.
func (t Time) Millis() int64 {
	if t.IsZero() {
		return -1
	}
	return t.UnixMilli()
}

// MarshalJSON writes the wire form.
func (t Time) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, t.Millis(), 10), nil
}

// UnmarshalJSON reads the wire form; any negative number, null and "" mean "never".
func (t *Time) UnmarshalJSON(b []byte) error {
	b = bytes.Trim(b, `"`)
	if len(b) == 0 || string(b) == "null" {
		*t = Time{}
		return nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return fmt.Errorf("time %q is not a number of milliseconds", b)
	}
	if f < 0 {
		*t = Time{}
		return nil
	}
	*t = Time{time.UnixMilli(int64(f)).UTC()}
	return nil
}
