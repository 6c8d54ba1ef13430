package remap

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// zipMember is one file of a test archive, compressed unless store is set.
type zipMember struct {
	name, text string
	store      bool
}

func makeZip(tb testing.TB, members ...zipMember) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: time.Date(2024, 5, 6, 7, 8, 10, 0, time.UTC)}
		if m.store {
			h.Method = zip.Store
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(f, m.text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.SetComment("a comment"); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func rewriteZip(r *Rewriter, data []byte) ([]byte, Report, error) {
	var out bytes.Buffer
	rep, err := r.Archive(ItemInfo{ID: mapID, Type: "Form"}, bytes.NewReader(data), int64(len(data)), &out)
	return out.Bytes(), rep, err
}

func TestArchiveKeepsWhatHasNoHit(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for name, data := range map[string][]byte{
		"no hit":          makeZip(t, zipMember{name: "esriinfo/form.json", text: `{"a":"` + lostID + `"}`}),
		"no text":         makeZip(t, zipMember{name: "esriinfo/media/a.png", text: mapID}, zipMember{name: "esriinfo/media/b.xlsx", text: mapID}),
		"user's table":    makeZip(t, zipMember{name: "esriinfo/media/a.csv", text: mapID}),
		"empty":           makeZip(t),
		"folder":          makeZip(t, zipMember{name: "esriinfo/", text: ""}, zipMember{name: "a.xml/", text: ""}),
		"text before it":  append([]byte("#!/bin/sh\n"), makeZip(t, zipMember{name: "a.json", text: "[1]"})...),
		"empty documents": makeZip(t, zipMember{name: "a.json", text: ""}, zipMember{name: "b.xml", text: ""}),
	} {
		out, rep, err := rewriteZip(r, data)
		if err != nil || !bytes.Equal(out, data) || len(rep.Changes) > 0 {
			t.Errorf("%s: changed, %v, %+v", name, err, rep.Changes)
		}
	}
}

func TestArchiveRewrites(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	png := zipMember{name: "esriinfo/media/a.png", text: strings.Repeat(mapID, 50)}
	data := makeZip(t, png, zipMember{name: "esriinfo/x.info", text: `{"itemId":"` + mapID + `"}`, store: true},
		zipMember{name: "esriinfo/ü.xml", text: "<a>" + mapID + "</a>"})
	out, rep, err := rewriteZip(r, data)
	if err != nil {
		t.Fatal(err)
	}
	want := makeZip(t, png, zipMember{name: "esriinfo/x.info", text: `{"itemId":"` + newMapID + `"}`, store: true},
		zipMember{name: "esriinfo/ü.xml", text: "<a>" + newMapID + "</a>"})
	compareArchives(t, out, want)
	keepsRaw(t, data, out)
	zr := zipOf(t, out)
	if zr.Comment != "a comment" || zr.File[1].Flags&sizesFollow != 0 {
		t.Errorf("comment %q, flags %x", zr.Comment, zr.File[1].Flags)
	}
	paths := ""
	for _, c := range rep.Changes {
		paths += c.Path + " "
	}
	if want := "esriinfo/x.info→$.itemId esriinfo/ü.xml→@3 "; paths != want {
		t.Errorf("changes at %s, want %s", paths, want)
	}
	refs, err := r.ArchiveReferences(ItemInfo{Type: "Form"}, bytes.NewReader(data), int64(len(data)))
	if err != nil || len(refs) != 2 || refs[0].Path != "esriinfo/x.info→$.itemId" || !refs[0].Mapped {
		t.Errorf("references %+v, %v", refs, err)
	}
	left, _, err := r.ArchiveLeftovers(ItemInfo{}, bytes.NewReader(data), int64(len(data)))
	if err != nil || len(left) != 2 || left[1].Path != "esriinfo/ü.xml→@3" {
		t.Errorf("left over before: %+v, %v", left, err)
	}
	left, _, err = r.ArchiveLeftovers(ItemInfo{}, bytes.NewReader(out), int64(len(out)))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %+v, %v", left, err)
	}
	if _, _, err = r.ArchiveLeftovers(ItemInfo{}, strings.NewReader("x"), 1); !errors.Is(err, ErrArchive) {
		t.Errorf("no archive: %v", err)
	}
	if _, err = r.ArchiveReferences(ItemInfo{}, strings.NewReader("x"), 1); !errors.Is(err, ErrArchive) {
		t.Errorf("no archive: %v", err)
	}
}

// Bytes of archives that no honest tool makes.
func TestArchiveRefuses(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	hit := `["` + mapID + `"]`
	valid := makeZip(t, zipMember{name: "a.json", text: hit})
	bomb := bombZip(t, "a.json", maxMember+1)
	many := make([]zipMember, maxMembers+1)
	for i := range many {
		many[i].name = strings.Repeat("x", i%7) + string(rune('a'+i%26)) + time.Duration(i).String()
	}
	damaged := bytes.Clone(valid)
	damaged[bytes.LastIndex(damaged, []byte("PK\x01\x02"))+16] ^= 0xFF // the checksum
	overlap := bytes.Clone(makeZip(t, zipMember{name: "a.json", text: hit}, zipMember{name: "b.png", text: "x"}))
	at := bytes.LastIndex(overlap, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(overlap[at+20:], uint32(len(overlap)))
	secret := bytes.Clone(valid)
	secret[6] |= encrypted
	secret[bytes.Index(secret, []byte("PK\x01\x02"))+8] |= encrypted
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"no archive", []byte("{}"), "not a valid zip file"},
		{"nothing", nil, "not a valid zip file"},
		{"cut off", valid[:len(valid)-30], "not a valid zip file"},
		{"up", makeZip(t, zipMember{name: "../a.json", text: hit}), `"../a.json" of a member leads out`},
		{"up on Windows", makeZip(t, zipMember{name: `a\..\..\b.json`, text: hit}), "leads out"},
		{"absolute", makeZip(t, zipMember{name: "/etc/a.json", text: hit}), "leads out"},
		{"drive", makeZip(t, zipMember{name: "C:/a.json", text: hit}), "leads out"},
		{"no name", makeZip(t, zipMember{name: "", text: hit}), "not valid"},
		{"zero in a name", makeZip(t, zipMember{name: "a\x00.json", text: hit}), "not valid"},
		{"twice", makeZip(t, zipMember{name: "a.json", text: hit}, zipMember{name: "a.json", text: "{}"}), `"a.json" is in it twice`},
		{"bomb", bomb, "a.json: the text is longer than 16 MiB"},
		{"bomb in a spreadsheet", makeZip(t, zipMember{name: "a.xlsx", text: string(bombZip(t, "xl/a.xml", maxMember+1))}), "a.xlsx: xl/a.xml: the text is longer than 16 MiB"},
		{"many files", makeZip(t, many...), "more than 10000"},
		{"damaged", damaged, "a.json: zip: checksum error"},
		{"overlapping", overlap, "overlap"},
		{"encrypted", secret, "a.json: the member is encrypted"},
		{"spreadsheet that is none", makeZip(t, zipMember{name: "a.xlsx", text: "x"}), "a.xlsx: zip: not a valid zip file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, rep, err := rewriteZip(r, c.data)
			if !errors.Is(err, ErrArchive) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), mapID) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if len(out) > 0 || len(rep.Changes) > 0 {
				t.Errorf("%d bytes written, %d changes", len(out), len(rep.Changes))
			}
		})
	}
}

// What all members and the archives in them unpack to is bounded too.
func TestArchiveBoundsAllTexts(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	sheet := string(bombZip(t, "xl/a.xml", 1<<20))
	for name, data := range map[string][]byte{
		"b.xlsx": makeZip(t, zipMember{name: "a.xlsx", text: sheet}, zipMember{name: "b.xlsx", text: sheet}),
		"a.csv":  bombZip(t, "a.csv", 2<<20+1),
		"b.json": makeZip(t, zipMember{name: "a.json", text: strings.Repeat(" ", 1<<20)}, zipMember{name: "b.json", text: strings.Repeat(" ", 1<<20+1)}),
	} {
		_, _, err := r.archiver(ItemInfo{}, 2<<20).rewrite(bytes.NewReader(data), int64(len(data)))
		if err == nil || !strings.HasPrefix(err.Error(), name) || !strings.Contains(err.Error(), "the texts of the archive are longer than 2 MiB") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// bombZip is an archive of one member with n zeros.
func bombZip(tb testing.TB, name string, n int) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	f, err := w.Create(name)
	if err != nil {
		tb.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for n > 0 {
		k, err := f.Write(zeros[:min(n, len(zeros))])
		if err != nil {
			tb.Fatal(err)
		}
		n -= k
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestArchiveReportsWriteErrors(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for name, text := range map[string]string{"hit": `["` + mapID + `"]`, "no hit": "[]"} {
		data := makeZip(t, zipMember{name: "a.json", text: text})
		_, err := r.Archive(ItemInfo{ID: mapID}, bytes.NewReader(data), int64(len(data)), fullDisk{})
		if !errors.Is(err, errFull) || errors.Is(err, ErrArchive) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errFull = errors.New("the disk is full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
