package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// maxPage is the largest page that portals answer.
const maxPage = 100

// Page is one page of a listing.
type Page[T any] struct {
	Query string // as the portal understood it, in searches
	Total int    // in searches exact up to 10,000
	Start int    // of the page's first entry, counted from 1
	Next  int    // start of the next page; 0 or less: this is the last
	Items []T
	// Counts are the values and frequencies of the fields that the search asked to count.
	Counts map[string][]Count
}

// Count is how often a value occurs.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Collect gathers a sequence into a slice, up to its first error.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// failed is the sequence of one error.
func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		yield(zero, err)
	}
}

// pages yields the entries of a listing page by page, from start on, at most limit of them
// (0: all). A page is fetched when the loop reaches it.
//
// A listing ends when the portal says so (nextStart below 1), when it does not get on
// (nextStart not beyond the page's start), or with an empty page.
func pages[T any](ctx context.Context, start, limit int, fetch func(ctx context.Context, start int) (*Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		yielded := 0
		for start = max(start, 1); ; {
			page, err := fetch(ctx, start)
			if err != nil {
				yield(zero, err)
				return
			}
			for _, v := range page.Items {
				if !yield(v, nil) {
					return
				}
				if yielded++; yielded == limit {
					return
				}
			}
			if page.Next <= start || len(page.Items) == 0 {
				return
			}
			start = page.Next
		}
	}
}

// pageSize answers the page to ask for: as wanted, at most 100, and no more than limit.
func pageSize(wanted, limit int) int {
	if wanted <= 0 || wanted > maxPage {
		wanted = maxPage
	}
	if limit > 0 {
		wanted = min(wanted, limit)
	}
	return wanted
}

// paging is the part of an answer that listings share. NextStart is missing where the
// portal does not page.
type paging struct {
	Query        string  `json:"query"`
	Total        number  `json:"total"`
	NextStart    *number `json:"nextStart"`
	Aggregations struct {
		Counts []struct {
			FieldName   string  `json:"fieldName"`
			FieldValues []Count `json:"fieldValues"`
		} `json:"counts"`
	} `json:"aggregations"`
}

// number is a whole number, also one in quotes. A listing must not end early because its next
// page cannot be read.
type number int

func (n *number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err != nil {
		return fmt.Errorf("%s stands where a number belongs", b)
	}
	*n = number(v)
	return nil
}

// readPage asks for size entries from start on.
func readPage[T any](ctx context.Context, p *Portal, r *wire.Request, key string, start, size int) (*Page[T], error) {
	found, _, err := readPageAnd[T](ctx, p, r, key, start, size)
	return found, err
}

// readPageAnd also answers what else the portal said.
func readPageAnd[T any](ctx context.Context, p *Portal, r *wire.Request, key string, start, size int) (found *Page[T], rest map[string]json.RawMessage, err error) {
	start = max(start, 1)
	err = p.wire.JSONFunc(ctx, r.Int("start", start).Int("num", size), func(body []byte) error {
		found, rest, err = page[T](body, key, start, size)
		return err
	})
	return found, rest, noOperation(wrap(err))
}

// page makes a page of a listing whose entries stand under key; what stands beside them is
// answered as it is. size is what was asked for: an answer without nextStart has a next page
// if it is full and its total says so.
func page[T any](body []byte, key string, start, size int) (*Page[T], map[string]json.RawMessage, error) {
	p := &Page[T]{Start: start}
	entries := 0
	rest, err := splitList(body, key, func(dec *json.Decoder) error {
		v, err := nextElement[T](dec, body)
		if err != nil {
			return err
		}
		entries++
		if r := reflect.ValueOf(&v).Elem(); r.Kind() != reflect.Pointer || !r.IsNil() { // not null
			p.Items = append(p.Items, v)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var head paging
	for name, into := range map[string]any{"query": &head.Query, "total": &head.Total, "nextStart": &head.NextStart, "aggregations": &head.Aggregations} {
		if raw, there := rest[name]; there {
			err := decode(raw, into)
			if _, paged := rest["nextStart"]; name == "total" && paged {
				err = nil // an unreadable total is unknown; the pages go on all the same
			}
			if err != nil {
				return nil, nil, err
			}
		}
	}
	p.Query, p.Total = head.Query, int(head.Total)
	switch {
	case head.NextStart != nil:
		p.Next = int(*head.NextStart)
	case entries >= size && start+entries <= int(head.Total):
		p.Next = start + entries
	}
	for _, c := range head.Aggregations.Counts {
		if p.Counts == nil {
			p.Counts = map[string][]Count{}
		}
		p.Counts[c.FieldName] = c.FieldValues
	}
	return p, rest, nil
}

// splitList goes through a JSON object: it calls each for every element of the list under
// key and answers the other members. The body is gone through once, for pages are long.
func splitList(body []byte, key string, each func(*json.Decoder) error) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil {
		return nil, err
	} else if t != json.Delim('{') {
		return nil, fmt.Errorf("the answer is %v where an object belongs", t)
	}
	rest := map[string]json.RawMessage{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if name != key {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				return nil, err
			}
			rest[fmt.Sprint(name)] = raw
			continue
		}
		if err := eachElement(dec, each); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return rest, err
}

// eachElement goes through the list that comes next, or null.
func eachElement(dec *json.Decoder, each func(*json.Decoder) error) error {
	switch t, err := dec.Token(); {
	case err != nil:
		return err
	case t == nil:
		return nil
	case t != json.Delim('['):
		return fmt.Errorf("%v stands where a list belongs", t)
	}
	for dec.More() {
		if err := each(dec); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

// entity is what keeps the JSON that it came from. readFrom calls next once, which decodes
// into v and answers the JSON. Through it pages are decoded without being gone through again
// for every entry, which [json.Unmarshaler] would ask for.
type entity interface {
	readFrom(next func(v any) (raw []byte, err error)) error
}

// whole hands b to [entity.readFrom].
func whole(b []byte) func(v any) ([]byte, error) {
	return func(v any) ([]byte, error) { return b, decode(b, v) }
}

// nextElement decodes what comes next in body, which dec reads.
func nextElement[T any](dec *json.Decoder, body []byte) (v T, err error) {
	t := reflect.TypeFor[T]()
	null := false
	next := func(into any) ([]byte, error) {
		before := dec.InputOffset()
		err := dec.Decode(into)
		raw := bytes.TrimLeft(body[before:dec.InputOffset()], ", \t\r\n")
		null = string(raw) == "null"
		if lenient(err) != err {
			err = decode(raw, into)
		}
		return raw, err
	}
	if t.Kind() != reflect.Pointer || !t.Implements(reflect.TypeFor[entity]()) {
		_, err = next(&v)
		return v, err
	}
	made := reflect.New(t.Elem()).Interface()
	err = made.(entity).readFrom(next)
	if null {
		return v, err
	}
	return made.(T), err
}
