package menu

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/member"
)

// loadFile imports members from a CSV file, with their groups and licenses.
func (s *session) loadFile(ctx context.Context) error {
	name, err := s.ask(ctx, "CSV file")
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	sheet, err := member.ReadSheet(file)
	file.Close()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var opts member.ImportOptions
	if opts.UpdateExisting, err = s.yes(ctx, "Bring members who are there already in line with their rows?"); err != nil {
		return err
	}
	if opts.PasswordsOut, err = s.passwordFile(ctx, sheet); err != nil {
		return err
	}
	return s.load(ctx, sheet, opts, "Import these members?")
}

// passwordFile asks where first passwords go, where the portal needs some that the file lacks.
func (s *session) passwordFile(ctx context.Context, sheet *member.Sheet) (string, error) {
	f, err := s.p.Features(ctx)
	if err != nil || !f.CreatesUsersByAdmin || sheet.Has("Password") {
		return "", err
	}
	return s.optional(ctx, "File for first passwords (it must not exist; empty: none are needed)")
}

// load plans an import, asks, and carries it out. It goes on where an earlier one was cut off.
func (s *session) load(ctx context.Context, sheet *member.Sheet, opts member.ImportOptions, question string) error {
	journal, err := member.JournalPath(ctx, s.p, "import")
	if err != nil {
		return err
	}
	bar := outcome.NewBar(s.io)
	note := bar.Note // while it is planned; another bar shows the rest
	opts.Options = member.Options{Journal: journal, Progress: func(p member.Progress) { note(p) }}
	plan, err := member.PlanImport(ctx, s.p, sheet, opts)
	bar.Stop()
	if err != nil {
		return err
	}
	for _, w := range append(sheet.Warnings, plan.Warnings...) {
		s.say("warning: %s", w)
	}
	return s.apply(ctx, question, plan.Preview(), func(ctx context.Context, o member.Options) (*member.Results, error) {
		note = o.Progress
		return plan.Apply(ctx)
	})
}

// utilities writes CSV files.
func (s *session) utilities(ctx context.Context) error {
	return s.submenu(ctx, "Utilities", []entry{
		{"1", "Write a CSV file to fill in", func(ctx context.Context) error { return s.write(ctx, member.WriteTemplate) }},
		{"2", "Export the members into a CSV file", func(ctx context.Context) error {
			return s.write(ctx, func(w io.Writer) error {
				bar := outcome.NewBar(s.io)
				defer bar.Stop()
				results, err := member.Export(ctx, s.p, w, member.ExportOptions{Options: member.Options{Progress: bar.Note}, Groups: true, Folders: true})
				if err == nil {
					for _, n := range results.Notes {
						s.say("note: %s", n)
					}
				}
				return err
			})
		}},
	})
}

// write makes a new file; nothing half-written is left.
func (s *session) write(ctx context.Context, write func(io.Writer) error) error {
	name, err := s.ask(ctx, "File to write (it must not exist)")
	if err != nil {
		return err
	}
	if err := outcome.Create(name, write); err != nil {
		return err
	}
	s.say("Written: %s", name)
	return nil
}
