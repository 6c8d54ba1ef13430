package require

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Variable is the environment variable that turns absences into failures: a
// comma-separated list of part names, or "all".
const Variable = "RHUMB_REQUIRE"

// Part answers the path of the named program, such as "strace".
// Where the program is not installed, the test ends as [Missing] says.
func Part(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name, "it is not installed")
	}
	return path
}

// Missing ends the test because a part that it needs is absent: as a failure if
// RHUMB_REQUIRE names the part or is "all", else as skipped with the reason.
func Missing(t testing.TB, name, reason string) {
	t.Helper()
	if required(os.Getenv(Variable), name) {
		t.Fatalf("%s is required (%s=%s), but %s", name, Variable, os.Getenv(Variable), reason)
	}
	t.Skipf("needs %s: %s (set %s=%s to fail here)", name, reason, Variable, name)
}

func required(list, name string) bool {
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "all" || entry == name {
			return true
		}
	}
	return false
}
