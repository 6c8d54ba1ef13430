package wire

import (
	"net/url"
	"strings"
)

// hidden are the parameters whose values never reach a log or an error.
var hidden = map[string]bool{
	"token": true, "password": true, "newpassword": true, "client_secret": true, "access_token": true,
	"refresh_token": true, "code": true, "code_verifier": true, "securityanswer": true, "newsecurityanswer": true,
	"servicepassword": true, "auth_token": true, "apikey": true, "signature": true, "sig": true,
	"x-amz-signature": true, "x-amz-credential": true, "x-amz-security-token": true,
}

// Redact writes an address without user information and without the values of secret
// parameters. u is not changed.
func Redact(u *url.URL) string {
	if u == nil {
		return ""
	}
	c := *u
	c.User, c.Fragment, c.RawFragment = nil, "", ""
	if c.RawQuery != "" {
		q := c.Query()
		for name := range q {
			if hidden[strings.ToLower(name)] {
				q.Set(name, "redacted")
			}
		}
		c.RawQuery = q.Encode()
	}
	return c.String()
}
