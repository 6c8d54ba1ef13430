package rest_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// An archive of files that are each small enough may yet be a bomb.
//
// Guard: budget in Portal.unpack.
func TestArchivesTogetherAreNoBomb(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for i := range 3 {
		f, err := z.Create(fmt.Sprint(i, ".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for range 35 {
			if _, err := f.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	w.refused(w.upload("ada", own("ada", id, "addResources"), "file", "a.zip", b.Bytes(), "archive", "true"), 400, "too large when unpacked")
	equal(t, "nothing was stored", w.resourceNames("ada", id), []string{})
}

// The directory of an archive takes memory before any of its files is looked at: a long one is
// not read to its end, and one of the 64-bit form, which claims any number of entries, not at all.
//
// Guards: budgetReader and plainDirectory.
func TestDirectoriesOfArchivesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada")
	var many []string
	for i := range 20_000 {
		many = append(many, fmt.Sprintf("%0100d/", i))
	}
	for name, archive := range map[string]string{"long": zipped(t, many...), "64 bits": in64Bits(zipped(t, "a.txt"))} {
		doc := w.upload("ada", own("ada", id, "addResources"), "file", "a.zip", []byte(archive), "archive", "true")
		if errorCode(doc) != 400 || !strings.Contains(fmt.Sprint(doc), "directory is too large") {
			t.Errorf("%s: got %v", name, doc)
		}
	}
	equal(t, "nothing was stored", w.resourceNames("ada", id), []string{})
}

// in64Bits gives an archive an end of the 64-bit form, which says what its own end said.
func in64Bits(archive string) string {
	at := strings.LastIndex(archive, "PK\x05\x06")
	end := []byte(archive[at:])
	le := binary.LittleEndian
	entries, size, offset := uint64(le.Uint16(end[10:])), uint64(le.Uint32(end[12:])), uint64(le.Uint32(end[16:]))
	record := []byte("PK\x06\x06")
	record = le.AppendUint64(record, 44) // bytes that follow
	record = append(record, 45, 0, 45, 0)
	record = le.AppendUint64(record, 0) // this disk, that of the directory
	for _, n := range []uint64{entries, entries, size, offset} {
		record = le.AppendUint64(record, n)
	}
	locator := le.AppendUint32([]byte("PK\x06\x07"), 0)
	locator = le.AppendUint64(locator, uint64(at))
	locator = le.AppendUint32(locator, 1)
	for i := 8; i < 20; i++ {
		end[i] = 0xff
	}
	return archive[:at] + string(record) + string(locator) + string(end)
}
