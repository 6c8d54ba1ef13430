package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// blobOf is a small blob with its bytes.
func blobOf(content string) portal.Blob {
	sum := sha256.Sum256([]byte(content))
	return portal.Blob{Hash: hex.EncodeToString(sum[:]), Size: int64(len(content)), Inline: []byte(content)}
}

// withContent gives a blob that fill made its bytes back.
func withContent(b portal.Blob) portal.Blob {
	for n := range 10_000 {
		if c := blobOf(fmt.Sprintf("content %d", n)); c.Hash == b.Hash {
			return c
		}
	}
	return b
}

// largeBlob is a blob whose bytes are in no store: its record alone matters here.
func largeBlob(name string) portal.Blob {
	return portal.Blob{Hash: blobOf(name).Hash, Size: portal.InlineLimit + int64(len(name))}
}

func splitSeq(list string) iter.Seq[string] {
	if list == "" {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(list, ",")
}
