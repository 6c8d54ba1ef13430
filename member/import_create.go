package member

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// create makes the accounts that are not there: by invitations, many with one call, or each by
// a call of its own where the portal takes them so.
func (im *importer) create(ctx context.Context) error {
	var invited, alone []int
	for i := range im.pl.Rows {
		r := &im.pl.Rows[i]
		switch {
		case len(r.Why) > 0 || r.exists != nil || r.Action == "":
		case im.pl.known.online:
			invited = append(invited, i)
		default:
			alone = append(alone, i)
		}
	}
	if len(invited)+len(alone) == 0 {
		return nil
	}
	im.m.begin("create", len(invited)+len(alone))
	parts := slices.Collect(slices.Chunk(invited, parcelSize))
	if err := each(ctx, im.pl.opts.workers(), parts, im.invite); err != nil {
		return err
	}
	parts = slices.Collect(slices.Chunk(alone, parcelSize))
	return each(ctx, im.pl.opts.workers(), parts, func(ctx context.Context, part []int) error {
		specs, err := im.begin(part)
		if err != nil {
			return err
		}
		for n, i := range part {
			if err := im.makeOne(ctx, i, specs[n]); err != nil {
				return err
			}
		}
		return nil
	})
}

// begin writes down which accounts are about to be made, and their passwords.
func (im *importer) begin(part []int) ([]gis.UserSpec, error) {
	var names, draws []string
	for _, i := range part {
		names = append(names, im.name(i))
		if im.pl.Rows[i].drawsPassword() {
			draws = append(draws, im.name(i))
		}
	}
	if err := im.log.append(importLine{Event: importIntent, Names: names}); err != nil {
		return nil, err
	}
	var drawn []secret.Secret
	if len(draws) > 0 {
		var err error
		if drawn, err = im.passwords.draw(draws...); err != nil {
			return nil, err
		}
	}
	specs := make([]gis.UserSpec, len(part))
	for n, i := range part {
		r := &im.pl.Rows[i]
		password := r.Record.password()
		if r.drawsPassword() {
			password, drawn = drawn[0], drawn[1:]
		}
		specs[n] = gis.UserSpec{
			Username: r.Record.Username, Password: password.Reveal(), FirstName: r.Record.FirstName, LastName: r.Record.LastName,
			Email: r.Record.Email, Role: r.role, UserType: r.userType, Provider: r.Record.Provider, IDPUsername: r.Record.IDPUsername,
		}
	}
	return specs, nil
}

// invite makes accounts by one call. Where the portal refuses it as a whole, halves are tried,
// down to the rows that are to blame.
func (im *importer) invite(ctx context.Context, part []int) error {
	specs, err := im.begin(part)
	if err != nil {
		return err
	}
	return im.inviteSpecs(ctx, part, specs, false)
}

func (im *importer) inviteSpecs(ctx context.Context, part []int, specs []gis.UserSpec, again bool) error {
	err := im.p.Users.InviteMembers(ctx, im.pl.opts.Mail, specs...)
	var b *gis.BatchError
	switch {
	case err == nil:
		return im.there(ctx, part...)
	case errors.As(err, &b):
		for n, i := range part {
			one := failureOf(b, specs[n].Username)
			if one != nil {
				one = im.whyNot(ctx, specs[n].Username, one)
			}
			if err := im.settleOne(ctx, i, one); err != nil {
				return err
			}
		}
		return nil
	case gis.Ambiguous(err) && !again:
		return im.sort(ctx, part, specs, err)
	case ends(ctx, err):
		return err
	case len(part) > 1:
		half := len(part) / 2
		if err := im.inviteSpecs(ctx, part[:half], specs[:half], again); err != nil {
			return err
		}
		return im.inviteSpecs(ctx, part[half:], specs[half:], again)
	}
	return im.settleOne(ctx, part[0], err)
}

// sort finds out which accounts a call made whose answer was lost, and tries the others once
// more. Where the portal cannot be reached they are left to the next run.
func (im *importer) sort(ctx context.Context, part []int, specs []gis.UserSpec, lost error) error {
	var again []int
	var rest []gis.UserSpec
	for n, i := range part {
		there, err := im.exists(ctx, im.name(i))
		if err != nil {
			return errors.Join(lost, err)
		}
		if there {
			if err := im.there(ctx, i); err != nil {
				return err
			}
			continue
		}
		again, rest = append(again, i), append(rest, specs[n])
	}
	if len(again) == 0 {
		return nil
	}
	return im.inviteSpecs(ctx, again, rest, true)
}

func (im *importer) exists(ctx context.Context, username string) (bool, error) {
	_, err := im.p.Users.Get(ctx, username)
	if errors.Is(err, gis.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// whyNot finds the reason that a portal does not give.
func (im *importer) whyNot(ctx context.Context, username string, err error) error {
	if there, gerr := im.exists(ctx, username); gerr == nil && there {
		return fmt.Errorf("the user name %s was taken meanwhile", username)
	}
	return err
}

// makeOne makes one account.
func (im *importer) makeOne(ctx context.Context, i int, spec gis.UserSpec) error {
	err := im.p.Users.Make(ctx, spec)
	if gis.Ambiguous(err) {
		there, gerr := im.exists(ctx, im.name(i))
		if gerr != nil {
			return errors.Join(err, gerr)
		}
		if there {
			err = nil
		}
	}
	return im.settleOne(ctx, i, err)
}

// settleOne notes what became of an account.
func (im *importer) settleOne(ctx context.Context, i int, err error) error {
	if err == nil {
		return im.there(ctx, i)
	}
	if ferr := im.fail(ctx, i, "", err); ferr != nil {
		return ferr
	}
	im.m.step(im.name(i), Failed, reasonOf(err))
	return nil
}

// there counts accounts that were made. One-time passwords have to be changed at the first
// sign-in.
func (im *importer) there(ctx context.Context, rows ...int) error {
	for _, i := range rows {
		im.mu.Lock()
		im.made[i] = true
		im.mu.Unlock()
		if im.pl.Rows[i].drawsPassword() {
			if err := im.try(ctx, i, "expire the one-time password", im.p.Users.Handle(im.name(i)).ExpirePassword(ctx)); err != nil {
				return err
			}
		}
		im.m.step(im.name(i), Done, "")
	}
	return nil
}
