package clone

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

const planHead = `{"format":"rhumb-plan/1","source":{"address":"https://a/p","org":"","key":"k","user":""},"target":{"address":"https://b/p","org":"","key":"l","user":""},"options":{},"users":{}}` + "\n"

var (
	idA = strings.Repeat("a", 32)
	idB = strings.Repeat("b", 32)
	idC = strings.Repeat("c", 32)
)

// TestEditedPlansAreReadAsEditedOrRefused walks what people do to plan files.
func TestEditedPlansAreReadAsEditedOrRefused(t *testing.T) {
	t.Parallel()
	item := func(rest string) string {
		return `{"step":"item","action":"create","source":"` + idA + `"` + rest + "}\n"
	}
	for _, tc := range []struct{ name, in, want string }{
		{"steps taken out and blank lines put in", planHead + "\n\n  \n" + item("") + "\n", ""},
		{"windows line ends", strings.ReplaceAll(planHead+item(""), "\n", "\r\n"), ""},
		{"no line end at the end", strings.TrimSpace(planHead + item("")), ""},
		{"need within the plan", planHead + item(`,"needs":["`+idB+`"]`) + `{"step":"group","action":"skip","source":"` + idB + `"}`, ""},
		{"need that the header maps", strings.Replace(planHead, `"users":{}`, `"users":{},"items":{"`+idB+`":"`+idC+`"}`, 1) + item(`,"needs":["`+idB+`"]`), ""},
		{"notice and reference", planHead + `{"step":"notice","code":"x","text":"y"}` + "\n" + `{"step":"reference","class":"external","item":"` + idA + `","part":"data","path":"$","kind":"item","value":"v"}`, ""},

		{"empty", "", "line 1: the plan is empty"},
		{"unknown need", planHead + "\n" + item(`,"needs":["`+idB+`"]`), "line 3: item"},
		{"need that is no id", planHead + item(`,"needs":["x"]`), "line 2: item"},
		{"needs of a group", planHead + `{"step":"group","action":"create","source":"` + idA + `","needs":["` + idA + `"]}`, "only items have needs"},
		{"twice", planHead + item("") + item(""), "line 3: item " + idA + " has a step in line 2 already"},
		{"twice, in another case", planHead + `{"step":"user","action":"create","source":"Ada"}` + "\n" + `{"step":"user","action":"skip","source":"ada"}`, "line 3: user ada has a step in line 2"},
		{"unknown key", planHead + item(`,"owned":"x"`), `line 2: json: unknown field "owned"`},
		{"unknown key of a notice", planHead + `{"step":"notice","code":"x","text":"y","more":1}`, "line 2"},
		{"unknown option", strings.Replace(planHead, `"options":{}`, `"options":{"sudo":true}`, 1), "line 1"},
		{"bad option", strings.Replace(planHead, `"options":{}`, `"options":{"onConflict":"overwrite"}`, 1), "line 1: --on-conflict"},
		{"bad map in the header", strings.Replace(planHead, `"users":{}`, `"users":{},"groups":{"x":"y"}`, 1), "line 1: groups"},
		{"two objects in a line", planHead + strings.TrimSpace(item("")) + item(""), "line 2: "},
		{"target that is no id", planHead + item(`,"target":"../admin"`), "target"},
		{"match without a target", planHead + `{"step":"item","action":"match","source":"` + idA + `"}`, "needs a target"},
		{"source that is no id", planHead + `{"step":"folder","action":"create","source":"X"}`, `source "X" is not an id`},
		{"name with a slash", planHead + `{"step":"user","action":"match","source":"a","target":"b/../c"}`, "is not a name"},
		{"relationship of two", planHead + `{"step":"relationship","action":"create","source":"` + idA + ` ` + idB + `"}`, "line 2: relationship"},
		{"relationship of names", planHead + `{"step":"relationship","action":"create","source":"a b Map2Service"}`, "line 2: relationship"},
		{"group of a share", planHead + `{"step":"share","action":"create","source":"` + idA + `","groups":["all"]}`, "line 2: share"},
		{"administrator", planHead + `{"step":"user","action":"create","source":"a","role":"org_admin"}`, "line 2: user a: an administrator"},
		{"administrator by update", planHead + `{"step":"user","action":"update","source":"a","target":"a","role":"org_admin"}`, "line 2: user a: an administrator"},
		{"administrative role", planHead + `{"step":"role","action":"create","source":"r","privileges":["portal:admin:deleteUsers"]}`, "line 2: role r"},
		{"number for a text", planHead + item(`,"title":7`), "line 2"},
		{"negative size", planHead + item(`,"size":-1`), "line 2"},
		{"cut off", planHead + `{"step":"item","action":"create","sour`, "line 2: the line is cut off"},
		{"a list", planHead + `[]`, "line 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadPlan(iotest.OneByteReader(strings.NewReader(tc.in)))
			if (tc.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	allowed := strings.Replace(planHead, `"options":{}`, `"options":{"allowAdmins":true}`, 1)
	if _, err := ReadPlan(strings.NewReader(allowed + `{"step":"user","action":"create","source":"a","role":"org_admin"}`)); err != nil {
		t.Errorf("a plan that was made with --allow-admins: %v", err)
	}
	broken := errors.New("disk")
	if _, err := ReadPlan(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

func TestPlanKeepsReferencesAndNotices(t *testing.T) {
	t.Parallel()
	p := &Plan{
		Header:     Header{Format: PlanFormat, Users: map[string]string{}},
		References: []Reference{{Class: External, Item: idA, Title: "t <", Part: "data", Path: "$.x", Kind: "item", Value: idB, Owner: "esri"}},
		Notices:    []Notice{{Code: NoticeCommas, Text: "x", Objects: []string{"o"}}, {Code: NoticeTotals, Text: "y"}},
	}
	var first, second bytes.Buffer
	if err := p.Write(&first); err != nil {
		t.Fatal(err)
	}
	q, err := ReadPlan(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Write(&second); err != nil || first.String() != second.String() || len(q.References) != 1 || len(q.Notices) != 2 || q.References[0].Owner != "esri" {
		t.Errorf("%v: written\n%s\nread and written again\n%s", err, first.String(), second.String())
	}
}

// FuzzReadPlan makes sure that no file makes the reader panic, that what it reads is the same
// when written and read again, and that no step gets past the rules.
func FuzzReadPlan(f *testing.F) {
	f.Add(planHead + `{"step":"item","action":"create","source":"` + idA + `","needs":["` + idB + `"]}` + "\n" + `{"step":"group","action":"match","source":"` + idB + `","target":"` + idC + `"}`)
	f.Add(planHead + `{"step":"user","action":"create","source":"a","role":"org_user"}` + "\r\n\r\n" + `{"step":"notice","code":"c","text":"t"}`)
	f.Add(planHead + `{"step":"relationship","action":"skip","source":"` + idA + ` ` + idB + ` Map2Service","reason":"r"}`)
	f.Add(planHead + `{"step":"reference","item":"i","part":"p","path":"$","kind":"k","value":"v"}`)
	f.Add(`{"format":"rhumb-plan/1"`)
	f.Fuzz(func(t *testing.T, in string) {
		p, err := ReadPlan(strings.NewReader(in))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "plan, line ") {
				t.Errorf("the error names no line: %v", err)
			}
			return
		}
		for _, s := range p.Steps {
			if s.Kind == KindUser && s.Role == "org_admin" && s.writes() && !p.Header.Options.AllowAdmins {
				t.Errorf("an administrator got past: %+v", s)
			}
		}
		var first, second bytes.Buffer
		if err := p.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, err := ReadPlan(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, first.String())
		}
		if err := again.Write(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("read and written again it differs: %v\n%s\n%s", err, first.String(), second.String())
		}
	})
}
