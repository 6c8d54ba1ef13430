package gis

import (
	"context"
	"encoding/json"
	"iter"
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

// paging is the part of an answer that all listings share. NextStart is missing where the
// portal does not page.
type paging struct {
	Query        string `json:"query"`
	Total        int    `json:"total"`
	Start        int    `json:"start"`
	NextStart    *int   `json:"nextStart"`
	Aggregations struct {
		Counts []struct {
			FieldName   string  `json:"fieldName"`
			FieldValues []Count `json:"fieldValues"`
		} `json:"counts"`
	} `json:"aggregations"`
}

// page makes a page of a listing whose entries stand under key. size is what was asked for:
// an answer without nextStart has a next page if it is full and its total says so.
func page[T any](body []byte, key string, start, size int) (*Page[T], error) {
	var head paging
	if err := decode(body, &head); err != nil {
		return nil, err
	}
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(body, &lists); err != nil {
		return nil, err
	}
	p := &Page[T]{Query: head.Query, Total: head.Total, Start: start}
	if list := lists[key]; len(list) > 0 {
		if err := decode(list, &p.Items); err != nil {
			return nil, err
		}
	}
	switch {
	case head.NextStart != nil:
		p.Next = *head.NextStart
	case len(p.Items) >= size && start+len(p.Items) <= head.Total:
		p.Next = start + len(p.Items)
	}
	for _, c := range head.Aggregations.Counts {
		if p.Counts == nil {
			p.Counts = map[string][]Count{}
		}
		p.Counts[c.FieldName] = c.FieldValues
	}
	return p, nil
}
