package secret

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
)

// New draws nBytes from the system's random source and answers them as URL-safe base64
// without padding: good for tokens, passwords and anything that travels in a query.
func New(nBytes int) Secret {
	return Secret(base64.RawURLEncoding.EncodeToString(draw(nBytes)))
}

// Hex draws nBytes from the system's random source and answers 2*nBytes lower-case hex
// digits. It is a plain string because ids, unlike secrets, are printed.
func Hex(nBytes int) string {
	return hex.EncodeToString(draw(nBytes))
}

// draw relies on crypto/rand.Read, which never fails: it ends the program instead.
func draw(nBytes int) []byte {
	b := make([]byte, nBytes)
	_, _ = rand.Read(b)
	return b
}
