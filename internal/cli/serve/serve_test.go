package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/serve"
)

// parse runs the command with a seam in place of the server.
func parse(t *testing.T, f *command.Factory, args ...string) (got serve.Options, ran bool, err error) {
	t.Helper()
	var out bytes.Buffer
	f.IO = &command.Streams{In: &bytes.Buffer{}, Out: io.Discard, Err: &out}
	if f.Getenv == nil {
		f.Getenv = func(string) string { return "" }
	}
	cmd := New(f, func(_ context.Context, o serve.Options) error {
		got, ran = o, true
		return nil
	})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	err = cmd.ExecuteContext(t.Context())
	return got, ran, err
}

func TestParse(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RHUMB_ADMIN_USER": "boss", "RHUMB_ADMIN_PASSWORD": "Example-password-1"}
	o, ran, err := parse(t, &command.Factory{Getenv: func(k string) string { return env[k] }},
		"--data", "d", "--listen", ":1", "--url", "https://gis.test/portal", "--tls", "self", "--insecure-http",
		"--trusted-proxy", "10.0.0.0/8,192.0.2.1", "--mode", "enterprise", "--debug", "--max-connections", "300", "--hsts", "host", "--renew-key")
	if err != nil || !ran {
		t.Fatalf("ran %v, %v", ran, err)
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32")}
	if o.Dir != "d" || o.Listen != ":1" || o.URL != "https://gis.test/portal" || !o.TLSSelf || !o.InsecureHTTP ||
		!slices.Equal(o.TrustedProxies, proxies) || o.AdminUser != "boss" || o.AdminPassword.Reveal() != "Example-password-1" ||
		!o.Log.Enabled(t.Context(), slog.LevelDebug) || o.Seed != nil || o.MaxConnections != 300 || o.HSTS != "host" || !o.RenewKey {
		t.Errorf("got %+v", o)
	}
	o, _, err = parse(t, &command.Factory{}, "--data", "d", "--tls-cert", "c", "--tls-key", "k")
	if err != nil || o.TLSCert != "c" || o.TLSKey != "k" || o.TLSSelf || o.Log.Enabled(t.Context(), slog.LevelDebug) {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestLogLevels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want slog.Level
	}{
		{nil, slog.LevelWarn}, {[]string{"--log", "warn"}, slog.LevelWarn}, {[]string{"--log", "info"}, slog.LevelInfo},
		{[]string{"--log", "DEBUG"}, slog.LevelDebug}, {[]string{"--debug"}, slog.LevelDebug},
	} {
		o, _, err := parse(t, &command.Factory{}, append([]string{"--data", "d"}, tt.args...)...)
		if err != nil {
			t.Fatal(err)
		}
		if !o.Log.Enabled(t.Context(), tt.want) || o.Log.Enabled(t.Context(), tt.want-1) {
			t.Errorf("%v: the log does not begin at %v", tt.args, tt.want)
		}
	}
}

func TestSeedFlag(t *testing.T) {
	t.Parallel()
	seed := func(context.Context, serve.SeedTarget) error { return nil }
	if _, _, err := parse(t, &command.Factory{}, "--data", "d", "--seed", "demo"); err == nil {
		t.Error("--seed is offered without anything to seed")
	}
	if o, _, err := parse(t, &command.Factory{Seed: seed}, "--data", "d", "--seed", "demo", "--licenses", "f"); err != nil || o.Seed == nil || o.Licenses != "f" || len(o.SeedLicenses) == 0 {
		t.Errorf("demo: %v", err)
	}
	if _, _, err := parse(t, &command.Factory{Seed: seed}, "--data", "d", "--seed", "demo", "--mode", "online"); command.CodeOf(err) != command.ExitUsage {
		t.Errorf("demo of an online portal: %v", err)
	}
	if o, _, err := parse(t, &command.Factory{Seed: seed}, "--data", "d", "--mode", "online"); err != nil || !o.Online {
		t.Errorf("online: %v, %v", o.Online, err)
	}
	if o, _, err := parse(t, &command.Factory{Seed: seed}, "--data", "d", "--seed", "none"); err != nil || o.Seed != nil {
		t.Errorf("none: %v", err)
	}
}

func TestMistakesAreUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--data", "d", "--tls", "x"}, {"--data", "d", "--log", "loud"}, {"--data", "d", "--mode", "offline"}, {"--data", "d", "--trusted-proxy", "x"}, {"--data", "d", "more"},
	} {
		_, ran, err := parse(t, &command.Factory{}, args...)
		if ran || command.CodeOf(err) != command.ExitUsage {
			t.Errorf("%v: ran %v, %v", args, ran, err)
		}
	}
	if code := command.CodeOf(asUsage(&serve.OptionError{Flag: "data", Text: "x"})); code != command.ExitUsage {
		t.Errorf("a mistake that the server finds: %d", code)
	}
	if err := errors.New("disk"); !errors.Is(asUsage(err), err) {
		t.Error("other errors change")
	}
}
