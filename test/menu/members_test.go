package menu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// newcomer answers the questions about a member up to the password.
func (s *sitting) newcomer(name, role, userType string) {
	s.Helper()
	s.choose("4")
	s.answer("User name", name)
	s.answer("First name", "Zoë")
	s.answer("Last name", "Zander")
	s.answer("E-mail address", name+"@example.com")
	s.pick(role)
	s.pick(userType)
}

// 4: a password that is typed, one that is drawn, a name that is taken, a change of mind.
func TestCreate(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, p *portaltest.Portal) {
		const password, question = "Typed-by-hand-1", "First password (empty: draw one)"
		s.newcomer("zoe", "User", "Creator")
		s.answer(question, password)
		s.answer("Make the member zoe (Zoë Zander, zoe@example.com)? [y/N]", "")
		s.expect("Nothing was changed.")
		s.newcomer("zoe", "User", "Creator")
		s.answer(question, password)
		s.answer("? [y/N]", "y")
		s.expect("zoe is a member now.")
		s.answer("Give a license too? [y/N]", "y")
		s.answer("Number", "77")
		s.expect(`"77" is not a number from 1 to 2.`)
		s.answer("Number", "1")
		s.answer("such as 1 4", "1 9")
		s.expect(`"9" is not a number from 1 to 4.`)
		s.answer("such as 1 4", "1, 3")
		s.expect("zoe", "3DAnalystN, desktopBasicN", "1 planned")
		s.answer("Do this? [y/N]", "y")
		s.expect("1 done")
		holds(s.T, p, "zoe", "3DAnalystN,desktopBasicN")
		s.newcomer("yan", "Viewer", "Viewer")
		s.answer(question, "")
		s.answer("? [y/N]", "yes")
		s.expect("yan is a member now.", "The first password, shown this once: r1")
		s.answer("Give a license too? [y/N]", "")
		s.newcomer("ada", "User", "Creator")
		s.answer(question, password)
		s.answer("? [y/N]", "y")
		s.expect("That failed: ")
		s.quit()
		if strings.Contains(s.shown(), password) {
			s.Error("a password is on the screen")
		}
		if v := p.Call(s.T, "", "sharing/rest/generateToken", url.Values{"username": {"zoe"}, "password": {password}}); strings.Contains(strings.ToLower(str(v["error"])), "invalid") {
			s.Errorf("the password is another one: %v", v)
		}
	})
}

// 4, where the portal invites: nobody is asked for a password, and the account waits for its
// owner, licensed already.
func TestInvite(t *testing.T) {
	t.Parallel()
	online := func(t *testing.T) *portaltest.Portal {
		return portaltest.Start(t, portaltest.Online(), portaltest.WithLicenses(strings.NewReader(pool)))
	}
	both(t, online, func(s *sitting, p *portaltest.Portal) {
		s.newcomer("zoe", "User", "Creator")
		s.answer("Invite zoe (Zoë Zander, zoe@example.com)? [y/N]", "")
		s.expect("Nothing was changed.")
		s.newcomer("zoe", "User", "Creator")
		s.answer("Invite zoe (Zoë Zander, zoe@example.com)? [y/N]", "y")
		s.expect("zoe is invited.")
		s.answer("Give a license too? [y/N]", "y")
		s.answer("Number", "1")
		s.answer("such as 1 4", "1 3")
		s.answer("Do this? [y/N]", "y")
		s.expect("1 done")
		s.newcomer("zoe", "User", "Creator")
		s.answer("? [y/N]", "y")
		s.expect("That failed: ", "zoe")
		s.quit()
		holds(s.T, p, "zoe", "3DAnalystN,desktopBasicN")
		if strings.Contains(s.shown(), "password (empty") {
			s.Error("a password was asked for")
		}
		open := p.Call(s.T, p.AdminToken(s.T), "sharing/rest/portals/self/invitations", nil)
		if list, _ := open["invitations"].([]any); len(list) != 1 || !strings.Contains(fmt.Sprint(list...), "zoe@example.com") {
			s.Errorf("open invitations: %v", open)
		}
	})
}

func str(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	text, _ := m["message"].(string)
	return text
}

// 5: rows with groups and licenses are imported, a bad one is told.
func TestLoad(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, p *portaltest.Portal) {
		g, err := p.Client(s.T).Groups.Create(s.Context(), gis.GroupSpec{Title: "Field crew", Tags: []string{"field"}, Access: gis.AccessOrg})
		if err != nil {
			s.Fatal(err)
		}
		dir := s.TempDir()
		file, secrets := filepath.Join(dir, "people.csv"), filepath.Join(dir, "passwords.csv")
		rows := "First Name,Last Name,Email,Username,Role,License,Groups\n" +
			"Max,Muster,max@example.com,max,Publisher,\"desktopBasicN,3DAnalystN\",Field crew\n" +
			"Bad,Row,nobody,bad,No such role,desktopBasicN,\n"
		if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
			s.Fatal(err)
		}
		s.choose("5")
		s.answer("CSV file", filepath.Join(dir, "none.csv"))
		s.expect("That failed: ", "no such file")
		s.choose("5")
		s.answer("CSV file", file)
		s.answer("in line with their rows? [y/N]", "")
		s.answer("empty: none are needed)", secrets)
		s.expect("refused: line 3 bad: ", "No such role", "max", "create", "1 planned, 1 refused")
		s.answer("Import these members? [y/N]", "y")
		s.expect("refused: line 3", "1 done, 1 refused")
		holds(s.T, p, "max", "3DAnalystN,desktopBasicN")
		members, err := g.Members(s.Context())
		if err != nil || !strings.Contains(strings.Join(members.Users, ","), "max") {
			s.Errorf("members of the group: %v, %v", members, err)
		}
		if b, err := os.ReadFile(secrets); err != nil || !strings.Contains(string(b), "max,") {
			s.Errorf("first passwords: %v", err)
		}
		s.choose("5") // once more: nothing is left to ask
		s.answer("CSV file", file)
		s.answer("in line with their rows? [y/N]", "")
		s.answer("empty: none are needed)", "")
		s.expect("0 planned, 1 unchanged, 1 refused", "Portal information")
		s.quit()
	})
}

// 6: licenses are given, changed and taken, accounts disabled, enabled and deleted.
func TestModify(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, p *portaltest.Portal) {
		s.choose("6")
		s.answer("User name", "nobody_here")
		s.expect(`That failed: there is no member "nobody_here"`)
		s.choose("6")
		s.answer("User name", "grace")
		s.expect("grace (")
		s.choose("1")
		s.pick("ArcGIS Pro (holds desktopBasicN)")
		s.answer("such as 1 4", "2 4")
		s.expect("refused: grace, ArcGIS Pro: no seat of ArcGIS Pro is free for spatialAnalystN", "0 planned, 1 refused")
		s.choose("1")
		s.pick("ArcGIS Pro")
		s.answer("such as 1 4", "2")
		s.expect("desktopBasicN → desktopAdvN")
		s.answer("Do this? [y/N]", "y")
		s.expect("1 done")
		holds(s.T, p, "grace", "desktopAdvN")
		s.choose("2")
		s.pick("ArcGIS Pro (holds desktopAdvN)")
		s.expect("desktopAdvN → nothing")
		s.answer("Do this? [y/N]", "y")
		s.expect("1 done")
		holds(s.T, p, "grace", "")
		s.choose("3")
		s.answer("grace will be disabled. Sure? [y/N]", "no")
		s.expect("Nothing was changed.")
		s.choose("3")
		s.answer("grace will be disabled. Sure? [y/N]", "y")
		s.expect("grace is disabled.")
		s.choose("3")
		s.answer("grace will be enabled. Sure? [y/N]", "y")
		s.expect("grace is enabled.")
		s.choose("4")
		s.answer("Who receives what the member owns?", "hopper")
		s.answer("Delete grace? [y/N]", "y")
		s.expect("1 done", "Portal information") // back at the top
		if _, err := p.Client(s.T).Users.Get(s.Context(), "grace"); !errors.Is(err, gis.ErrNotFound) {
			s.Errorf("grace: %v", err)
		}
		s.choose("6")
		s.answer("User name", "ada")
		s.choose("2")
		s.pick("ArcGIS Pro")
		s.expect("refused: ada, ArcGIS Pro: ", "checked out")
		s.choose("")
		s.quit()
	})
}

// 7: groups are made and listed.
func TestGroups(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, _ *portaltest.Portal) {
		s.choose("7", "1")
		s.expect("Basemaps", "6 in all")
		s.choose("2")
		s.answer("Title", "Field crew")
		s.answer("may be empty)", "")
		s.pick("org")
		s.answer(`Make the group "Field crew"? [y/N]`, "y")
		s.expect("Made: Field crew (")
		s.choose("1")
		s.expect("GROUP", "Field crew", "admin", "org", "7 in all")
		s.choose("2")
		s.answer("Title", "") // an empty line goes back to the menu of groups
		s.expect("List groups")
		s.choose("")
		s.expect("Portal information")
		s.quit()
	})
}

// 8 without a directory: the refusal is told, and check-outs end all the same.
func TestWithoutDirectory(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, p *portaltest.Portal) {
		s.choose("8", "1")
		s.answer("Part of a name or an address", "pat")
		s.expect("That failed: ")
		s.choose("5")
		s.answer("User name", "ada")
		s.answer("Sure? [y/N]", "y")
		s.expect("Released: ada")
		s.choose("5")
		s.answer("User name", "grace")
		s.answer("Sure? [y/N]", "y")
		s.expect("That failed: ")
		s.quit()
		h, err := p.Client(s.T).Licenses.Handle(proID).Entitlement(s.Context(), "ada")
		if err != nil || h.CheckedOut {
			s.Errorf("ada: %+v, %v", h, err)
		}
	})
}

// The end of the input and q leave from anywhere, an interrupt too.
func TestLeave(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, _ *portaltest.Portal) {
		s.choose("6")
		s.answer("User name", "q")
		s.ends()
	})
}

func TestEndOfInput(t *testing.T) {
	t.Parallel()
	p := licensed(t)
	env := map[string]string{"RHUMB_USER": p.Admin, "RHUMB_PASSWORD": p.AdminPassword}
	pipe := sit(t, false, p.URL, env)
	pipe.choose("6")
	pipe.typed.Close()
	pipe.ends()
	tty := sit(t, true, p.URL, env)
	tty.choose("6")
	tty.expect("User name: ")
	if _, err := io.WriteString(tty.typed, "\x04"); err != nil { // Ctrl-D
		t.Fatal(err)
	}
	tty.ends()
}

// An interrupt leaves from a question whose answer is not shown, and the terminal shows what is
// typed again.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	both(t, licensed, func(s *sitting, _ *portaltest.Portal) {
		s.newcomer("zoe", "User", "Creator")
		s.expect("First password (empty: draw one): ")
		person, _ := s.typed.(*os.File)
		terminal := strings.HasSuffix(s.Name(), "/terminal")
		for tick := time.NewTicker(time.Millisecond); terminal && echoes(s.T, person); {
			<-tick.C
		}
		s.cancel()
		if err := <-s.done; !errors.Is(err, context.Canceled) {
			s.Errorf("it ended with %v", err)
		}
		if terminal && !echoes(s.T, person) {
			s.Error("the terminal does not show what is typed")
		}
	})
}

// On a terminal the sign-in is asked for, and the password is not shown.
func TestSignIn(t *testing.T) {
	t.Parallel()
	p := licensed(t)
	s := sit(t, true, p.URL, nil)
	s.answer("User name", p.Admin)
	s.answer("Password", p.AdminPassword)
	s.expect("rhumb: " + p.URL)
	s.quit()
	if strings.Contains(s.shown(), p.AdminPassword) {
		t.Error("the password is on the screen")
	}
	pipe := sit(t, false, p.URL, nil)
	if err := <-pipe.done; err == nil || !strings.Contains(err.Error(), "RHUMB_USER") {
		t.Errorf("without credentials, nor somebody to ask: %v", err)
	}
}
