package member_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rhumb-gis/rhumb/member"
)

// inUTF16 encodes a text with a byte order mark.
func inUTF16(s string, order binary.AppendByteOrder, mark bool) string {
	var b []byte
	if mark {
		s = "\ufeff" + s
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestReadSheetInEveryEncoding(t *testing.T) {
	t.Parallel()
	const text = "Username,First Name,Last Name,Email\nada,Adä,Lovelace,ada@example.com\n"
	for name, in := range map[string]string{
		"UTF-8":                 text,
		"UTF-8 with a mark":     "\ufeff" + text,
		"UTF-16 little":         inUTF16(text, binary.LittleEndian, true),
		"UTF-16 big":            inUTF16(text, binary.BigEndian, true),
		"UTF-16 without a mark": inUTF16(text, binary.LittleEndian, false),
		"Windows-1252":          strings.Replace(text, "ä", "\xe4", 1),
		"semicolons":            strings.ReplaceAll(text, ",", ";"),
		"tabs":                  strings.ReplaceAll(text, ",", "\t"),
		"carriage returns":      strings.ReplaceAll(text, "\n", "\r\n"),
		"separator told":        "sep=;\r\n" + strings.ReplaceAll(text, ",", ";"),
		"no last newline":       strings.TrimSuffix(text, "\n"),
		"empty lines":           "\n\n" + strings.ReplaceAll(text, "\n", "\n\n,,,\n"),
		"shouting":              strings.Replace(text, "Username,First Name,Last Name,Email", "USER_NAME,first-name,LASTNAME,e-mail", 1),
		"other order":           "Email,Last Name,Username,First Name\nada@example.com,Lovelace,ada,Adä\n",
		"quoted":                "\"Username\",\"First Name\",\"Last Name\",\"Email\"\n\"ada\",\"Adä\",\"Lovelace\",\"ada@example.com\"\n",
	} {
		s, err := member.ReadSheet(strings.NewReader(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(s.Records) != 1 {
			t.Errorf("%s: %d records", name, len(s.Records))
			continue
		}
		r := s.Records[0]
		if r.Username != "ada" || r.FirstName != "Adä" || r.LastName != "Lovelace" || r.Email != "ada@example.com" || len(r.Problems) != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestReadSheetOfOldScripts reads the two layouts as they are.
func TestReadSheetOfOldScripts(t *testing.T) {
	t.Parallel()
	const without = "First Name,Last Name,Email,Username,Role,License\n" +
		"Ada,Lovelace,ada@example.com,ada_l,account_user,\"desktopAdvN,spatialAnalystN\"\n"
	const with = "First Name,Last Name,Email,Username,Password,Role,License\n" +
		"Ada,Lovelace,ada@example.com,ada_l,Engine1843,account_user,\"desktopAdvN,spatialAnalystN\"\n"
	for i, text := range []string{without, with} {
		s, err := member.ReadSheet(strings.NewReader(text))
		ok(t, err)
		r := s.Records[0]
		if r.Username != "ada_l" || r.Role != "account_user" || len(r.Licenses) != 1 || r.Licenses[0].Product != "" ||
			!slices.Equal(r.Licenses[0].Entitlements, []string{"desktopAdvN", "spatialAnalystN"}) || len(r.Problems) != 0 {
			t.Errorf("%+v", r)
		}
		if got := strings.Contains(strings.Join(s.Warnings, " "), "1 rows hold passwords"); got != (i == 1) {
			t.Errorf("warnings: %q", s.Warnings)
		}
		if strings.Contains(fmt.Sprintf("%+v %#v %v", s, s, s.Records), "Engine1843") {
			t.Error("the password is printed")
		}
	}
}

func TestReadSheetNamesEveryProblem(t *testing.T) {
	t.Parallel()
	const head = "Username,First Name,Last Name,Email,Role,License,Provider,IDP Username,Status,Folders,Password\n"
	for row, want := range map[string][]string{
		",Ada,L,ada@example.com":                                  {"Username is empty"},
		"a b,Ada,L,ada@example.com":                               {"characters other than"},
		strings.Repeat("x", 129) + ",A,L,a@b.c":                   {"more than 128"},
		"ada,Ada,L,ada.example.com":                               {"no e-mail address"},
		"ada,\"A\ndA\",L,a@b.c":                                   {"line break"},
		"ada,A,L,a@b.c,,desktopAdvN: ;x:":                         {"names no entitlements"},
		"ada,A,L,a@b.c,,,ldap":                                    {"neither arcgis nor enterprise"},
		"ada,A,L,a@b.c,,,,CORP\\ada":                              {"provider enterprise"},
		"ada,A,L,a@b.c,,,,,gone":                                  {"neither active nor disabled"},
		"ada,A,L,a@b.c,,,,,,a/b":                                  {"folders cannot have"},
		"ada,A,L,a@b.c,,,,,,,short1":                              {"Password needs 8"},
		"ada,A,L,a@b.c,,,enterprise,,,,Engine1843":                {"directory have none"},
		"adalovelace1,A,L,a@b.c,,,,,,,AdaLovelace1":               {"is the user name"},
		"ada,A,L,a@b.c,,,,,,,,surplus":                            {"12 cells"},
		"a b,\"A\ndA\",L,no,,\"Pro:\",odd,x,y,a*b,short":          {"characters other", "line break", "no e-mail", "no entitlements", "neither arcgis", "provider enterprise", "neither active", "folders", "8 characters"},
		"ada,A,L,a@b.c,,\"" + strings.Repeat("a,", 20_000) + "\"": {"License has more than"},
		"ada,\"Ada\"x,L,a@b.c":                                    {"cannot be read"},
	} {
		s, err := member.ReadSheet(strings.NewReader(head + row + "\n"))
		ok(t, err)
		got := strings.Join(s.Records[0].Problems, "\n")
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%q: %q does not say %q", row, got, part)
			}
		}
		if len(s.Records[0].Problems) != len(want) {
			t.Errorf("%q: %d problems: %s", row, len(s.Records[0].Problems), got)
		}
	}
}

func TestReadSheetFindsRepeatedRows(t *testing.T) {
	t.Parallel()
	s, err := member.ReadSheet(strings.NewReader("Username\nada\n\"gra\"ce\nADA\nalan\nada\n"))
	ok(t, err)
	if s.Bad() != 3 || !strings.Contains(s.Records[2].Problems[0], "line 2 already") || s.Records[2].Line != 4 {
		t.Errorf("%+v", s.Records)
	}
}

func TestReadSheetRefusesFiles(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "empty",
		"\ufeff":                    "empty",
		"First Name,Email\na,b\n":   "names no column Username",
		"Username,user name\na,b\n": "columns 1 and 2 are both Username",
	} {
		_, err := member.ReadSheet(strings.NewReader(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestTemplateReadsBack(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	ok(t, member.WriteTemplate(&b))
	s, err := member.ReadSheet(&b)
	ok(t, err)
	if len(s.Records) != 1 || s.Bad() != 0 || len(s.Warnings) != 0 || !slices.Equal(s.Records[0].Groups, []string{"Field Crews", "Reviewers"}) {
		t.Errorf("%+v", s)
	}
}

// FuzzReadSheet reads anything without falling, and keeps what it promises of what it read.
func FuzzReadSheet(f *testing.F) {
	f.Add([]byte("Username,License,Groups\nada,\"ArcGIS Pro: desktopAdvN; X\\;Y: a,b\",a;b\n"))
	f.Add([]byte("\xff\xfeU\x00s\x00e\x00r\x00"))
	f.Add([]byte("Username\n\"ada\n"))
	f.Add([]byte("Username;Password\r\n'=1+1;x\r\n\"a\"b;c\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := member.ReadSheet(bytes.NewReader(b))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, r := range s.Records {
			if len(r.Problems) > 0 {
				continue
			}
			if r.Username == "" || seen[strings.ToLower(r.Username)] {
				t.Errorf("the record %+v has no problem", r)
			}
			seen[strings.ToLower(r.Username)] = true
			for _, g := range r.Licenses {
				if len(g.Entitlements) == 0 {
					t.Errorf("a grant of nothing: %+v", r)
				}
			}
		}
	})
}
