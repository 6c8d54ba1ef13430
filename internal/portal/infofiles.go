package portal

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/rhumb-gis/rhumb/esri"
)

// Places of the info files that the portal itself knows.
const (
	infoMetadata    = "metadata/metadata.xml"
	infoCard        = "iteminfo.xml"
	metadataKeyword = "Metadata" // an item carries it while it has metadata
	maxInfoFile     = 50 << 20
	maxInfoPath     = 512
)

// InfoFile opens a file of an item's info folder. The item card, iteminfo.xml, is made from
// the item's properties where none was stored.
func (p *Portal) InfoFile(ctx context.Context, c Caller, id esri.ItemID, name string) (*StoredFile, error) {
	name = strings.Trim(name, "/")
	if name == "" {
		name = infoCard
	}
	var f *InfoFile
	var card []byte
	public := false
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		public = it.Access == Public
		f, err = infoOf(tx, it.ID, name)
		if isAbsent(err) && strings.EqualFold(name, infoCard) {
			card, err = itemCard(it.Item)
		}
		return absentAs(err, errNoResource())
	})
	if err != nil {
		return nil, err
	}
	if card != nil {
		return &StoredFile{Reader: nopCloser{bytes.NewReader(card)}, Name: infoCard, ContentType: "application/xml;charset=utf-8", Public: public}, nil
	}
	r, err := p.openBlob(ctx, f.Blob)
	if err != nil {
		return nil, err
	}
	return &StoredFile{Reader: r, Name: path.Base(f.Path), ContentType: f.ContentType, Hash: f.Blob.Hash, Public: public}, nil
}

// infoOf reads an info file by path, without regard to case where no path is spelt so.
func infoOf(tx Tx, id esri.ItemID, name string) (*InfoFile, error) {
	f, err := tx.Info(id, name)
	if !isAbsent(err) {
		return f, err
	}
	all, err := tx.Infos(id)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(f *InfoFile) bool { return strings.EqualFold(f.Path, name) }); i >= 0 {
		return all[i], nil
	}
	return nil, ErrAbsent
}

// UpdateInfo stores a file in an item's info folder, replacing one of its name.
func (p *Portal) UpdateInfo(ctx context.Context, c Caller, ref ItemRef, folder string, f File) (*Item, error) {
	if err := checkFileName("file", f.Name); err != nil {
		return nil, err
	}
	name, err := cleanPath("folderName", path.Join(folder, f.Name), maxInfoPath)
	if err != nil {
		return nil, err
	}
	if f.Blob.Size > maxInfoFile {
		return nil, ErrBadParam("file", "must be at most 50 MB")
	}
	return p.changeInfo(ctx, c, ref, func(tx Tx, it *Item) error {
		if old, err := infoOf(tx, it.ID, name); err == nil {
			name = old.Path
		} else if !isAbsent(err) {
			return err
		}
		return putInfo(tx, it, name, f)
	})
}

// DeleteInfo removes a file of an item's info folder.
func (p *Portal) DeleteInfo(ctx context.Context, c Caller, ref ItemRef, name string) error {
	_, err := p.changeInfo(ctx, c, ref, func(tx Tx, it *Item) error {
		f, err := infoOf(tx, it.ID, strings.Trim(name, "/"))
		if err != nil {
			return absentAs(err, errNoResource())
		}
		return dropInfo(tx, it, f.Path)
	})
	return err
}

// changeInfo runs change on an item that the caller may update, and stores the item.
func (p *Portal) changeInfo(ctx context.Context, c Caller, ref ItemRef, change func(Tx, *Item) error) (*Item, error) {
	var it itemAccess
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if it, err = updatable(tx, a, ref); err != nil {
			return err
		}
		if err := change(tx, it.Item); err != nil {
			return err
		}
		it.Modified = p.clock.Now()
		return tx.PutItem(it.Item)
	})
	return it.Item, err
}

// putInfo stores an info file and notes on it what the item tells about its info files.
func putInfo(tx Tx, it *Item, name string, f File) error {
	if err := tx.KeepBlob(f.Blob); err != nil {
		return err
	}
	f.ContentType = fileType(name, f.ContentType)
	if strings.EqualFold(name, infoMetadata) {
		f.ContentType = "application/xml"
		it.TypeKeywords = mergeWords(it.TypeKeywords, []string{metadataKeyword})
	}
	f.Name = path.Base(name)
	return tx.PutInfo(&InfoFile{Item: it.ID, Path: name, File: f})
}

// dropInfo removes an info file and what the item tells about it.
func dropInfo(tx Tx, it *Item, name string) error {
	if strings.EqualFold(name, infoMetadata) {
		it.TypeKeywords = slices.DeleteFunc(it.TypeKeywords, func(k string) bool { return k == metadataKeyword })
	}
	for _, at := range []*string{&it.Thumbnail, &it.LargeThumbnail, &it.Banner} {
		if *at == name {
			*at = ""
		}
	}
	it.Screenshots = slices.DeleteFunc(it.Screenshots, func(s string) bool { return s == name })
	err := tx.DeleteInfo(it.ID, name)
	if isAbsent(err) {
		return nil
	}
	return err
}

// cleanPath checks a path that a client chose for a file of an item: segments without . and
// .., no control characters, no backslashes. A leading or trailing slash is dropped.
func cleanPath(param, s string, limit int) (string, error) {
	s = strings.Trim(strings.TrimSpace(s), "/")
	switch {
	case s == "":
		return "", ErrMissingParam(param)
	case len(s) > limit:
		return "", ErrBadParam(param, "is too long")
	case strings.Contains(s, `\`) || strings.ContainsFunc(s, unicode.IsControl):
		return "", ErrBadParam(param, "must not hold backslashes or control characters")
	}
	for seg := range strings.SplitSeq(s, "/") {
		if t := strings.TrimSpace(seg); t == "" || t == "." || t == ".." || t != seg {
			return "", ErrBadParam(param, "must not hold empty segments, . or .., or segments that begin or end with a space")
		}
	}
	return s, nil
}
