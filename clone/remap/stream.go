package remap

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

const (
	scanWindow = 256 << 10
	maxHits    = 1000
)

// Scan reads a file of any size and reports what of the source it names, without rewriting
// anything: mapped ids and addresses of the source portal as Unresolved with Kept set, the source's
// service roots as ByReference. Memory is bounded: the first 1,000 hits of each sort are listed,
// the others counted in Omitted. Path is @ and the byte offset in the file.
//
// Bytes are read as they are. The caller opens archives and compressed parts.
func (r *Rewriter) Scan(rd io.Reader) (Report, error) { return r.scan(rd, scanWindow) }

// scan works through a window of the given size and somewhat more.
func (r *Rewriter) scan(rd io.Reader, window int) (rep Report, err error) {
	ahead := (max(r.lookahead, longWord)+maxUserinfo+3*len("https://"))*maxGlyph + 2*idLen
	st := stream{ahead: ahead}
	st.sc = scanner{r: r, rep: &rep, streaming: true}
	st.sc.reset(nil, &st, math.MaxInt)
	buf := make([]byte, 0, 1+window+ahead) // one byte is what stands before
	for at := 0; !st.eof; {
		shift := max(0, at-1) // one byte stays: what stands before a word matters
		buf = buf[:copy(buf, buf[shift:])]
		st.move(shift)
		n, err := io.ReadFull(rd, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return rep, fmt.Errorf("remap: scan: %w", err)
			}
			st.eof = true
		}
		at = st.run(buf, at-shift)
	}
	return rep, nil
}

// stream is the state of a scan between windows.
type stream struct {
	loose
	sc    scanner
	base  int64 // offset of the window in the file
	ahead int   // how far decisions look ahead
	eof   bool  // the window holds the rest of the file
}

func (st *stream) path(offset int) string {
	return "@" + strconv.FormatInt(st.base+int64(offset), 10)
}

// move follows the window when it advances by shift bytes.
func (st *stream) move(shift int) {
	st.base += int64(shift)
	st.sc.sep.end -= shift
	st.sc.prev = span{}
}

// run scans the window from i on as far as decisions can be taken, and returns where it stopped.
func (st *stream) run(window []byte, i int) int {
	st.sc.s = window
	if st.eof {
		return st.sc.run(i, len(window))
	}
	return st.sc.run(i, len(window)-st.ahead)
}

// hit is what becomes of an address when streaming: it is reported where it starts, and nothing
// around it is looked at.
func (sc *scanner) hit(start, auth int, form urlForm) int {
	p, end := sc.r.portal(sc.s, auth)
	root := 0
	if form != bare {
		root = sc.r.root(sc.s, auth)
	}
	switch {
	case p == nil && root == 0 && form != bare:
		if at := sc.userinfo(auth); at > 0 {
			sc.secret = span{auth, at}
			next := sc.hit(start, at, form)
			sc.secret = span{}
			return next
		}
		return auth
	case root > end:
		sc.note(&sc.rep.ByReference, Ref{Path: sc.path(start), Kind: KindService, Value: sc.shown(start, root)})
		return root
	case p == nil || form == bare && !p.bare:
		return auth
	case !p.target:
		sc.replace(start, end, nil, string(KindAddress))
	}
	return end
}

// note adds to a list of the report; a stream's lists do not grow without bound.
func (sc *scanner) note(list *[]Ref, ref Ref) {
	if sc.streaming && len(*list) >= maxHits {
		sc.rep.Omitted++
		return
	}
	*list = append(*list, ref)
	if sc.rep.collect {
		sc.rep.refs = append(sc.rep.refs, ref)
	}
}
