package license

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

// New makes the command with its verbs, one a line.
func New(f *command.Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "license",
		Short: "See who holds which licenses, give them and take them back",
		Long: `See which licenses an organization has and who holds them, give them, take them away, and take back
those that nobody uses.

Credentials come from the environment: RHUMB_USER and RHUMB_PASSWORD, or RHUMB_TOKEN, of a member
with the privilege to manage licenses.`,
		Args: command.Verb,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newList(f),
		newReport(f),
		newAssign(f),
		newRevoke(f),
		newReclaim(f),
		newRelease(f),
	)
	return cmd
}

// age is a flag of days (90d), weeks (12w) or hours (36h).
type age time.Duration

func (a *age) String() string {
	if *a == 0 {
		return ""
	}
	return time.Duration(*a).String()
}

func (*age) Type() string { return "age" }

func (a *age) Set(s string) error {
	unit := time.Hour
	number := strings.TrimSuffix(s, "h")
	for suffix, u := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if n, ok := strings.CutSuffix(s, suffix); ok {
			number, unit = n, u
		}
	}
	d, err := time.ParseDuration(number + "h")
	if err != nil || d <= 0 {
		return command.Usage("%q must be an age such as 90d, 12w or 36h", s)
	}
	*a = age(d.Hours() * float64(unit))
	return nil
}
