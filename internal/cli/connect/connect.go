package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

// Options are the flags of every command that opens a portal.
type Options struct {
	CA                 string
	InsecureSkipVerify bool
	InsecureHTTP       bool
}

// Flags declares them.
func (o *Options) Flags(fl *pflag.FlagSet) {
	fl.StringVar(&o.CA, "ca", "", "`file` (PEM) with the authority that signed the portal's certificate")
	fl.BoolVar(&o.InsecureSkipVerify, "insecure-skip-verify", false, "accept any certificate; whoever is in between can read the password")
	fl.BoolVar(&o.InsecureHTTP, "insecure-http", false, "send credentials over http to other machines")
}

// Open makes the portal at address, with the credentials that the environment has under
// prefix: prefix+"TOKEN", or prefix+"USER" and prefix+"PASSWORD". It signs in, so that a wrong
// password is told before any work begins.
func (o *Options) Open(ctx context.Context, f *command.Factory, flag, address, prefix string) (*gis.Portal, error) {
	if address == "" {
		return nil, command.Usage("--%s: name the portal, such as https://gis.example.org/portal", flag)
	}
	if err := checkAddress(flag, address); err != nil {
		return nil, err
	}
	by, err := credentials(f, flag, prefix)
	if err != nil {
		return nil, err
	}
	opts, err := o.options(f.IO.Err, address)
	if err != nil {
		return nil, err
	}
	p, err := gis.New(address, by, opts...)
	if err != nil {
		hint := ""
		if strings.HasPrefix(strings.ToLower(address), "http:") && !o.InsecureHTTP {
			hint = " (--insecure-http)"
		}
		return nil, command.Usage("--%s: %w%s", flag, err, hint)
	}
	if err := p.Connect(ctx); err != nil {
		variables := prefix + "USER and " + prefix + "PASSWORD"
		if f.Getenv(prefix+"TOKEN") != "" {
			variables = prefix + "TOKEN"
		}
		return nil, signInError(err, flag, address, variables)
	}
	return p, nil
}

// checkAddress tells an address from a profile name and a folder, which take other routes.
func checkAddress(flag, address string) error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		if u.User != nil {
			return command.Usage("--%s: the address must not hold a password; set the environment instead", flag)
		}
		return nil
	}
	return command.Usage("--%s: %q is not the address of a portal; it must begin with https:// or http://", flag, address)
}

func credentials(f *command.Factory, flag, prefix string) (auth.Method, error) {
	if t := f.Getenv(prefix + "TOKEN"); t != "" {
		return auth.Token(t), nil
	}
	user, password := f.Getenv(prefix+"USER"), f.Getenv(prefix+"PASSWORD")
	if user == "" || password == "" {
		return nil, &command.ExitError{Code: command.ExitSignIn, Err: fmt.Errorf(
			"no credentials for --%s: set %sUSER and %sPASSWORD, or %sTOKEN, in the environment", flag, prefix, prefix, prefix)}
	}
	return auth.Password(user, password), nil
}

func (o *Options) options(warn io.Writer, address string) ([]gis.Option, error) {
	var opts []gis.Option
	if o.CA != "" {
		pem, err := os.ReadFile(o.CA)
		if err != nil {
			return nil, command.Usage("--ca: %w", err)
		}
		opts = append(opts, gis.WithCA(pem))
	}
	if o.InsecureSkipVerify {
		fmt.Fprintf(warn, "warning: the certificate of %s is not checked\n", strings.SplitN(address, "?", 2)[0])
		opts = append(opts, gis.WithInsecureSkipVerify())
	}
	if o.InsecureHTTP {
		opts = append(opts, gis.WithInsecureHTTP())
	}
	return opts, nil
}

// signInError gives a refused sign-in its exit code and the next step.
func signInError(err error, flag, address, variables string) error {
	var e *gis.Error
	if errors.Is(err, gis.ErrTransport) {
		return fmt.Errorf("connect to %s (--%s): %w; check the address, and that the portal is running", address, flag, err)
	}
	if errors.Is(err, gis.ErrNotFound) || errors.Is(err, gis.ErrProtocol) {
		return fmt.Errorf("connect to %s (--%s): %w; no portal answers there: its address mostly ends in /portal", address, flag, err)
	}
	if errors.Is(err, gis.ErrToken) || errors.Is(err, gis.ErrDenied) || (errors.As(err, &e) && strings.HasSuffix(e.Op, "generateToken")) {
		return &command.ExitError{Code: command.ExitSignIn, Err: fmt.Errorf(
			"sign in to %s (--%s): %w; check %s", address, flag, err, variables)}
	}
	return fmt.Errorf("connect to %s (--%s): %w", address, flag, err)
}
