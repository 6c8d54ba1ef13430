package sqlite

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

const keyName = "portal.key"

// sealer encrypts the few secrets that have to be shown again, by AES-256-GCM under a key in a
// file beside the database.
type sealer struct{ aead cipher.AEAD }

// openSealer reads the key, which it draws where there is none.
func openSealer(file string) (*sealer, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = writeKey(file); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("%s does not hold a key of 64 hexadecimal digits: restore it, or remove it to go on without the secrets of apps", file)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &sealer{aead}, err
}

// writeKey stores a fresh key, whole or not at all.
func writeKey(file string) ([]byte, error) {
	text := []byte(secret.Hex(32) + "\n")
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	return text, os.Rename(part, file)
}

// close encrypts s; what names its place and cannot be exchanged.
func (k *sealer) close(what string, s secret.Secret) string {
	if s == "" {
		return ""
	}
	nonce := make([]byte, k.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return base64.RawStdEncoding.EncodeToString(k.aead.Seal(nonce, nonce, []byte(s.Reveal()), []byte(what)))
}

// open decrypts; what was sealed with another key, or for another place, is empty.
func (k *sealer) open(what, sealed string) secret.Secret {
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	n := k.aead.NonceSize()
	if err != nil || len(raw) < n {
		return ""
	}
	plain, err := k.aead.Open(nil, raw[:n], raw[n:], []byte(what))
	if err != nil {
		return ""
	}
	return secret.Secret(plain)
}
