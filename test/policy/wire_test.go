package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// part is a file part of a call.
type part struct {
	param, name string
	content     []byte
}

// thumbnail is the smallest picture that the portal takes.
var thumbnail = part{"thumbnail", "picture.gif", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")}

// request is one call of the portal.
type request struct {
	path   string
	form   url.Values
	files  []part
	get    bool
	format string // empty: json
}

// answer is what came of it.
type answer struct {
	status   int
	location string
	body     []byte
	doc      map[string]any // nil: no JSON object
}

// send makes a call. The token goes into a header, where it takes no parameter's place.
func (w *world) send(t *testing.T, as who, r request) answer {
	t.Helper()
	form := r.inFormat()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.p.URL+"/"+r.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.get {
		req.Method, req.URL.RawQuery = http.MethodGet, form.Encode()
	} else {
		kind, body := encode(form, r.files)
		req.Header.Set("Content-Type", kind)
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	if as.token != "" {
		req.Header.Set("X-Esri-Authorization", "Bearer "+as.token)
	}
	res, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, location: res.Header.Get("Location")}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		t.Fatalf("read the answer of %s: %v", r.path, err)
	}
	if bytes.HasPrefix(a.body, []byte("{")) {
		_ = json.Unmarshal(a.body, &a.doc) // a file may begin like this
	}
	return a
}

func encode(form url.Values, files []part) (contentType string, body []byte) {
	if len(files) == 0 {
		return "application/x-www-form-urlencoded", []byte(form.Encode())
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, k := range slices.Sorted(maps.Keys(form)) {
		for _, v := range form[k] {
			_ = m.WriteField(k, v) // a buffer takes everything
		}
	}
	for _, f := range files {
		p, _ := m.CreateFormFile(f.param, f.name)
		_, _ = p.Write(f.content)
	}
	_ = m.Close()
	return m.FormDataContentType(), b.Bytes()
}

// must makes a call that has to succeed, in preparation of others.
func (w *world) must(t *testing.T, as who, path string, form url.Values, files ...part) map[string]any {
	t.Helper()
	a := w.send(t, as, request{path: path, form: form, files: files})
	if got := outcomeOf(a); got != "ok" {
		t.Fatalf("prepare: %s as %s with %v: %s: %s", path, as.name, form, got, a.body)
	}
	return a.doc
}

// outcomeOf puts an answer into the words of the table.
func outcomeOf(a answer) string {
	prefix := ""
	if a.status >= 400 {
		prefix = fmt.Sprintf("http%d ", a.status)
	}
	switch {
	case a.status == http.StatusFound:
		return "redirect"
	case a.doc == nil && a.status < 400:
		return "ok"
	case a.doc == nil:
		return prefix + "refused:" + plainText(a.body)
	}
	if e, ok := a.doc["error"].(map[string]any); ok {
		return prefix + errorOutcome(e)
	}
	return prefix + rowOutcome(a.doc)
}

// errorOutcome names an error of an envelope.
func errorOutcome(e map[string]any) string {
	code, _ := e["code"].(float64)
	messageCode, _ := e["messageCode"].(string)
	switch {
	case messageCode == "RHUMB_0001":
		return "unsupported"
	case code == 498, code == 499, code == 403:
		return fmt.Sprint(code)
	case strings.HasPrefix(messageCode, "COM_"), strings.HasPrefix(messageCode, "CONT_"):
		return messageCode
	}
	out := fmt.Sprintf("refused:%v", e["message"])
	for _, d := range texts(e["details"]) {
		out += " " + d
	}
	return out
}

// rowOutcome looks for a refusal in the rows of a batch.
func rowOutcome(doc map[string]any) string {
	for _, key := range []string{"notAdded", "notRemoved", "notInvited", "notSharedWith", "notUnsharedFrom"} {
		if list, ok := doc[key].([]any); ok && len(list) > 0 {
			return "row refused"
		}
	}
	if why, ok := doc["reason"].(map[string]any); ok && doc["success"] == false {
		return "row " + errorOutcome(why)
	}
	results, _ := doc["results"].([]any)
	for _, r := range results {
		row, _ := r.(map[string]any)
		if e, ok := row["error"].(map[string]any); ok {
			return "row " + errorOutcome(e)
		}
		if row["status"] == false || row["success"] == false {
			return "row refused"
		}
		if inner := rowOutcome(map[string]any{"notSharedWith": row["notSharedWith"], "notUnsharedFrom": row["notUnsharedFrom"]}); inner != "ok" {
			return inner
		}
	}
	return "ok"
}
