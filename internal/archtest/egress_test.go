package archtest

import "testing"

func TestCheckEgress(t *testing.T) {
	t.Parallel()
	const fetch = "package rest\nimport \"net/http\"\nvar c = http.Client{}\n"
	for _, tt := range []struct {
		name, file, text string
		want             []string
	}{
		{"a client", "internal/portal/rest/x.go", fetch, []string{"x.go:3: net/http.Client reaches out"}},
		{"a dialer", "internal/portal/x.go", "package portal\nimport \"net\"\nfunc f() { new(net.Dialer).Dial(\"tcp\", \"x:1\") }\n", []string{"net.Dialer"}},
		{"a look-up of a name", "internal/blob/x.go", "package blob\nimport \"net\"\nvar f = net.LookupHost\n", []string{"net.LookupHost"}},
		{"a program", "internal/store/sqlite/x.go", "package sqlite\nimport \"os/exec\"\nvar f = exec.Command\n", []string{"os/exec.Command"}},
		{"a handler", "internal/portal/rest/x.go", "package rest\nimport \"net/http\"\nvar h http.Handler\n", nil},
		{"an address", "internal/portal/rest/x.go", "package rest\nimport \"net\"\nvar f = net.SplitHostPort\n", nil},
		{"the directory", "internal/portal/ldap/x.go", "package ldap\nimport \"net\"\nvar d net.Dialer\n", nil},
		{"a test", "internal/portal/rest/x_test.go", fetch, nil},
		{"the client's side", "gis/x.go", fetch, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			verdict(t, checkEgress(parse(t, tt.file, tt.text)), tt.want)
		})
	}
}
