package soak

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// memoryLimit is the largest resident size that any process may reach.
const memoryLimit = 150 << 20

// TestLargeFileGoesUpDownAndIsCloned moves a sparse file of 4 GiB (a tenth of it, or 256 MiB)
// through the SDK and through rhumb clone, and holds each process to memoryLimit.
func TestLargeFileGoesUpDownAndIsCloned(t *testing.T) {
	size := int64(amount(4096, 256)) << 20
	source, target := newServer(t), newServer(t)
	source.start()
	target.start()
	dir := t.TempDir()
	file := filepath.Join(dir, "large.bin")
	want := sparse(t, file, size)

	up := child(t, "upload", source.url, file)
	t.Logf("upload: %d MiB, SDK process peak %d MiB, server peak %d MiB", size>>20, up.Peak>>20, source.peak()>>20)
	down := child(t, "download", source.url, up.Item)
	t.Logf("download: SDK process peak %d MiB, server peak %d MiB", down.Peak>>20, source.peak()>>20)
	if down.Size != size || down.SHA256 != want {
		t.Errorf("what came down is not what went up: %d bytes of %d, SHA-256 %s, want %s", down.Size, size, down.SHA256, want)
	}

	cloner := source.cloneTo(target, dir)
	t.Logf("clone: clone process peak %d MiB, source peak %d MiB, target peak %d MiB", cloner>>20, source.peak()>>20, target.peak()>>20)
	for name, peak := range map[string]int64{
		"the uploading process": up.Peak, "the downloading process": down.Peak, "the cloning process": cloner,
		"the source server": source.peak(), "the target server": target.peak(),
	} {
		if peak > memoryLimit {
			t.Errorf("%s took %d MiB, the limit is %d", name, peak>>20, memoryLimit>>20)
		}
	}
	if copied := onlyItem(t, target); copied.SHA256 != want || copied.Size != size {
		t.Errorf("the clone's data is not the source's: %+v", copied)
	}
}

// sparse makes a file of holes with some bytes in every 64th MiB, and returns its SHA-256.
func sparse(t *testing.T, path string, size int64) string {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	for at := int64(12345); at < size; at += 64 << 20 {
		if _, err := fmt.Fprintf(io.NewOffsetWriter(f, at), "bytes at %d", at); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.New()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(sum, f); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// outcome is what a child process reports of itself.
type outcome struct {
	Item   string
	Size   int64
	SHA256 string
	Peak   int64
}

// child runs a part of the test in a process of its own, so that its memory can be measured.
func child(t *testing.T, args ...string) outcome {
	t.Helper()
	cmd := exec.Command(os.Args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "RHUMB_SOAK_CHILD="+args[0])
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
	var o outcome
	if err := json.Unmarshal(out, &o); err != nil {
		t.Fatalf("%s printed %q: %v", args[0], out, err)
	}
	return o
}

func runChild(what string) int {
	ctx := context.Background()
	var o outcome
	var err error
	switch what {
	case "upload":
		o, err = upload(ctx, os.Args[1], os.Args[2])
	case "download":
		o, err = download(ctx, os.Args[1], os.Args[2])
	}
	if err == nil {
		o.Peak, err = peakOf(os.Getpid())
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func upload(ctx context.Context, url, path string) (outcome, error) {
	p, err := connect(ctx, url)
	if err != nil {
		return outcome{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return outcome{}, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return outcome{}, err
	}
	it, err := p.Content.Add(ctx, gis.ItemSpec{Title: "large", Type: "Image Collection", Tags: []string{"soak"}},
		gis.WithData(gis.Upload{Name: "large.zip", Size: fi.Size(), Body: f}))
	if err != nil {
		return outcome{}, err
	}
	return outcome{Item: string(it.ID)}, nil
}

func download(ctx context.Context, url, item string) (outcome, error) {
	p, err := connect(ctx, url)
	if err != nil {
		return outcome{}, err
	}
	it, err := p.Content.Get(ctx, esri.ItemID(item))
	if err != nil {
		return outcome{}, err
	}
	d, err := it.Data(ctx)
	if err != nil {
		return outcome{}, err
	}
	defer d.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, d)
	return outcome{Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// cloneTo runs rhumb clone run and returns the peak of its process.
func (s *server) cloneTo(target *server, dir string) int64 {
	s.t.Helper()
	bin, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(bin, "clone", "run", "--from", s.url, "--to", target.url, "--journal", filepath.Join(dir, "journal.jsonl"), "--json")
	cmd.Env = append(os.Environ(), "RHUMB_FROM_USER="+adminName, "RHUMB_FROM_PASSWORD="+adminPassword,
		"RHUMB_TO_USER="+adminName, "RHUMB_TO_PASSWORD="+adminPassword)
	var told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, &told
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	// The system's own account of a process begins with the size of the one that started it.
	most := watchPeak(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		s.t.Fatalf("clone: %v\n%s", err, told.Bytes())
	}
	return most()
}

// onlyItem downloads the one item that the administrator of a portal has.
func onlyItem(t *testing.T, s *server) outcome {
	t.Helper()
	items, err := gis.Collect(s.client().Content.AllUserItems(t.Context(), adminName))
	if err != nil {
		t.Fatal(err)
	}
	if len(items) != 1 {
		t.Fatalf("the target has %d items, want the clone alone", len(items))
	}
	return child(t, "download", s.url, string(items[0].ID))
}
