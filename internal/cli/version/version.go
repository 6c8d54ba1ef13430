package version

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

// New makes the command rhumb version.
func New(f *command.Factory) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of rhumb",
		Args:  command.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(f.IO.Out, Text())
			return err
		},
	}
}

// Text is one line: the version or, for a build from a work tree, the commit, and what it
// was built with.
func Text() string {
	name := "devel"
	if bi, ok := debug.ReadBuildInfo(); ok {
		name = describe(bi)
	}
	return fmt.Sprintf("rhumb %s (%s %s/%s)", name, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func describe(bi *debug.BuildInfo) string {
	if v := bi.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	commit, dirty := "", ""
	for _, s := range bi.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " with changes"
		}
	}
	return "devel" + commit + dirty
}
