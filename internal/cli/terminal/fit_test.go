package terminal

import "testing"

func TestFitLeavesOutTheLightest(t *testing.T) {
	t.Parallel()
	parts := []Part{{"items", 9}, {"120/7000", 8}, {"", 9}, {"12.5 MiB", 2}, {"1.1 MiB/s", 1}, {"3 min 10 s left", 5}, {"2 failed", 7}}
	for width, want := range map[int]string{
		100: "items  120/7000  12.5 MiB  1.1 MiB/s  3 min 10 s left  2 failed",
		60:  "items  120/7000  12.5 MiB  3 min 10 s left  2 failed",
		43:  "items  120/7000  3 min 10 s left  2 failed",
		39:  "items  120/7000  2 failed",
		10:  "items",
		4:   "ite…",
	} {
		if got := Fit(width, parts...); got != want {
			t.Errorf("Fit(%d) = %q, want %q", width, got, want)
		}
	}
	if got := Fit(10); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}
