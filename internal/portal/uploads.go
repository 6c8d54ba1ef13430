package portal

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxParts is the highest number of a part.
const maxParts = 10000

// errNoUpload is the answer to a step of an upload in parts that was not opened.
func errNoUpload() *Error {
	return &Error{Code: 400, Message: "The item has no upload in parts under way.",
		Details: []string{"Open one with multipart=true and filename, in addItem or update."}}
}

// AddPart stores one part of an upload, in the place of one that had its number.
func (p *Portal) AddPart(ctx context.Context, c Caller, ref ItemRef, number int, f File) (esri.ItemID, error) {
	if number < 1 || number > maxParts {
		return "", ErrBadParam("partNum", fmt.Sprintf("must be a number from 1 to %d", maxParts))
	}
	return p.withUpload(ctx, c, ref, func(tx Tx, it *Item) error {
		if err := tx.KeepBlob(f.Blob); err != nil {
			return err
		}
		return tx.PutPart(Part{Item: it.ID, Number: number, Blob: f.Blob})
	})
}

// CancelUpload drops the parts of an upload. The item stays, with the data that it had.
//
// guess: what becomes of an item that the upload made is not documented; to delete it is left
// to who made it.
func (p *Portal) CancelUpload(ctx context.Context, c Caller, ref ItemRef) (esri.ItemID, error) {
	return p.withUpload(ctx, c, ref, func(tx Tx, it *Item) error {
		return dropUpload(tx, it)
	})
}

func dropUpload(tx Tx, it *Item) error {
	if err := tx.DeleteParts(it.ID); err != nil {
		return err
	}
	if it.Status != StatusPartial {
		return nil
	}
	if it.Data == nil && it.Name == it.UploadName {
		it.Name = ""
	}
	it.Status, it.StatusMessage, it.UploadName = StatusCompleted, "", ""
	return tx.PutItem(it)
}

// uploadIdle is how long an upload in parts may rest before it counts as given up.
const uploadIdle = 7 * 24 * time.Hour

// DropIdleUploads cancels the uploads in parts that were given up, so that their bytes can be
// collected, and returns how many there were.
func (p *Portal) DropIdleUploads(ctx context.Context) (int, error) {
	since := p.clock.Now().Add(-uploadIdle)
	var ids []esri.ItemID
	err := p.store.View(ctx, func(tx Tx) (err error) {
		ids, err = tx.IdleUploads(since)
		return err
	})
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		if ids, err = tx.IdleUploads(since); err != nil { // a part may have come
			return err
		}
		for _, id := range ids {
			it, err := tx.Item(id)
			if err != nil {
				return err
			}
			if err := dropUpload(tx, it); err != nil {
				return err
			}
		}
		return nil
	})
	return len(ids), err
}

// withUpload runs do on an item whose upload in parts is under way.
func (p *Portal) withUpload(ctx context.Context, c Caller, ref ItemRef, do func(Tx, *Item) error) (id esri.ItemID, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := updatable(tx, a, ref)
		if err != nil {
			return err
		}
		if it.Status != StatusPartial {
			return errNoUpload()
		}
		id = it.ID
		return do(tx, it.Item)
	})
	return id, err
}

// UploadParts lists the numbers of the parts that have arrived.
func (p *Portal) UploadParts(ctx context.Context, c Caller, ref ItemRef) (numbers []int, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := updatable(tx, a, ref)
		if err != nil {
			return err
		}
		parts, err := tx.Parts(it.ID)
		for _, part := range parts {
			numbers = append(numbers, part.Number)
		}
		return err
	})
	return numbers, err
}

// ItemStatus reads the state of an item's data, for who may update the item.
func (p *Portal) ItemStatus(ctx context.Context, c Caller, ref ItemRef) (*Item, error) {
	var it itemAccess
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err = updatable(tx, a, ref)
		return err
	})
	return it.Item, err
}

// CommitUpload makes the parts of an upload the item's data, as they are, one after the other
// in the order of their numbers, and sets the properties that come along. Numbers that are
// missing in between stand for parts that got lost.
//
// deviates: real portals do this in the background; here it is done when the call returns.
// Properties that the opening call gave are kept, which real portals forget.
func (p *Portal) CommitUpload(ctx context.Context, c Caller, ref ItemRef, u ItemUpdate) (esri.ItemID, error) {
	if err := u.check(); err != nil {
		return "", err
	}
	files, err := p.checkedFiles(ctx, u.Files)
	if err != nil {
		return "", err
	}
	inferred, err := p.typeOfUpload(ctx, c, ref)
	if err != nil {
		return "", err
	}
	return p.withUpload(ctx, c, ref, func(tx Tx, it *Item) error {
		parts, err := tx.Parts(it.ID)
		if err != nil {
			return err
		}
		blobs, err := wholeUpload(parts)
		if err != nil {
			return err
		}
		if err := u.Fields.keepsType(it); err != nil {
			return err
		}
		if it.Type == "" {
			it.Type = inferred
			if u.Fields.Type != nil && strings.TrimSpace(*u.Fields.Type) != "" {
				it.Type = typeOf(*u.Fields.Type).name
			}
			if it.Type == "" {
				return ErrMissingParam("type")
			}
		}
		name := it.UploadName
		if err := freeFileName(tx, it, it.Folder, name); err != nil {
			return err
		}
		u.Fields.apply(it)
		if err := replaceData(tx, it, fileData(name, "", blobs...), name); err != nil {
			return err
		}
		if err := files.store(tx, it); err != nil {
			return err
		}
		it.Modified = p.clock.Now()
		return tx.PutItem(it)
	})
}

// wholeUpload lists the blobs of an upload that has all its parts.
func wholeUpload(parts []Part) ([]Blob, error) {
	if len(parts) == 0 {
		return nil, &Error{Code: 400, Message: "The upload has no parts."}
	}
	blobs := make([]Blob, len(parts))
	for i, part := range parts {
		if part.Number != i+1 {
			return nil, &Error{Code: 400, Message: fmt.Sprintf("Part %d of the upload is missing.", i+1),
				Details: []string{fmt.Sprintf("Parts have to be numbered from 1 without gaps; %d have arrived, the last one is %d.", len(parts), parts[len(parts)-1].Number)}}
		}
		blobs[i] = part.Blob
	}
	return slices.Clip(blobs), nil
}

// typeOfUpload infers the type of an item that has none from the parts that have arrived. It
// reads bytes, which no transaction waits for.
func (p *Portal) typeOfUpload(ctx context.Context, c Caller, ref ItemRef) (string, error) {
	var blobs []Blob
	name := ""
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := updatable(tx, a, ref)
		if err != nil || it.Type != "" || it.Status != StatusPartial {
			return err
		}
		parts, err := tx.Parts(it.ID)
		for _, part := range parts {
			blobs = append(blobs, part.Blob)
		}
		name = it.UploadName
		return err
	})
	if err != nil || name == "" || path.Ext(name) == "" {
		return "", err
	}
	return p.inferType(ctx, name, blobs)
}
