package portal

import "fmt"

// freeUsername suggests a name that no account has.
func freeUsername(tx Tx, name string) (string, error) {
	for n := 0; ; n++ {
		candidate := name
		if n > 0 {
			candidate = fmt.Sprintf("%s_%d", name, n)
		}
		if IsSystemAccount(candidate) {
			continue
		}
		_, err := tx.User(candidate)
		if isAbsent(err) {
			return candidate, nil
		}
		if err != nil {
			return "", err
		}
	}
}
