package clone_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// liar stands in front of a portal and alters its answers for one path: a stand-in for changes
// of state that no call can make, such as another type of an item.
type liar struct {
	mu    sync.Mutex
	path  string
	alter func(map[string]any)
	lies  int
}

func (l *liar) tell(path string, alter func(map[string]any)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.path, l.alter, l.lies = path, alter, 0
}

func (l *liar) told() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lies
}

func (l *liar) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		path, alter := l.path, l.alter
		l.mu.Unlock()
		if alter == nil || !strings.HasSuffix(r.URL.Path, "/sharing/rest/"+path) {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var doc map[string]any
		dec := json.NewDecoder(bytes.NewReader(rec.Body.Bytes()))
		dec.UseNumber()
		if dec.Decode(&doc) == nil {
			alter(doc)
			l.mu.Lock()
			l.lies++
			l.mu.Unlock()
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(doc)
	})
}

// postFile posts one file part to the target and fails the test unless it was taken.
func postFile(t *testing.T, s *saboteur, path string, params map[string]string, field, name string, content []byte) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range params {
		ok(t, m.WriteField(k, v))
	}
	ok(t, m.WriteField("f", "json"))
	part, err := m.CreateFormFile(field, name)
	ok(t, err)
	_, err = part.Write(content)
	ok(t, err)
	ok(t, m.Close())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.p.dst.URL+"/sharing/rest/"+path, &body)
	ok(t, err)
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := s.p.dst.HTTPClient().Do(req)
	ok(t, err)
	defer res.Body.Close()
	var doc map[string]any
	ok(t, json.NewDecoder(res.Body).Decode(&doc))
	if doc["success"] != true {
		t.Fatalf("%s: %v", path, doc)
	}
}
