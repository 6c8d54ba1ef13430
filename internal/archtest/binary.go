package archtest

import "slices"

// binary is the package of the program that users run.
const binary = "cmd/rhumb"

// testOnly names the packages that exist for tests and must not be part of the binary.
var testOnly = []string{
	"testing/**", "net/http/httptest", "github.com/rogpeppe/go-internal/**", "go.uber.org/goleak/**",
	"portaltest/**", "internal/store/storetest/**", "internal/golden", "internal/require", "internal/archtest", "test/**", "tools/**",
}

// checkBinary names the test packages that the binary reaches.
func checkBinary(pkgs []Package) []string {
	at := slices.IndexFunc(pkgs, func(p Package) bool { return p.ImportPath == module+"/"+binary })
	if at < 0 {
		return []string{binary + " is not there: the rule about test packages has nothing to check"}
	}
	var bad []string
	for _, dep := range pkgs[at].Deps {
		name := dep
		if inner, our := ours(dep); our {
			name = inner
		}
		if _, ok := matchesAny(testOnly, name); ok {
			bad = append(bad, binary+" reaches the test package "+name)
		}
	}
	return bad
}
