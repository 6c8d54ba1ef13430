package clone

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

const (
	pieceLength = 4 << 20
	maxNotes    = 10_000 // changes that are noted of one long text
)

// rewriteStream rewrites a text of any length, piece by piece. Pieces end where no reference can
// go on: after an element of a list or an object, else after a string or a line. What has no such
// place for as long as a text may be is data that somebody embedded, and stays as it is.
func rewriteStream(rw *remap.Rewriter, r io.Reader, w io.Writer) (remap.Report, error) {
	var all remap.Report
	buf := make([]byte, 0, pieceLength)
	base, eof := int64(0), false
	for !eof || len(buf) > 0 {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		// Only ReadFull's own words mean the end: a broken connection may wrap the same error.
		if eof = err == io.EOF || err == io.ErrUnexpectedEOF; err != nil && !eof {
			return all, err
		}
		cut := len(buf)
		if !eof {
			cut = pieceEnd(buf)
		}
		piece := buf[:cut]
		switch {
		case cut > 0:
			out, rep := rw.Text(piece)
			join(&all, rep, base)
			piece = out
		case len(buf) < textLimit:
			buf = append(make([]byte, 0, 2*cap(buf)), buf...)
			continue
		default:
			cut = len(buf) - pieceLength
			piece = buf[:cut]
		}
		if _, err := w.Write(piece); err != nil {
			return all, err
		}
		base += int64(cut)
		buf = buf[:copy(buf, buf[cut:])]
	}
	return all, nil
}

// pieceEnd is the last place of buf where no reference goes on, 0 where there is none.
func pieceEnd(buf []byte) int {
	for _, after := range []string{"},", "],", `",`, "\n"} {
		if i := bytes.LastIndex(buf, []byte(after)); i >= 0 {
			return i + len(after)
		}
	}
	return 0
}

// join adds what the rewriting of a piece reports, with places in the whole text.
func join(all *remap.Report, rep remap.Report, base int64) {
	at := func(path string) string {
		n, err := strconv.ParseInt(strings.TrimPrefix(path, "@"), 10, 64)
		if err != nil {
			return path
		}
		return "@" + strconv.FormatInt(base+n, 10)
	}
	for _, c := range rep.Changes {
		if len(all.Changes) >= maxNotes {
			all.Omitted++
			continue
		}
		c.Path = at(c.Path)
		all.Changes = append(all.Changes, c)
	}
	for _, l := range []struct {
		to   *[]remap.Ref
		from []remap.Ref
	}{{&all.Unresolved, rep.Unresolved}, {&all.ByReference, rep.ByReference}, {&all.External, rep.External}} {
		for _, ref := range l.from {
			if len(*l.to) >= maxNotes {
				all.Omitted++
				continue
			}
			ref.Path = at(ref.Path)
			*l.to = append(*l.to, ref)
		}
	}
	all.Warnings = append(all.Warnings, rep.Warnings...)
}
