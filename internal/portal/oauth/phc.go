package oauth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// phc is a stored password hash: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type phc struct {
	cost      Cost
	salt, key []byte
}

// Bounds of what a stored hash may ask for, so that a damaged one cannot take the machine.
const (
	maxMemoryKiB = 1 << 20
	maxPasses    = 64
)

var errPHC = errors.New("stored password hash is not argon2id in PHC form")

func (p phc) String() string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s",
		argon2.Version, p.cost.MemoryKiB, p.cost.Passes, b.EncodeToString(p.salt), b.EncodeToString(p.key))
}

func parsePHC(s string) (phc, error) {
	f := strings.Split(s, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" {
		return phc{}, errPHC
	}
	var p phc
	var version, threads int
	if _, err := fmt.Sscanf(f[2], "v=%d", &version); err != nil || version != argon2.Version {
		return phc{}, errPHC
	}
	_, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &p.cost.MemoryKiB, &p.cost.Passes, &threads)
	if err != nil || threads != 1 || p.cost.MemoryKiB < 8 || p.cost.MemoryKiB > maxMemoryKiB || p.cost.Passes < 1 || p.cost.Passes > maxPasses {
		return phc{}, errPHC
	}
	var err1, err2 error
	p.salt, err1 = base64.RawStdEncoding.DecodeString(f[4])
	p.key, err2 = base64.RawStdEncoding.DecodeString(f[5])
	if err1 != nil || err2 != nil || len(p.salt) < 8 || len(p.key) != keyLen {
		return phc{}, errPHC
	}
	return p, nil
}
