package rest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Only a few requests hold large parameters at a time; one more waits, and is told to try again.
//
// Guard: lease.hold.
func TestOnlySoManyLargeFormsAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBuffers()
		large := strings.Repeat("x", smallBuffer+1)
		var held []*lease
		for range largeBuffers {
			l := b.lease()
			if _, err := l.read(t.Context(), strings.NewReader(large), maxField); err != nil {
				t.Fatal(err)
			}
			held = append(held, l)
		}
		small := b.lease()
		if _, err := small.read(t.Context(), strings.NewReader("a=1"), maxField); err != nil {
			t.Errorf("a small form waits for the large ones: %v", err)
		}
		late := b.lease()
		var public *portal.Error
		if _, err := late.read(t.Context(), strings.NewReader(large), maxField); !errors.As(err, &public) || public.Code != http.StatusServiceUnavailable {
			t.Errorf("one more large form: %v", err)
		}
		held[0].release()
		if _, err := late.read(t.Context(), strings.NewReader(large), maxField); err != nil {
			t.Errorf("after one was answered: %v", err)
		}
	})
}

// What arrives without a token beyond its bound is not stored.
//
// Guard: anonymousReader.
func TestAnonymousUploadsEndAtTheirBound(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "files", Write: true, Files: true, Handle: echo})
	if e := errorOf(t, rg.streamed(t, "/portal/files?f=json", maxAnonymous+1)); e.Code != 499 {
		t.Errorf("got %+v", e)
	}
	if n := rg.puts.count(); n != 0 {
		t.Errorf("%d files were stored", n)
	}
}

// A file is not stored for who shows a token that is none, or an operation that takes no files.
//
// Guards: upload.authenticate and Route.Files, both ahead of the file.
func TestNoFileIsStoredUnderABadToken(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "files", Write: true, Files: true, Handle: echo}, Route{Pattern: "plain", Write: true, Handle: echo})
	for path, token := range map[string]string{"files": "bad", "plain": "good-jo"} {
		ct, text := body(t, part{"token", "", token}, part{"file", "a.csv", "1,2"})
		if _, got := rg.call(t, http.MethodPost, "/portal/"+path+"?f=json", ct, text); errorOf(t, got).Code == 0 {
			t.Errorf("%s with %s: %s", path, token, got)
		}
	}
	if n := rg.puts.count(); n != 0 {
		t.Errorf("%d files were stored", n)
	}
}

// count is how many files were stored.
func (b *hashBlobs) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.sizes)
}

// A browser sends cookies with requests of every site: none of them is a token.
//
// Guard: Request.token, which reads parameters and headers alone.
func TestCookiesAreNoTokens(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "who", Handle: echo})
	for _, cookie := range []string{"esri_auth=good-jo", "token=good-jo", `agwtoken=good-jo; esri_auth=%7B%22token%22%3A%22good-jo%22%7D`} {
		_, got := rg.call(t, http.MethodPost, "/portal/who?f=json", formType, "", "Cookie", cookie)
		var v struct{ User string }
		if err := json.Unmarshal([]byte(got), &v); err != nil || v.User != "" || errorOf(t, got).Code != 0 {
			t.Errorf("with the cookie %s: %s", cookie, got)
		}
	}
}

// The name of a file is one element without control characters, whatever a client says.
//
// Guard: fileName.
func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a.csv": "a.csv", "../../etc/passwd": "passwd", `C:\temp\a.csv`: "a.csv", "a\x00b.csv": "ab.csv", "a\r\nX-Evil: 1": "aX-Evil: 1", "tab\tname": "tabname", "a\u0085b": "ab", "\xff.csv": "\ufffd.csv",
	} {
		if got := fileName(in); got != want {
			t.Errorf("%q is named %q, want %q", in, got, want)
		}
	}
}

// The address at which a sign-in ends becomes part of the policy of its page, and never more
// than one source of it.
//
// Guard: formTarget.
func TestFormTargetsAreOneSource(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://app.test:8443/cb?x=1": " https://app.test:8443", "http://[::1]:80/": " http://[::1]:80", "com.example:/cb": " com.example:", "urn:ietf:wg:oauth:2.0:oob": " urn:",
		"https://a;script-src/": "", "https://*/": "", "https://a,b/": "", "https://'self'/": "", "/relative": "", "": "", "://": "", "1;x:y": "",
	} {
		if got := formTarget(in); got != want {
			t.Errorf("%q adds %q, want %q", in, got, want)
		}
	}
}
