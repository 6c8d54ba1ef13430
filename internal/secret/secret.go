package secret

import (
	"crypto/subtle"
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
)

// redacted is what every printing path answers.
const redacted = "[redacted]"

// Secret is a value that must not be printed. The empty Secret means none.
type Secret string

// Reveal answers the value itself. Call it only where the secret is used.
func (s Secret) Reveal() string { return string(s) }

// Equal compares without revealing, by its duration, where the values differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s), []byte(other)) == 1
}

// String answers "[redacted]".
func (Secret) String() string { return redacted }

// GoString answers "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb, also %x and %q, which would spell out the bytes.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue answers "[redacted]" to slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText answers "[redacted]".
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON answers "[redacted]" as a JSON string.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

var (
	_ fmt.Formatter          = Secret("")
	_ fmt.Stringer           = Secret("")
	_ fmt.GoStringer         = Secret("")
	_ slog.LogValuer         = Secret("")
	_ encoding.TextMarshaler = Secret("")
	_ json.Marshaler         = Secret("")
)
