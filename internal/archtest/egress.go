package archtest

import (
	"fmt"
	"go/ast"
)

// outward are the names by which a program reaches others.
var outward = map[string][]string{
	"net": {
		"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Resolver", "DefaultResolver",
		"LookupAddr", "LookupCNAME", "LookupHost", "LookupIP", "LookupMX", "LookupNS", "LookupSRV", "LookupTXT",
	},
	"net/http":          {"Client", "Transport", "NewRequest", "NewRequestWithContext", "Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport"},
	"net/http/httputil": {"ReverseProxy", "NewSingleHostReverseProxy"},
	"crypto/tls":        {"Dial", "DialWithDialer", "Dialer", "Client"},
	"os/exec":           {"Command", "CommandContext"},
}

// checkEgress finds where the portal would reach others, or start a program, on behalf of a
// caller: it fetches nothing, so that no address that a caller names can be aimed at what only
// the server reaches, whatever a name resolves to in the meantime. The enterprise identity store
// is named by the operator.
func checkEgress(s source) []string {
	if s.isTest() || !s.in("internal/portal/**", "internal/store/**", "internal/blob/**") || s.in("internal/portal/ldap") {
		return nil
	}
	var bad []string
	for pkg, names := range outward {
		s.uses(pkg, names, func(sel *ast.SelectorExpr) {
			bad = append(bad, s.at(sel, "%s reaches out of the portal: nothing is fetched for callers", fmt.Sprintf("%s.%s", pkg, sel.Sel.Name)))
		})
	}
	return bad
}
