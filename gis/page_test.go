package gis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// listing serves pages of numbers with answers of all sorts.
type listing map[int]string

func (l listing) fetch(size int) func(context.Context, int) (*Page[int], error) {
	return func(_ context.Context, start int) (*Page[int], error) {
		body, ok := l[start]
		if !ok {
			return nil, fmt.Errorf("no page at %d", start)
		}
		found, _, err := page[int]([]byte(body), "items", start, size)
		return found, err
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		pages        listing
		start, limit int
		size         int
		want         []int
		fails        bool
	}{
		{name: "one page", pages: listing{1: `{"total":2,"nextStart":-1,"items":[1,2]}`}, want: []int{1, 2}},
		{name: "three pages", pages: listing{1: `{"nextStart":3,"items":[1,2]}`, 3: `{"nextStart":5,"items":[3,4]}`, 5: `{"nextStart":-1,"items":[5]}`}, want: []int{1, 2, 3, 4, 5}},
		{name: "from the third", pages: listing{3: `{"nextStart":-1,"items":[3]}`}, start: 3, want: []int{3}},
		{name: "limited", pages: listing{1: `{"nextStart":3,"items":[1,2]}`, 3: `{"nextStart":5,"items":[3,4]}`}, limit: 3, want: []int{1, 2, 3}},
		{name: "limited to a page", pages: listing{1: `{"nextStart":3,"items":[1,2]}`}, limit: 2, want: []int{1, 2}},
		{name: "nextStart repeats", pages: listing{1: `{"nextStart":1,"items":[1,2]}`}, want: []int{1, 2}},
		{name: "nextStart goes back", pages: listing{1: `{"nextStart":3,"items":[1,2]}`, 3: `{"nextStart":1,"items":[3]}`}, want: []int{1, 2, 3}},
		{name: "empty page with a next", pages: listing{1: `{"nextStart":3,"items":[]}`}},
		{name: "nextStart zero", pages: listing{1: `{"nextStart":0,"items":[1]}`}, want: []int{1}},
		{name: "nextStart missing, more to come", pages: listing{1: `{"total":3,"items":[1,2]}`, 3: `{"total":3,"items":[3]}`}, size: 2, want: []int{1, 2, 3}},
		{name: "nextStart missing, none to come", pages: listing{1: `{"total":2,"items":[1,2]}`}, size: 2, want: []int{1, 2}},
		{name: "nextStart missing, not paged", pages: listing{1: `{"total":5,"items":[1,2]}`}, size: 100, want: []int{1, 2}},
		{name: "list missing", pages: listing{1: `{"total":0,"nextStart":-1}`}},
		{name: "list null", pages: listing{1: `{"items":null}`}},
		{name: "second page fails", pages: listing{1: `{"nextStart":3,"items":[1,2]}`}, want: []int{1, 2}, fails: true},
		{name: "no object", pages: listing{1: `[1,2]`}, fails: true},
	}
	for _, tt := range tests {
		got, err := Collect(pages(t.Context(), tt.start, tt.limit, tt.pages.fetch(tt.size)))
		if (err != nil) != tt.fails || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestPagesAreFetchedLazily(t *testing.T) {
	t.Parallel()
	fetched := 0
	for v, err := range pages(t.Context(), 1, 0, func(_ context.Context, start int) (*Page[int], error) {
		fetched++
		return &Page[int]{Items: []int{start, start + 1}, Next: start + 2}, nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
		if v == 4 {
			break
		}
	}
	if fetched != 2 {
		t.Errorf("%d pages were fetched, want 2", fetched)
	}
	for _, err := range failed[int](errors.New("x")) {
		if err == nil {
			t.Error("no error")
		}
	}
}

func TestPageSize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ wanted, limit, want int }{{0, 0, 100}, {50, 0, 50}, {500, 0, 100}, {0, 10, 10}, {0, 1000, 100}, {5, 10, 5}, {-1, 0, 100}} {
		if got := pageSize(tt.wanted, tt.limit); got != tt.want {
			t.Errorf("pageSize(%d, %d) = %d, want %d", tt.wanted, tt.limit, got, tt.want)
		}
	}
}
