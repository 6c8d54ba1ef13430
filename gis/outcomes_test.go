package gis_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// TestErrors gives the same answers to a read and to a change: what counts is the body, not
// the status 200 that most of them come with.
func TestErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		status     int
		kind       gis.Kind // empty: success
		doubt      bool     // whether the change may have happened
	}{
		{name: "success", body: `{"success":true,"id":"` + itemA + `"}`},
		{name: "error", body: `{"error":{"code":400,"messageCode":"CONT_0001","message":"Item does not exist or is inaccessible.","details":[]}}`, kind: gis.ErrNotFound},
		{name: "error with details null", body: `{"error":{"code":403,"message":"No.","details":null}}`, kind: gis.ErrDenied},
		{name: "error inside", body: `{"error":{"code":500,"message":"Error invoking service","details":["x"]}}`, kind: gis.ErrServer, doubt: true},
		{name: "not succeeded", body: `{"success":false}`, kind: gis.ErrServer},
		{name: "status error", body: `{"status":"error","messages":["No room."],"code":409}`, kind: gis.ErrConflict},
		{name: "status failed", body: `{"status":"failed","statusMessage":"No room."}`, kind: gis.ErrServer},
		{name: "bare code", body: `{"code":402,"message":"Pay first."}`, kind: gis.ErrInvalid},
		{name: "web page", body: `<html><title>Sign in</title></html>`, kind: gis.ErrProtocol, doubt: true},
		{name: "cut short", body: `{"success":true,"id":"a5`, kind: gis.ErrProtocol, doubt: true},
		{name: "empty", body: ``, kind: gis.ErrProtocol, doubt: true},
		{name: "status 404 with an error", body: `{"error":{"code":404,"message":"Resource does not exist or is inaccessible."}}`, status: 404, kind: gis.ErrNotFound},
		{name: "status 404 alone", body: `<html>`, status: 404, kind: gis.ErrUnsupported},
		{name: "status 403 alone", body: ``, status: 403, kind: gis.ErrDenied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.status != 0 {
					w.WriteHeader(tt.status)
				}
				fmt.Fprint(w, tt.body)
			}))
			defer srv.Close()
			p := must(gis.New(srv.URL+fakeRoot, nil))(t)
			defer p.Close()
			_, read := p.Content.Get(t.Context(), itemA)
			_, change := p.Content.Add(t.Context(), gis.ItemSpec{Owner: "ada", Title: "x"}, gis.WithoutRefresh())
			for _, err := range []error{read, change} {
				if tt.kind == "" && err != nil || tt.kind != "" && !errors.Is(err, tt.kind) {
					t.Errorf("err = %v, want kind %q", err, tt.kind)
				}
			}
			if gis.Ambiguous(read) || gis.Ambiguous(change) != tt.doubt {
				t.Errorf("ambiguous: read %v, change %v, want %v", gis.Ambiguous(read), gis.Ambiguous(change), tt.doubt)
			}
		})
	}
}

// TestEmptyBatches sends nothing for nothing.
func TestEmptyBatches(t *testing.T) {
	t.Parallel()
	p, f := setup(t, nil)
	ctx := t.Context()
	ok(t, p.Users.Enable(ctx))
	ok(t, p.Users.Delete(ctx))
	ok(t, p.Content.DeleteItems(ctx, "ada"))
	ok(t, p.Content.MoveItems(ctx, "ada", "f", []esri.ItemID{""}...))
	if n := len(f.seen); n != 0 {
		t.Errorf("%d requests", n)
	}
}
