package menu

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

// errQuit ends the menu from anywhere: the person typed q, or the input has ended.
var errQuit = errors.New("quit")

// errBack returns from an entry to the menu above it.
var errBack = errors.New("back")

// entry is one line of a menu.
type entry struct {
	key   string
	title string
	run   func(context.Context) error
}

// session is one sitting at the menu.
type session struct {
	io *command.Streams
	in *bufio.Reader
	p  *gis.Portal
}

// Run shows the menu until the person leaves.
func Run(ctx context.Context, streams *command.Streams, p *gis.Portal) error {
	s := &session{io: streams, in: bufio.NewReader(streams.In), p: p}
	entries, err := s.entries(ctx)
	if err != nil {
		return err
	}
	err = s.menu(ctx, "rhumb: "+p.URL(), entries)
	if errors.Is(err, errQuit) || errors.Is(err, errBack) {
		return nil
	}
	return err
}

// entries lists the menu. Directories are a matter of ArcGIS Enterprise alone.
func (s *session) entries(ctx context.Context) ([]entry, error) {
	f, err := s.p.Features(ctx)
	if err != nil {
		return nil, err
	}
	list := []entry{
		{"1", "Portal information", s.info},
		{"2", "License counts", s.counts},
		{"3", "Used licenses", s.used},
		{"4", "Create or invite a member", s.create},
		{"5", "Add members from a CSV file", s.load},
		{"6", "Modify a member (licenses, leaving)", s.modify},
		{"7", "Groups", s.groups},
	}
	if f.Kind == gis.KindEnterprise {
		list = append(list, entry{"8", "Enterprise users", s.enterprise})
	}
	return append(list,
		entry{"U", "Utilities: CSV template and export", s.utilities},
		entry{"R", "Refresh: sign in again and read anew", s.refresh}), nil
}

// menu shows entries and runs what is chosen, until it is left. A failure is told and ends
// nothing: the person may try something else.
func (s *session) menu(ctx context.Context, title string, entries []entry) error {
	for {
		s.heading(title)
		for _, e := range entries {
			s.say("  %s  %s", e.key, e.title)
		}
		answer, err := s.ask("Choose (empty: back, q: quit)")
		if err != nil {
			return err
		}
		var chosen *entry
		for i := range entries {
			if strings.EqualFold(entries[i].key, answer) {
				chosen = &entries[i]
			}
		}
		if chosen == nil {
			s.say("There is no entry %q.", answer)
			continue
		}
		switch err := chosen.run(ctx); {
		case errors.Is(err, errBack) || err == nil:
		case errors.Is(err, errQuit) || ctx.Err() != nil:
			return err
		default:
			s.say("That failed: %v", err)
		}
	}
}

func (s *session) say(format string, args ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		fmt.Fprintln(s.io.Out, terminal.Plain(strings.TrimSuffix(line, "\n")))
	}
}

func (s *session) heading(title string) {
	bold, plain := "", ""
	if s.io.OutTTY {
		bold, plain = "\x1b[1m", "\x1b[0m"
	}
	fmt.Fprintf(s.io.Out, "\n%s%s%s\n", bold, terminal.Plain(title), plain)
}

// ask reads a line. Empty input is errBack, q and the end of the input are errQuit.
func (s *session) ask(question string) (string, error) {
	answer, err := s.optional(question)
	if err == nil && answer == "" {
		return "", errBack
	}
	return answer, err
}

// optional reads a line that may be empty.
func (s *session) optional(question string) (string, error) {
	fmt.Fprintf(s.io.Out, "%s: ", terminal.Plain(question))
	line, err := s.in.ReadString('\n')
	line = strings.TrimSpace(line)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return "", err
	case err != nil && line == "", strings.EqualFold(line, "q"):
		fmt.Fprintln(s.io.Out)
		return "", errQuit
	}
	if !s.io.InTTY {
		fmt.Fprintln(s.io.Out) // nobody's Enter ends the line
	}
	return line, nil
}

// sure asks before something is written; anything but yes is errBack.
func (s *session) sure(question string) error {
	answer, err := s.optional(question + " [y/N]")
	if err != nil {
		return err
	}
	if a := strings.ToLower(answer); a != "y" && a != "yes" {
		s.say("Nothing was changed.")
		return errBack
	}
	return nil
}

// pick lets the person choose one of several by number.
func pick[T any](s *session, title string, list []T, name func(T) string) (T, error) {
	var none T
	s.say("%s", title)
	for i, e := range list {
		s.say("  %d  %s", i+1, name(e))
	}
	for {
		answer, err := s.ask("Number")
		if err != nil {
			return none, err
		}
		var n int
		if _, err := fmt.Sscanf(answer, "%d", &n); err == nil && n >= 1 && n <= len(list) {
			return list[n-1], nil
		}
		s.say("%q is not a number from 1 to %d.", answer, len(list))
	}
}

// table prints rows as a table.
func (s *session) table(heading []string, rows [][]string) {
	t := terminal.NewTable(s.io.Out, s.io.OutTTY, heading...)
	for _, r := range rows {
		t.Row(r...)
	}
	t.End()
	s.say("%d in all", len(rows))
}

// refresh signs in again, which shows whether the account still may what it did.
func (s *session) refresh(ctx context.Context) error {
	if err := s.p.Connect(ctx); err != nil {
		return err
	}
	me, err := s.p.Users.Me(ctx)
	if err == nil {
		s.say("Signed in as %s.", me.Username)
	}
	return err
}
