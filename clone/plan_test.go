package clone

import (
	"bytes"
	"strings"
	"testing"
)

func TestPlanSurvivesWritingAndReading(t *testing.T) {
	t.Parallel()
	p := &Plan{
		Header: Header{Format: PlanFormat, Source: Side{Address: "https://a/portal", Key: "k"}, Users: map[string]string{"a": "b"}},
		Steps: []Step{
			{Kind: KindUser, Action: Create, Source: "ada", Role: "org_user"},
			{Kind: KindItem, Action: Skip, Source: strings.Repeat("1", 32), Title: "a <b> & c", Reason: "an item of the portal itself"},
			{Kind: KindShare, Action: Create, Source: strings.Repeat("1", 32), Access: "org", Groups: []string{strings.Repeat("a", 32)}},
		},
	}
	var first, second bytes.Buffer
	if err := p.Write(&first); err != nil {
		t.Fatal(err)
	}
	q, err := ReadPlan(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Write(&second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) || !strings.Contains(first.String(), "a <b> & c") {
		t.Errorf("written:\n%s\nread and written again:\n%s", first.String(), second.String())
	}
}

func TestReadPlanNamesTheLineThatIsWrong(t *testing.T) {
	t.Parallel()
	const head = `{"format":"rhumb-plan/1","source":{"address":"","org":"","key":"","user":""},"target":{"address":"","org":"","key":"","user":""},"options":{},"users":{}}` + "\n"
	for _, tc := range []struct{ name, in, want string }{
		{"other format", `{"format":"x"}`, "line 1"},
		{"unknown key", head + `{"step":"user","action":"create","source":"a","admin":true}`, "line 2"},
		{"unknown kind", head + `{"step":"cow","action":"create","source":"a"}`, "line 2"},
		{"unknown action", head + `{"step":"user","action":"create","source":"a"}` + "\n" + `{"step":"user","action":"delete","source":"a"}`, "line 3"},
		{"no source", head + `{"step":"user","action":"create"}`, "line 2"},
		{"cut off", head + `{"step":"user",`, "line 2"},
	} {
		if _, err := ReadPlan(strings.NewReader(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want an error that names %s", tc.name, err, tc.want)
		}
	}
}
