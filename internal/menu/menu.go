package menu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

// errQuit ends the menu from anywhere: the person typed q, or the input has ended.
var errQuit = errors.New("quit")

// errBack returns from an entry to its menu, errLeave from there to the menu above.
var (
	errBack  = errors.New("back")
	errLeave = errors.New("leave")
)

// entry is one line of a menu.
type entry struct {
	key   string
	title string
	run   func(context.Context) error
}

// session is one sitting at the menu.
type session struct {
	io    *command.Streams
	lines *terminal.Lines
	p     *gis.Portal
}

// Run shows the menu until the person leaves.
func Run(ctx context.Context, streams *command.Streams, p *gis.Portal) error {
	s := &session{io: streams, lines: terminal.NewLines(streams.In, streams.InTTY), p: p}
	entries, err := s.entries(ctx)
	if err != nil {
		return err
	}
	for {
		switch err := s.menu(ctx, "rhumb: "+p.URL(), "Choose (q: quit)", entries); {
		case errors.Is(err, errBack): // above this menu there is none
		case errors.Is(err, errQuit):
			return nil
		default:
			return err
		}
	}
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
		{"5", "Add members from a CSV file", s.loadFile},
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

// submenu is a menu below another.
func (s *session) submenu(ctx context.Context, title string, entries []entry) error {
	return s.menu(ctx, title, "Choose (empty: back, q: quit)", entries)
}

// menu shows entries and runs what is chosen, until it is left. A failure is told and ends
// nothing: the person may try something else.
func (s *session) menu(ctx context.Context, title, question string, entries []entry) error {
	for {
		s.heading(title)
		for _, e := range entries {
			s.say("  %s  %s", e.key, e.title)
		}
		chosen, err := s.choose(ctx, question, entries)
		if err != nil {
			return err
		}
		switch err := chosen.run(ctx); {
		case errors.Is(err, errLeave):
			return nil
		case errors.Is(err, errBack) || err == nil:
		case errors.Is(err, errQuit) || ctx.Err() != nil:
			return err
		default:
			s.say("That failed: %v", err)
		}
	}
}

// choose asks until an entry is named.
func (s *session) choose(ctx context.Context, question string, entries []entry) (*entry, error) {
	for {
		answer, err := s.ask(ctx, question)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			if strings.EqualFold(entries[i].key, answer) {
				return &entries[i], nil
			}
		}
		s.say("There is no entry %q.", answer)
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
func (s *session) ask(ctx context.Context, question string) (string, error) {
	answer, err := s.optional(ctx, question)
	if err == nil && answer == "" {
		return "", errBack
	}
	return answer, err
}

// optional reads a line that may be empty.
func (s *session) optional(ctx context.Context, question string) (string, error) {
	line, err := s.read(ctx, question, func(ctx context.Context, ask func()) (string, error) {
		ask()
		return s.lines.Next(ctx)
	})
	line = strings.TrimSpace(line)
	if err == nil && strings.EqualFold(line, "q") {
		return "", errQuit
	}
	return line, err
}

// read reads a line by next, which puts the question first.
func (s *session) read(ctx context.Context, question string, next func(context.Context, func()) (string, error)) (string, error) {
	line, err := next(ctx, func() { fmt.Fprintf(s.io.Out, "%s: ", terminal.Plain(question)) })
	if err != nil || !s.io.InTTY {
		fmt.Fprintln(s.io.Out) // nobody's Enter ends the line
	}
	if errors.Is(err, io.EOF) {
		return "", errQuit
	}
	return line, err
}

// sure asks before something is written; anything but yes is errBack.
func (s *session) sure(ctx context.Context, question string) error {
	yes, err := s.yes(ctx, question)
	if err == nil && !yes {
		s.say("Nothing was changed.")
		err = errBack
	}
	return err
}

func (s *session) yes(ctx context.Context, question string) (bool, error) {
	answer, err := s.optional(ctx, question+" [y/N]")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}

// pick lets the person choose one of several by number.
func pick[T any](ctx context.Context, s *session, title string, list []T, name func(T) string) (T, error) {
	var none T
	s.say("%s", title)
	for i, e := range list {
		s.say("  %d  %s", i+1, name(e))
	}
	for {
		answer, err := s.ask(ctx, "Number")
		if err != nil {
			return none, err
		}
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(list) {
			return list[n-1], nil
		}
		s.say("%q is not a number from 1 to %d.", answer, len(list))
	}
}

// table prints rows for people, also into a pipe.
func (s *session) table(columns []terminal.Column, rows [][]string) {
	width := 0
	if s.io.OutTTY {
		width = terminal.Width(s.io.Out)
	}
	if len(rows) > 0 {
		terminal.Columns(s.io.Out, width, columns, rows)
	}
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
