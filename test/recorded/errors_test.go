package recorded

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// failed answers the portal's error.
func failed(t tester, err error) *gis.Error {
	t.Helper()
	var e *gis.Error
	if !errors.As(err, &e) {
		t.Fatalf("err = %v, want a *gis.Error", err)
	}
	return e
}

func getItem(ctx context.Context, p *gis.Portal) error {
	_, err := p.Content.Get(ctx, "e03f626be86946f997c29d6dfc7a9666")
	return err
}

func TestFailures(t *testing.T) {
	t.Parallel()
	const item = "GET content/items/{id}"
	tests := []struct {
		file, op string
		status   int
		do       func(ctx context.Context, p *gis.Portal) error
		kind     gis.Kind
		code     int
		message  string
		details  []string
	}{
		{file: "error_400_arguments.json", op: item, kind: gis.ErrInvalid, code: 400, message: "'type' and 'title' property required."},
		{file: "error_403.json", op: item, kind: gis.ErrDenied, code: 403, message: "You do not have permissions to access this resource or perform this operation."},
		{file: "error_403.json", op: item, status: 403, kind: gis.ErrDenied, code: 403, message: "You do not have permissions to access this resource or perform this operation."},
		{file: "error_no_code.json", op: item, kind: gis.ErrDenied, message: "You do not have permissions to access this resource or perform this operation."},
		{file: "error_498_token.json", op: item, kind: gis.ErrToken, code: 498, message: "Invalid token."},
		{file: "error_499_token.json", op: item, kind: gis.ErrToken, code: 499, message: "Token Required", details: []string{"Token Required"}},
		{file: "error_refresh.json", op: item, kind: gis.ErrToken, code: 498, message: "refresh_token expired"},
		{file: "error_item.json", op: item, kind: gis.ErrNotFound, code: 400, message: "Item does not exist or is inaccessible."},
		{file: "error_billing.json", op: item, kind: gis.ErrServer, code: 500, message: "Error getting subscription info"},
		{file: "error_billing_200.json", op: item, kind: gis.ErrServer, code: 200, message: "the portal answered with status failure"},
		{file: "error_exists.json", op: item, kind: gis.ErrConflict, code: 409, message: "Item 'a.csv' already exists."},
		{file: "error_recycle.json", op: item, kind: gis.ErrUnsupported, code: 400, message: "Unable to recycle item a34c2e6711494e62b3b8d7452d4d6235. Item is part of an unsupported relationship type or item type."},
		{file: "page.html", op: item, kind: gis.ErrProtocol},
		{file: "error_group.json", op: "GET community/groups/{id}", kind: gis.ErrNotFound, code: 400, message: "Group does not exist or is inaccessible.", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Groups.Get(ctx, "ef45564655144f15b5903d05a24493d9")
			return err
		}},
		{file: "error_user.json", op: "GET community/users/{username}", kind: gis.ErrNotFound, code: 400, message: "User does not exist or is inaccessible.", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Users.Get(ctx, "nobody")
			return err
		}},
		{file: "error_anonymous.json", op: "GET community/self", kind: gis.ErrToken, code: 400, message: "Not logged in.", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Users.Me(ctx)
			return err
		}},
		{file: "error_resource.json", op: "GET content/items/{id}/resources/{name}", kind: gis.ErrNotFound, code: 404, message: "Resource does not exist or is inaccessible.", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Content.Handle("", "", "3ef").Resources().Open(ctx, "a.txt")
			return err
		}},
		{file: "error_provision.json", op: "GET content/listings/{itemId}/userEntitlements", kind: gis.ErrInvalid, code: 400, message: "item not provisioned", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := gis.Collect(p.Licenses.Handle("3855a9d026f64917a09bfc78b590c42f").Entitlements(ctx))
			return err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			r := serve(t)
			if tt.status == 0 {
				tt.status = http.StatusOK
			}
			r.fails(tt.op, tt.file, tt.status)
			if tt.do == nil {
				tt.do = getItem
			}
			err := tt.do(t.Context(), r.portal())
			e := failed(t, err)
			if !errors.Is(err, tt.kind) {
				t.Errorf("kind = %q, want %q", e.Kind(), tt.kind)
			}
			eq(t, "code", e.Code, tt.code)
			if tt.message != "" {
				eq(t, "message", e.Message, tt.message)
			}
			if !slices.Equal(e.Details, tt.details) {
				t.Errorf("details = %q, the document says %q", e.Details, tt.details)
			}
			eq(t, "a failure that stays", e.Retryable(), false)
		})
	}
}

func TestRejectedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	r := serve(t).on("GET content/items/{id}", "error_498_token.json")
	failed(t, getItem(t.Context(), r.portal()))
	eq(t, "sign-ins", len(r.asked("POST generateToken")), 2)
	eq(t, "questions", len(r.asked("GET content/items/{id}")), 2)
}

func TestRefusedSignIn(t *testing.T) {
	t.Parallel()
	r := serve(t).on("POST generateToken", "error_signin.json")
	err := getItem(t.Context(), r.portal())
	e := failed(t, err)
	eq(t, "kind", e.Kind(), gis.ErrToken)
	eq(t, "message", e.Message, "Unable to generate token.")
	eq(t, "details", e.Details, []string{"Invalid username or password."})
	eq(t, "questions", len(r.asked("GET content/items/{id}")), 0)
}

func TestProtectedItem(t *testing.T) {
	t.Parallel()
	r := serve(t).on("POST content/users/{username}/items/{id}/canDelete", "can_delete_protected.json")
	e := failed(t, r.portal().Content.Handle("jsmith", "", "a34c2e6711494e62b3b8d7452d4d6235").CanDelete(t.Context()))
	eq(t, "code", e.MessageCode, "CONT_0048")
	eq(t, "what stands against it", e.OffendingItems, []esri.ItemID(nil))
	eq(t, "may have been carried out", e.Ambiguous(), false)
}

// TestVersionOfTheRoot covers portals whose self does not tell a version.
func TestVersionOfTheRoot(t *testing.T) {
	t.Parallel()
	r := serve(t, "root.json").on("GET portals/self", "role.json")
	self, err := r.portal().Self(t.Context())
	ok(t, err)
	eq(t, "version", self.CurrentVersion, "2.2")
}

func TestPortalThatIsDown(t *testing.T) {
	t.Parallel()
	r := serve(t, "portals_self_enterprise.json").fails("GET portaladmin/healthCheck", "portaladmin_health_down.html", http.StatusNotFound)
	err := r.portal().CheckHealth(t.Context())
	if err == nil {
		t.Fatal("a page of HTML passed for health")
	}
	failed(t, err)
}
