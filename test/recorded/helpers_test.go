package recorded

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"reflect"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// tester is the part of *testing.T that readings use, so that they can also run with answers
// that were spoiled, where only the SDK is looked at.
type tester interface {
	Helper()
	Context() context.Context
	TempDir() string
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func ok(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// eq compares what was read with what the document says.
func eq(t tester, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %#v, the document says %#v", what, got, want)
	}
}

// at is a time in milliseconds, as documents write it.
func at(millis int64) esri.Time { return esri.Time{Time: time.UnixMilli(millis).UTC()} }

// all gathers a listing.
func all[T any](t tester, seq iter.Seq2[T, error]) []T {
	t.Helper()
	list, err := gis.Collect(seq)
	ok(t, err)
	return list
}

// one is the only entry of a listing.
func one[T any](t tester, seq iter.Seq2[T, error]) T {
	t.Helper()
	list := all(t, seq)
	if len(list) != 1 {
		t.Fatalf("%d entries, the document has one", len(list))
	}
	return list[0]
}

// property reads a member of raw JSON: what the SDK has no field for must still be there.
func property(t tester, raw json.RawMessage, name string) any {
	t.Helper()
	var members map[string]any
	ok(t, json.Unmarshal(raw, &members))
	v, there := members[name]
	if !there {
		t.Errorf("%s is lost", name)
	}
	return v
}

// content reads a file to its end.
func content(t tester, d *gis.Data, err error) string {
	t.Helper()
	ok(t, err)
	defer d.Close()
	b, err := io.ReadAll(d)
	ok(t, err)
	return string(b)
}
