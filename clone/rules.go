package clone

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// checkRules refuses a plan that an edit has put beyond what its own options allow, before
// anything is written. Line numbers are those of the plan file. That no administrator is made
// without leave is checked again for each role and account.
func checkRules(p *Plan, dst *site) error {
	opts := p.Header.Options
	if err := opts.Check(); err != nil {
		return fmt.Errorf("plan, line 1: %w", err)
	}
	seen, taken := map[objectKey]int{}, map[objectKey]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		line := i + 2
		if err := s.checkRule(opts, dst); err != nil {
			return fmt.Errorf("plan, line %d: %s %s: %w", line, s.Kind, describe(s.Title, s.Source), err)
		}
		key := objectKey{s.Kind, s.Source}
		if first := seen[key]; first != 0 {
			return fmt.Errorf("plan, line %d: %s %s has a step in line %d already", line, s.Kind, describe(s.Title, s.Source), first)
		}
		seen[key] = line
		if t := s.changes(); t != "" {
			key := objectKey{s.Kind, t}
			if first := taken[key]; first != 0 {
				return fmt.Errorf("plan, line %d: %s %s of the target is changed by line %d already", line, s.Kind, t, first)
			}
			taken[key] = line
		}
	}
	return nil
}

// changes is the object of the target that a step writes to or deletes; names of accounts are
// folded.
func (s *Step) changes() string {
	switch {
	case s.Action != Update && s.Action != Replace, s.Kind == KindShare, s.Kind == KindRelationship, s.Kind == KindSetting:
		return ""
	case s.Kind == KindUser:
		return fold(s.Target)
	}
	return s.Target
}

func (s *Step) checkRule(opts Options, dst *site) error {
	switch {
	case s.Kind == KindSetting && !opts.OrgSettings:
		return errors.New("settings of the organization are copied only with --org-settings")
	case s.Target == "" && slices.Contains([]Action{Match, Update, Replace}, s.Action) && s.table():
		return fmt.Errorf("it has no target to %s", s.Action)
	case s.Action != Replace:
		return nil
	case opts.OnConflict != ConflictReplace:
		return errors.New("nothing is replaced without --on-conflict replace")
	case s.Kind != KindUser:
		return nil
	case !opts.ReplaceMembers || opts.ReassignTo == "":
		return errors.New("accounts are replaced only with --replace-members and --reassign-to")
	}
	return mayReplaceUser(s.Target, opts, dst)
}

// table reports whether the objects of the step's kind have names or ids of their own.
func (s *Step) table() bool {
	return slices.Contains([]Kind{KindRole, KindUser, KindGroup, KindFolder, KindItem}, s.Kind)
}

// mayReplaceUser refuses what no plan may delete.
func mayReplaceUser(name string, opts Options, dst *site) error {
	switch {
	case isSystem(name):
		return fmt.Errorf("%s is an account of the portal itself, which is never replaced", name)
	case strings.EqualFold(name, dst.side.User):
		return fmt.Errorf("%s is the account that the clone is signed in with, which is never replaced", name)
	case strings.EqualFold(name, opts.ReassignTo):
		return fmt.Errorf("%s is to receive what replaced accounts own and is itself to be replaced; name another account with --reassign-to", name)
	}
	return nil
}
