package member_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/member"
)

const day = 24 * time.Hour

func TestReclaim(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace", "alan", "edsger", "barbara")
	ctx := t.Context()
	now := time.Now().Add(100 * day)
	for name, used := range map[string]time.Time{"ada": now.Add(-91 * day), "grace": now.Add(-10 * day), "alan": now.Add(-200 * day), "edsger": now.Add(-95 * day)} {
		w.give(t, name, "desktopBasicN")
		out := time.Time{}
		if name == "edsger" {
			out = used
		}
		w.UseLicense(t, proID, name, used, out)
	}
	w.give(t, "barbara", "desktopAdvN") // never used
	ask := member.Reclaim{UnusedFor: 90 * day, Now: now}
	plan := must[*member.ReclaimPlan](t)(member.PlanReclaim(ctx, w.p, ask, member.Options{}))
	var got []string
	for _, u := range plan.Unused {
		got = append(got, strings.TrimSpace(u.Username+" "+u.Kept))
	}
	if strings.Join(got, "; ") != "barbara; alan; edsger ArcGIS Pro is checked out offline; ada" {
		t.Errorf("unused: %q", got)
	}
	ask.SkipNever = true
	if skip := must[*member.ReclaimPlan](t)(member.PlanReclaim(ctx, w.p, ask, member.Options{})); len(skip.Unused) != 3 {
		t.Errorf("%d unused without those who never used it", len(skip.Unused))
	}

	// Ada uses it between the list and the confirmation; alan is not confirmed.
	w.UseLicense(t, proID, "ada", now.Add(-day), time.Time{})
	confirmed := []member.UnusedLicense{plan.Unused[0], plan.Unused[2], plan.Unused[3]}
	r := must[*member.Results](t)(plan.Apply(ctx, confirmed, member.Options{}))
	outcomes(t, r, "barbara done", "edsger refused: offline", "ada refused: used meanwhile")
	for name, want := range map[string]string{"barbara": "", "alan": "desktopBasicN", "ada": "desktopBasicN", "edsger": "desktopBasicN", "grace": "desktopBasicN"} {
		if got := w.held(t, name); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	stranger := member.UnusedLicense{Username: "grace", Product: "ArcGIS Pro", ItemID: proID}
	if _, err := plan.Apply(ctx, []member.UnusedLicense{plan.Unused[1], stranger}, member.Options{}); err == nil || w.held(t, "alan") == "" {
		t.Errorf("something was taken back that is not in the list: %v", err)
	}
	if _, err := member.PlanReclaim(ctx, w.p, member.Reclaim{}, member.Options{}); err == nil {
		t.Error("no duration, and no error")
	}
}
