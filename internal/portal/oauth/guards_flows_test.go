package oauth_test

import (
	"testing"
)

// A refresh token that one client lost is of no use to another.
//
// Guard: the comparison of client ids in withRefresh.
func TestRefreshTokensBelongToTheirClient(t *testing.T) {
	t.Parallel()
	r := setup(t)
	refresh, _ := r.session()["refresh_token"].(string)
	for _, grant := range []string{"refresh_token", "exchange_refresh_token"} {
		v := r.Call(t, "", "sharing/rest/oauth2/token", form("grant_type", grant, "client_id", "arcgispro", "refresh_token", refresh, "redirect_uri", oob))
		if codeOf(v) != 400 || v["access_token"] != nil {
			t.Errorf("%s by another client: %v", grant, v)
		}
	}
	if v := r.redeem("grant_type", "refresh_token", "refresh_token", refresh); v["access_token"] == nil {
		t.Errorf("by its own client: %v", v)
	}
}
