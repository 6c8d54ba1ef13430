package member_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// The variables by which a test starts itself as a process that is to be killed: the portal's
// address, its administrator's name and password, the use case, and the folder of its files.
const (
	envPortal   = "RHUMB_TEST_MEMBER_PORTAL"
	envUser     = "RHUMB_TEST_MEMBER_USER"
	envPassword = "RHUMB_TEST_MEMBER_PASSWORD"
	envUseCase  = "RHUMB_TEST_MEMBER_USE_CASE"
	envFolder   = "RHUMB_TEST_MEMBER_FOLDER"
)

func TestMain(m *testing.M) {
	if os.Getenv(envPortal) != "" {
		if err := victim(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim runs a use case until it ends or is killed.
func victim(ctx context.Context) error {
	p, err := gis.New(os.Getenv(envPortal), auth.Password(os.Getenv(envUser), os.Getenv(envPassword)))
	if err != nil {
		return err
	}
	defer p.Close()
	return useCase(ctx, p, os.Getenv(envUseCase), os.Getenv(envFolder))
}

// useCase begins a use case, or goes on with it.
func useCase(ctx context.Context, p *gis.Portal, name, dir string) error {
	opts := member.Options{Journal: filepath.Join(dir, "journal"), Workers: 4}
	if kind, err := member.Unfinished(opts.Journal); name != "import" && (err != nil || kind != "") {
		if err == nil {
			_, err = member.Resume(ctx, p, opts)
		}
		return err
	}
	var err error
	switch name {
	case "import":
		var s *member.Sheet
		if s, err = member.ReadSheet(strings.NewReader(killedFile())); err == nil {
			_, err = member.Import(ctx, p, s, member.ImportOptions{Options: opts, PasswordsOut: filepath.Join(dir, "passwords")})
		}
	case "assign":
		_, err = member.Assign(ctx, p, member.Assignment{Members: member.Select{Query: "username:person*"}, Set: []string{"desktopBasicN"}}, opts)
	case "move":
		_, err = apply(member.PlanMove(ctx, p, member.Move{Create: true, Pairs: []member.Pair{{From: "person_00", To: "zero@corp"}}}, opts))(ctx, opts)
	}
	return err
}

// killedFile has as many members as seats.
func killedFile() string {
	var b strings.Builder
	b.WriteString("Username,First Name,Last Name,Email,Folders\n")
	for i := range 60 {
		fmt.Fprintf(&b, "person_%02d,Person,%d,p%d@example.com,Maps\n", i, i, i)
	}
	return b.String()
}

// hangman kills a process when a number of writes have reached the portal.
type hangman struct {
	left   atomic.Int64
	victim atomic.Pointer[os.Process]
}

func (h *hangman) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := h.victim.Load(); p != nil && isWrite(r) && h.left.Add(-1) == 0 {
			_ = p.Kill()
		}
		next.ServeHTTP(w, r)
	})
}

// TestKilledRunsGoOn kills processes that import, assign and move, and goes on in others.
func TestKilledRunsGoOn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"import", "assign", "move"} {
		for _, writes := range []int64{1, 2, 5, 9, 30, 70} {
			t.Run(fmt.Sprintf("%s/%d", name, writes), func(t *testing.T) {
				t.Parallel()
				killedAt(t, name, writes)
			})
		}
	}
}

func killedAt(t *testing.T, name string, writes int64) {
	h := &hangman{}
	w := start(t, `{"products":[{"title":"ArcGIS Pro","itemId":"`+proID+`","entitlements":[{"name":"desktopBasicN","seats":60}]}],
		"appBundles":[{"name":"A","seats":5,"apps":[{"title":"a"}]},{"name":"B","seats":5,"apps":[{"title":"b"}]}]}`, portaltest.Wrap(h.wrap))
	before := ""
	switch name {
	case "assign":
		importing(t, w.p, strings.ReplaceAll(killedFile(), ",Maps", ","), member.ImportOptions{PasswordsOut: filepath.Join(t.TempDir(), "p")})
	case "move":
		w.people(t, "person_00")
		w.furnish(t, "person_00", 9)
		before = w.belongings(t, "person_00")
	}
	dir := t.TempDir()
	h.left.Store(writes)
	for range 2 { // killed, and perhaps killed again
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), envPortal+"="+w.URL, envUser+"="+w.Admin, envPassword+"="+w.AdminPassword, envUseCase+"="+name, envFolder+"="+dir)
		ok(t, cmd.Start())
		h.victim.Store(cmd.Process)
		_ = cmd.Wait()
		h.victim.Store(nil)
		h.left.Store(writes)
	}
	if _, err := os.Stat(filepath.Join(dir, "journal")); err != nil {
		t.Fatalf("the process did not come so far: %v", err)
	}
	kind, err := member.Unfinished(filepath.Join(dir, "journal"))
	if name == "import" || err == nil && kind != "" {
		ok(t, useCase(t.Context(), w.p, name, dir))
	}
	switch name {
	case "import":
		r := importing(t, w.p, killedFile(), member.ImportOptions{})
		if r.Count(member.Unchanged) != 60 {
			t.Errorf("%s: %+v", r, r.Bad())
		}
		b, err := os.ReadFile(filepath.Join(dir, "passwords"))
		if err != nil || strings.Count(string(b), "\n") != 61 {
			t.Errorf("%d lines of passwords, %v", strings.Count(string(b), "\n"), err)
		}
	case "assign":
		if list := must[[]*member.Product](t)(member.Products(t.Context(), w.p, member.Options{})); list[0].Users() != 60 {
			t.Errorf("%d hold it", list[0].Users())
		}
	case "move":
		if got := w.belongings(t, "zero@corp"); got != before {
			t.Errorf("zero@corp has\n%s\nwant\n%s", got, before)
		}
	}
}
