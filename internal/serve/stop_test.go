package serve

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// slow posts a form whose end comes when release is closed, and returns the answer's body.
func (r *running) slow(release <-chan struct{}) <-chan string {
	r.t.Helper()
	pr, pw := io.Pipe()
	answer := make(chan string, 1)
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, r.url+"/sharing/rest/info", pr)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	go func() {
		res, err := r.http.Do(req)
		if err != nil {
			answer <- "error: " + err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answer <- string(b)
	}()
	begun := make(chan struct{})
	go func() {
		// More than the buffers on the way hold: when it is taken, the server is reading it.
		_, err := io.WriteString(pw, "a="+strings.Repeat("x", 8<<20))
		close(begun)
		<-release
		if err == nil {
			_, err = io.WriteString(pw, "&f=json")
		}
		pw.CloseWithError(err)
	}()
	<-begun
	return answer
}

func TestStopFinishesRequestsInFlight(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Dir: t.TempDir()})
	release := make(chan struct{})
	answer := r.slow(release)
	r.stop()
	r.out.wait("stopping")
	select {
	case err := <-r.done:
		t.Fatalf("the server did not wait: %v", err)
	default:
	}
	close(release)
	if got := <-answer; !strings.Contains(got, "owningSystemUrl") {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	r.http.CloseIdleConnections()
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Dir: t.TempDir(), StopWithin: 50 * time.Millisecond})
	release := make(chan struct{})
	answer := r.slow(release)
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	close(release)
	if got := <-answer; !strings.HasPrefix(got, "error: ") {
		t.Errorf("the request in flight got %q", got)
	}
	r.http.CloseIdleConnections()
}
