package oauth

import (
	"net/url"
	"strings"
)

// refererFits reports whether a call with this Referer may use a token bound to bound.
//
// A missing Referer fits: many clients bind a token and then send none. Bound values need
// not be addresses ("http", "@esri/arcgis-rest-js"); then a Referer must begin with them.
// Browsers cut the Referer of calls to other hosts down to its origin, so the bare origin
// of a bound address fits too.
func refererFits(bound, got string) bool {
	if bound == "" || got == "" {
		return true
	}
	b, g := strings.ToLower(bound), strings.ToLower(got)
	if b == g {
		return true
	}
	bu, err := url.Parse(b)
	if err != nil || bu.Scheme == "" || bu.Host == "" {
		return bareFits(b, g)
	}
	gu, err := url.Parse(g)
	if err != nil || gu.Scheme != bu.Scheme || gu.Host != bu.Host {
		return false
	}
	bp, gp := strings.TrimSuffix(bu.Path, "/"), strings.TrimSuffix(gu.Path, "/")
	return gp == "" || gp == bp || strings.HasPrefix(gp, bp+"/")
}

// bareFits compares with a bound value that is no address: a scheme, a host with or without
// port, or a client's own word.
func bareFits(b, g string) bool {
	if gu, err := url.Parse(g); err == nil && gu.Host != "" {
		host, _, _ := strings.Cut(b, "/")
		return b == "http" || b == gu.Scheme || host == gu.Host || host == gu.Hostname()
	}
	return strings.HasPrefix(g, b)
}
