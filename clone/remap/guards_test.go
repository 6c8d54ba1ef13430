package remap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A directory is read only so far, and members lie where the archive is.
//
// Guards: boundedReaderAt and the check of DataOffset in openArchive.
func TestArchiveDirectoriesAreBounded(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	long := make([]zipMember, maxMembers/2)
	for i := range long {
		long[i].name = fmt.Sprintf("%0900d.png", i)
	}
	away := makeZip(t, zipMember{name: "a.png", text: "x", store: true}, zipMember{name: "b.png", text: "x", store: true})
	at := bytes.LastIndex(away, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(away[at+42:], uint32(len(away)+1000)) // where its data is
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"directory": {makeZip(t, long...), "directory is longer than 4 MiB"},
		"offset":    {away, "its data is not in the archive"},
	} {
		out, _, err := rewriteZip(r, c.data)
		if !errors.Is(err, ErrArchive) || !strings.Contains(err.Error(), c.want) || len(out) > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, len(out))
		}
	}
}
