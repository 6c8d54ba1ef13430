package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// An address that is allowed is one that every browser reads as one of the portal's, for
// browsers forgive what net/url does not: backslashes, control characters, no slashes at all.
func FuzzRedirect(f *testing.F) {
	for _, s := range []string{
		"https://gis.test", "https://gis.test:443/cb?x=1", "HTTPS://GIS.test/", "https://gis.test@evil.test/", "https://gis.test\\@evil.test", "https:gis.test",
		"https:///gis.test", "//gis.test/", "/\\evil.test", "https://gis.test.evil.test", "https://gis.test%2eevil.test", "https://gis.test/\r\nX: 1", "javascript:alert(1)",
		"https://gis.test/cb#x", "https://[gis.test]/", "https://gis.test:443@evil.test", "https://gis.test:/", "\thttps://gis.test", "https://app.test/cb/../x", "https://app.test/cb/%2e%2e/x", "https://app.test/cb/next", outOfBand,
	} {
		f.Add(s)
	}
	base, err := url.Parse("https://gis.test/portal")
	if err != nil {
		f.Fatal(err)
	}
	s := &Service{base: base}
	registered := &client{id: "app", app: &portal.App{RedirectURIs: []string{"https://app.test/cb"}}}
	f.Fuzz(func(t *testing.T, address string) {
		if s.redirectAllowed(&client{id: "pythonapi"}, address) && address != outOfBand && !reads(address, "https://gis.test", "https://gis.test:443", "https://gis.test:") {
			t.Errorf("a built-in client may send to %q", address)
		}
		if s.redirectAllowed(registered, address) && !reads(address, "https://app.test", "https://app.test:443", "https://app.test:") {
			t.Errorf("an app may send to %q", address)
		}
	})
}

// reads reports whether a browser takes an address for one below an origin.
func reads(address string, origins ...string) bool {
	if strings.ContainsAny(address, "\\\r\n\t") {
		return false
	}
	for _, o := range origins {
		if len(address) >= len(o) && strings.EqualFold(address[:len(o)], o) {
			if rest := address[len(o):]; rest == "" || rest[0] == '/' || rest[0] == '?' {
				return true
			}
		}
	}
	return false
}

// A lifetime stays between a minute and the most there is, whatever was asked for.
func FuzzLifetime(f *testing.F) {
	for _, s := range []string{"", "60", "-1", "0", "1e308", "-1e308", "NaN", "Inf", "-Inf", "0.0000001", `"20"`, "99999999999999999999", "0x10", "1_000", "None", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := lifetime(values{"expiration": text}, "expiration", time.Hour, generateMost)
		if err == nil && (got < time.Minute || got > generateMost) {
			t.Errorf("%q asks for %v", text, got)
		}
	})
}

// A token bound to an address is of no use to pages of other hosts.
func FuzzReferer(f *testing.F) {
	for _, s := range []string{"https://app.test/a/b", "https://app.test", "https://app.test.evil.test/a", "https://app.test@evil.test/a", "https://evil.test/?https://app.test/a", "http://app.test/a", "https://app.test/ab", "//app.test/a", "HTTPS://APP.TEST/A/", "\\\\app.test"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, got string) {
		if got == "" || !refererFits("https://app.test/a", got) {
			return
		}
		if u, err := url.Parse(strings.ToLower(got)); strings.ToLower(got) != "https://app.test/a" && (err != nil || u.Scheme != "https" || u.Host != "app.test") {
			t.Errorf("a call of %q fits", got)
		}
	})
}

// A token is taken whole from one place, and never from a header of another scheme.
func FuzzPresented(f *testing.F) {
	f.Add("", "Bearer abc", "")
	f.Add("abc", "Bearer def", "Bearer ghi")
	f.Add(" ", "Basic abc", "bearer  abc ")
	f.Add("a b", "Bearer", "Bearer\tabc")
	f.Add("", "Bearer a Bearer b", "Digest x")
	f.Fuzz(func(t *testing.T, param, first, second string) {
		h := &http.Request{Header: http.Header{"X-Esri-Authorization": {first}, "Authorization": {second}}}
		got := presented(h, values{"token": param})
		switch {
		case got != strings.TrimSpace(got):
			t.Errorf("the token %q has blanks around it", got)
		case strings.TrimSpace(param) != "" && got != strings.TrimSpace(param):
			t.Errorf("the token is %q, not the parameter %q", got, param)
		case strings.TrimSpace(param) == "" && got != "":
			for _, v := range []string{first, second} {
				if v = strings.TrimSpace(v); len(v) > 7 && strings.EqualFold(v[:7], "Bearer ") && strings.TrimSpace(v[7:]) == got {
					return
				}
			}
			t.Errorf("the token %q is of no header: %q, %q", got, first, second)
		}
	})
}

// A stored hash that was damaged is refused, and one that is taken asks for no more work than
// the machine has.
func FuzzStoredHash(f *testing.F) {
	hash, err := NewHasher(Cost{MemoryKiB: 64, Passes: 1}).Hash(f.Context(), secret.Secret("x"))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{hash, "", "$argon2id$v=19$m=4294967295,t=4294967295,p=1$AAAAAAAAAAAAAAAA$AA", "$argon2id$v=19$m=-1,t=-1,p=1$$", "$2b$12$x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err == nil && (p.cost.MemoryKiB > maxMemoryKiB || p.cost.Passes > maxPasses || len(p.key) != keyLen || len(p.salt) < 8) {
			t.Errorf("%q passes as %+v", s, p.cost)
		}
	})
}
