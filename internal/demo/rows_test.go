package demo

import "testing"

func TestRowsKeepTheBytesOfTheFile(t *testing.T) {
	t.Parallel()
	const file = "\ufeffcode,name\r\nEU,\"Åland, \"\"isles\"\"\"\r\nAF,Chad\r\nEU,two\nlast,x"
	for _, c := range []struct {
		name   string
		filter rowFilter
		want   string
	}{
		{"equal", rowFilter{Column: "code", Equals: "EU"}, "\ufeffcode,name\r\nEU,\"Åland, \"\"isles\"\"\"\r\nEU,two\n"},
		{"prefix", rowFilter{Column: "name", Prefix: "Ch"}, "\ufeffcode,name\r\nAF,Chad\r\n"},
		{"last row without newline", rowFilter{Column: "code", Equals: "last"}, "\ufeffcode,name\r\nlast,x"},
		{"none", rowFilter{Column: "code", Equals: "zz"}, "\ufeffcode,name\r\n"},
	} {
		got, err := c.filter.apply([]byte(file))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
	if _, err := (&rowFilter{Column: "colour"}).apply([]byte(file)); err == nil {
		t.Error("an unknown column was accepted")
	}
}
