package clone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	results "github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/member"
)

// carryLicenses gives the members of the target what their counterparts hold on the source, once
// the clone is done. The journal knows the counterparts.
func (o *options) carryLicenses(ctx context.Context, source, target *gis.Portal) error {
	j, err := clone.OpenJournal(o.journalPath(ctx, source, target), "licenses")
	if err != nil {
		return fmt.Errorf("--licenses: %w", err)
	}
	users := j.Mapping(clone.KindUser)
	if err := j.Close(); err != nil {
		return fmt.Errorf("--licenses: %w", err)
	}
	bar := results.NewBar(o.io)
	r, err := member.CloneLicenses(ctx, source, target, users, member.CloneOptions{Options: member.Options{Progress: bar.Note}})
	bar.Stop()
	if err != nil {
		return fmt.Errorf("--licenses: %w", err)
	}
	if err := o.tellLicenses(r); err != nil {
		return err
	}
	if bad := len(r.Bad()); bad > 0 {
		return &command.ExitError{Code: command.ExitPartial, Err: fmt.Errorf("licenses that were not carried: %d", bad)}
	}
	return nil
}

// tellLicenses prints what became of licenses; as JSON one object for each member and license.
func (o *options) tellLicenses(r *member.Results) error {
	if !o.json {
		fmt.Fprintln(o.io.Out, "\nlicenses:")
		results.Print(&command.Streams{Out: o.io.Out, OutTTY: true}, r)
		return nil
	}
	enc := json.NewEncoder(o.io.Out)
	enc.SetEscapeHTML(false)
	for _, row := range r.Rows {
		if err := enc.Encode(licenseLine{"license", row}); err != nil {
			return err
		}
	}
	for _, n := range r.Notes {
		line(o.io.Out, "note", map[string]string{"text": n})
	}
	return nil
}

// licenseLine is what became of one license of a member.
type licenseLine struct {
	Type string `json:"type"`
	member.Result
}

// concluded adds to the outcome of a clone what became of the licenses, where they were asked
// for and there is a copy to give them to. The result of the clone stays the last line of JSON.
func (o *options) concluded(ctx context.Context, source, target *gis.Portal, made outcome) error {
	var licenses error
	if o.licenses && made.err == nil && o.json {
		licenses = o.carryLicenses(ctx, source, target)
	}
	err := Finish(o.io, made.rep, made.err, o.json)
	if o.licenses && made.err == nil && !o.json {
		licenses = o.carryLicenses(ctx, source, target)
	}
	return errors.Join(err, licenses, writeReport(o.report, made))
}
