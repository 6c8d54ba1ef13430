package wire

import (
	"slices"
	"testing"
)

func TestFailure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		status     bool // "status" is data
		want       *Error
	}{
		{name: "success", body: `{"success":true,"id":"x"}`},
		{name: "page", body: `{"total":1,"results":[{"title":"error","error":{"code":1}}]}`},
		{name: "array", body: `[{"error":"x"}]`},
		{name: "no JSON", body: `<html>"error"`},
		{name: "null error", body: `{"error":null}`},
		{name: "portaladmin success", body: `{"status":"success"}`},
		{name: "status number", body: `{"status":3}`},
		{name: "item status", body: `{"status":"failed","statusMessage":"no"}`, status: true},
		{name: "batch rows", body: `{"results":[{"itemId":"a","success":false}]}`},
		{name: "envelope", body: `{"error":{"code":400,"messageCode":"CONT_0001","message":"Item does not exist or is inaccessible.","details":[]}}`,
			want: &Error{Code: 400, MessageCode: "CONT_0001", Message: "Item does not exist or is inaccessible."}},
		{name: "code as text, details as text", body: `{"error":{"code":"498","message":"Invalid token.","details":"again"}}`,
			want: &Error{Code: 498, Message: "Invalid token.", Details: []string{"again"}}},
		{name: "details null", body: `{"error":{"code":500,"message":"m","details":null}}`, want: &Error{Code: 500, Message: "m"}},
		{name: "details mixed", body: `{"error":{"code":500,"message":"m","details":["a",null,3,"b"]}}`,
			want: &Error{Code: 500, Message: "m", Details: []string{"a", "b"}}},
		{name: "oauth in envelope", body: `{"error":{"code":400,"error":"invalid_request","error_description":"bad","details":[]}}`,
			want: &Error{Code: 400, Message: "bad"}},
		{name: "oauth bare", body: `{"error":"invalid_grant","error_description":"expired"}`, want: &Error{Message: "expired"}},
		{name: "error of another type", body: `{"error":7}`, want: &Error{Message: "the portal gave no reason"}},
		{name: "not succeeded", body: `{"success":false}`, want: &Error{Message: "the portal answered that it did not succeed"}},
		{name: "reason", body: `{"itemId":"a","success":false,"reason":{"code":400,"message":"has dependents"}}`,
			want: &Error{Code: 400, Message: "has dependents"}},
		{name: "portaladmin", body: `{"status":"error","messages":["first","second"],"code":403}`,
			want: &Error{Code: 403, Message: "first", Details: []string{"second"}}},
		{name: "failed", body: `{"status":"failed","statusMessage":"no room"}`, want: &Error{Message: "no room"}},
		{name: "billing", body: `{"code":402,"message":"pay"}`, want: &Error{Code: 402, Message: "pay"}},
	}
	for _, tt := range tests {
		got := failure([]byte(tt.body), tt.status)
		switch {
		case got == nil || tt.want == nil:
			if (got == nil) != (tt.want == nil) {
				t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
			}
		case got.Class != ClassPortal || got.Code != tt.want.Code || got.MessageCode != tt.want.MessageCode ||
			got.Message != tt.want.Message || !slices.Equal(got.Details, tt.want.Details):
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestOnlyError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want bool
	}{
		{`{"error":{"code":400,"message":"m"}}`, true},
		{`{"error":{"message":"no code"}}`, false},
		{`{"error":{"code":400},"version":"1"}`, false},
		{`{"operationalLayers":[]}`, false},
		{`error`, false},
		{``, false},
	}
	for _, tt := range tests {
		if got := onlyError([]byte(tt.body)); got != tt.want {
			t.Errorf("onlyError(%s) = %v, want %v", tt.body, got, tt.want)
		}
	}
}
