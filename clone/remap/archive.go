package remap

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// ErrArchive is what [Rewriter.Archive] answers for data that it cannot rewrite: no zip file, a
// damaged or hostile one, one with encrypted texts. Nothing has been written then.
var ErrArchive = errors.New("cannot be rewritten as an archive")

// Bounds on archives. The forms of Survey123 stay far below them.
const (
	maxDirectory = 4 << 20   // bytes of an archive's directory
	maxMembers   = 10_000    // files in it
	maxMember    = 16 << 20  // bytes of one text in it, unpacked
	maxTexts     = 128 << 20 // bytes of all that is unpacked
)

// Archive rewrites a zip file that belongs to an app, such as the form of Survey123, and writes
// it to dst: its texts, and those of the spreadsheet from which the form was made. Every other
// member keeps its compressed bytes, an archive without a hit all of its bytes. Files of users in it
// (media, tables) are scanned and never rewritten. Paths in the report begin with the member:
// esriinfo/form.json→$.questions[0].
//
// Everything is checked before the first byte is written.
func (r *Rewriter) Archive(it ItemInfo, src io.ReaderAt, size int64, dst io.Writer) (Report, error) {
	a := r.archiver(it, maxTexts)
	zr, changed, err := a.rewrite(src, size)
	if err != nil {
		return Report{}, fmt.Errorf("remap: data of item %s: %w: %w", it.ID, ErrArchive, err)
	}
	if len(changed) == 0 {
		_, err = io.Copy(dst, io.NewSectionReader(src, 0, size))
	} else {
		err = writeArchive(dst, zr, changed)
	}
	if err != nil {
		return Report{}, fmt.Errorf("remap: write the data of item %s: %w", it.ID, err)
	}
	return a.rep, nil
}

// archiver rewrites the texts of an archive, and unpacks at most limit bytes.
func (r *Rewriter) archiver(it ItemInfo, limit int64) *archiver {
	text := func(part Part, data []byte) ([]byte, Report, error) { return r.Item(it, part, data) }
	return &archiver{limit: limit, left: limit, isText: memberText, text: text, own: r.Scan}
}

// ArchiveReferences lists the references in the texts of an archive as [Rewriter.References] does
// for one text, with paths like those of [Rewriter.Archive].
func (r *Rewriter) ArchiveReferences(it ItemInfo, src io.ReaderAt, size int64) ([]Ref, error) {
	rep, err := searchArchive(it, src, size, func(part Part, data []byte) ([]byte, Report, error) {
		return data, Report{refs: r.References(it, part, data)}, nil
	})
	return rep.refs, err
}

// ArchiveLeftovers lists what the texts of a rewritten archive still hold of the source, as
// [Rewriter.Leftovers] does for one text.
func (r *Rewriter) ArchiveLeftovers(it ItemInfo, src io.ReaderAt, size int64) (left, byReference []Ref, err error) {
	rep, err := searchArchive(it, src, size, func(_ Part, data []byte) ([]byte, Report, error) {
		left, byReference := r.Leftovers(data)
		return data, Report{Unresolved: left, ByReference: byReference}, nil
	})
	return rep.Unresolved, rep.ByReference, err
}

// searchArchive reads the texts of an archive.
func searchArchive(it ItemInfo, src io.ReaderAt, size int64, text textFunc) (Report, error) {
	a := archiver{limit: maxTexts, left: maxTexts, isText: memberText, text: text}
	if _, _, err := a.rewrite(src, size); err != nil {
		return Report{}, fmt.Errorf("remap: data of item %s: %w: %w", it.ID, ErrArchive, err)
	}
	return a.rep, nil
}

// textFunc reads, and perhaps rewrites, one text.
type textFunc func(part Part, data []byte) ([]byte, Report, error)

// archiver reads the texts of one archive and collects what becomes of them.
type archiver struct {
	limit  int64 // bytes that may be unpacked, here and in archives inside
	left   int64 // those that still may
	rep    Report
	isText func(name string) memberKind
	text   textFunc
	own    func(io.Reader) (Report, error) // reads files of users; nil if they do not matter
}

// memberKind is what a member of an archive is.
type memberKind int

const (
	memberOther memberKind = iota // copied
	memberOwn                     // a user's table: scanned
	memberPlain                   // text that is rewritten
	memberSheet                   // a spreadsheet: an archive of texts
)

// memberText tells the members of a form apart.
func memberText(name string) memberKind {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".xml", ".json", ".info", ".iteminfo", ".webform", ".js", ".html", ".htm", ".css":
		return memberPlain
	case ".xlsx":
		if !strings.Contains("/"+strings.ToLower(name), "/media/") {
			return memberSheet
		}
	case ".csv", ".tsv", ".txt", ".geojson", ".kml":
		return memberOwn
	}
	return memberOther
}

// sheetText tells the members of a spreadsheet apart.
func sheetText(name string) memberKind {
	if ext := path.Ext(name); strings.HasPrefix(name, "xl/") && (ext == ".xml" || ext == ".rels") {
		return memberPlain
	}
	return memberOther
}

// rewrite reads an archive and returns the new contents of the members that change.
func (a *archiver) rewrite(src io.ReaderAt, size int64) (*zip.Reader, map[string]packed, error) {
	zr, err := openArchive(src, size)
	if err != nil {
		return nil, nil, err
	}
	changed := map[string]packed{}
	for _, f := range zr.File {
		out, err := a.member(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if out == nil {
			continue
		}
		if changed[f.Name], err = pack(f, out); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return zr, changed, nil
}

// member rewrites one member; nil means that it stays.
func (a *archiver) member(f *zip.File) ([]byte, error) {
	kind := a.isText(f.Name)
	if kind == memberOther || kind == memberOwn && a.own == nil || strings.HasSuffix(f.Name, "/") || f.UncompressedSize64 == 0 {
		return nil, nil
	}
	if f.Flags&encrypted != 0 {
		return nil, errors.New("the member is encrypted")
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if kind == memberOwn {
		return nil, a.scan(f.Name, in)
	}
	data, err := a.unpack(in)
	if err != nil {
		return nil, err
	}
	if kind == memberSheet {
		return a.sheet(f.Name, data)
	}
	out, rep, err := a.text(member(f.Name), data)
	if err != nil {
		return nil, err
	}
	a.rep.add(rep.under(f.Name))
	if len(rep.Changes) == 0 {
		return nil, nil
	}
	return out, nil
}

// unpack reads a text, however long its header says that it is.
func (a *archiver) unpack(in io.Reader) ([]byte, error) {
	limit := min(maxMember, a.left)
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > maxMember:
		return nil, fmt.Errorf("the text is longer than %d MiB", maxMember>>20)
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("the texts of the archive are longer than %d MiB", a.limit>>20)
	}
	a.left -= int64(len(data))
	return data, nil
}

// scan reports what a user's file names.
func (a *archiver) scan(name string, in io.Reader) error {
	count := &countingReader{r: io.LimitReader(in, a.left+1)}
	rep, err := a.own(count)
	if err != nil {
		return err
	}
	if a.left -= count.n; a.left < 0 {
		return fmt.Errorf("the texts of the archive are longer than %d MiB", a.limit>>20)
	}
	a.rep.add(rep.under(name))
	return nil
}

// sheet rewrites the texts of a spreadsheet.
func (a *archiver) sheet(name string, data []byte) ([]byte, error) {
	inner := archiver{limit: a.limit, left: a.left, isText: sheetText, text: a.text}
	zr, changed, err := inner.rewrite(bytesReaderAt(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	a.left = inner.left
	a.rep.add(inner.rep.under(name))
	if len(changed) == 0 {
		return nil, nil
	}
	return archiveBytes(zr, changed)
}

// under puts the name of a member before every path of the report.
func (rep Report) under(name string) Report {
	for i := range rep.Changes {
		rep.Changes[i].Path = name + "→" + rep.Changes[i].Path
	}
	for i := range rep.Warnings {
		rep.Warnings[i].Path = name + "→" + rep.Warnings[i].Path
	}
	for _, list := range [][]Ref{rep.Unresolved, rep.ByReference, rep.External, rep.refs} {
		for i := range list {
			list[i].Path = name + "→" + list[i].Path
		}
	}
	return rep
}
