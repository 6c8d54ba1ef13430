package serve

import (
	"context"
	"fmt"

	"github.com/rhumb-gis/rhumb/internal/portal/ldap"
)

// openDirectory reads the configuration of the enterprise identity store; nil without one. A
// store that does not answer is told and does not keep the portal from starting: its other
// members can still sign in.
func (s *server) openDirectory(ctx context.Context) error {
	if s.o.LDAP == "" {
		return nil
	}
	c, err := ldap.ReadConfig(s.o.LDAP)
	if err != nil {
		return optionError("ldap", "%v", err)
	}
	if s.directory, err = ldap.New(c, s.o.LDAPPassword); err != nil {
		return optionError("ldap", "%v", err)
	}
	if err := s.directory.Check(ctx); err != nil {
		fmt.Fprintf(s.o.Out, "directory: %s does not answer as it should: %v\n  its people cannot sign in until it does\n", c.URL, err)
	} else {
		fmt.Fprintf(s.o.Out, "directory: people of %s sign in with their own passwords\n", c.URL)
	}
	return nil
}
