// Package portaltest starts a real portal inside a Go test, as net/http/httptest starts a
// server.
//
//	func TestAgainstPortal(t *testing.T) {
//		p := portaltest.Start(t)
//		ada := p.CreateMember(t, "ada", portaltest.RolePublisher)
//		// p.URL, p.Admin and p.AdminPassword, ada.Username and ada.Password sign in.
//	}
//
// The portal keeps its data in a folder of the test, durably, answers on a loopback port, and
// stops with the test. It is the portal of rhumb serve but for cheaper password hashing.
// Portals share nothing, so tests run in parallel.
package portaltest
