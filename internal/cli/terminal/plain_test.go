package terminal

import (
	"testing"
	"time"
)

func TestPlainNeutralizesWhatDrivesATerminal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Roads":                "Roads",
		"a\x1b[31mred":         "a\uFFFD[31mred",
		"two\nlines\r":         "two\uFFFDlines\uFFFD",
		"abc\u202Egnp.exe":     "abc\uFFFDgnp.exe",
		"\u2066x\u2069\u200f":  "\uFFFDx\uFFFD\uFFFD",
		"Zürich – ελληνικά 地図": "Zürich – ελληνικά 地図",
		"\x9b31m":              "\uFFFD31m",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSizesAndTimesRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 5 << 20: "5.0 MiB", 4 << 30: "4.0 GiB"} {
		if got := Size(in); got != want {
			t.Errorf("Size(%d) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[time.Duration]string{
		4 * time.Second: "4 s", 61 * time.Second: "1 min 01 s", 3*time.Hour + 5*time.Minute: "3 h 05 min", 59*time.Second + 700*time.Millisecond: "1 min 00 s",
	} {
		if got := Left(in); got != want {
			t.Errorf("Left(%v) = %q, want %q", in, got, want)
		}
	}
	if got := Cut("abcdef", 4); got != "abc…" {
		t.Errorf("Cut = %q", got)
	}
}
