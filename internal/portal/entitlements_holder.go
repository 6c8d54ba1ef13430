package portal

// worksOnline returns an error where a member has a license checked out: its seat would be
// given to somebody else while a machine still uses it.
func worksOnline(tx Tx, u *User) error {
	held, err := tx.EntitlementsOf(u.Username)
	if err != nil {
		return err
	}
	for _, e := range held {
		if e.CheckedOut.IsZero() {
			continue
		}
		return &Error{Code: 400, MessageCode: "RHUMB_0013", Message: "Unable to delete user '" + u.Username + "': a license is checked out to work offline.",
			Details: []string{"Check it in, or give the check-out up with releaseLicense."}}
	}
	return nil
}

// licensee reads the member whose licenses are asked for: the caller, or anybody for who manages
// licenses.
func licensee(tx Tx, c Caller, username string) (*User, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, err
	}
	if a.anonymous() {
		return nil, ErrTokenRequired()
	}
	u, _, err := visibleUser(tx, a, username)
	if err != nil {
		return nil, err
	}
	if !a.is(u.Username) && !a.has(privManageLicenses) {
		return nil, ErrDenied("to be signed in as '" + u.Username + "', or the privilege " + privManageLicenses)
	}
	return u, nil
}
