package soak

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/require"
)

// TestEveryWriteIsSyncedBeforeItIsAnswered traces the server's system calls while each kind of
// write is made. No answer may leave while the log of the database holds bytes that were not
// synced, and a file of the blob folder must be synced before it gets its name, and its folder
// afterwards, before the answer.
func TestEveryWriteIsSyncedBeforeItIsAnswered(t *testing.T) {
	strace := require.Part(t, "strace")
	s := newServer(t)
	trace := filepath.Join(t.TempDir(), "trace")
	s.start(strace, "-D", "-f", "-qq", "-y", "-s", "96", "-o", trace,
		"-e", "trace=read,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2")
	p := s.client()
	if err := p.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := &writes{t: t, p: p}
	kinds := w.kinds()
	for _, k := range kinds {
		s.mark(k.name)
		if err := k.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", k.name, err)
		}
	}
	s.mark("end")
	s.kill()
	found := readTrace(t, trace)
	for _, k := range kinds {
		seen := found[k.name]
		switch {
		case seen == nil || seen.answers == 0:
			t.Errorf("%s: the trace shows no answer", k.name)
		case seen.logWrites == 0:
			t.Errorf("%s: the trace shows no write to the log, so that it proves nothing", k.name)
		case k.folder && seen.renames == 0:
			t.Errorf("%s: the trace shows no file in the blob folder", k.name)
		}
		if seen != nil {
			for _, f := range seen.faults {
				t.Errorf("%s: %s", k.name, f)
			}
			t.Logf("%-28s %3d log writes, %2d log syncs, %d files", k.name, seen.logWrites, seen.logSyncs, seen.renames)
		}
	}
}

// mark makes a request that the trace shows by name.
func (s *server) mark(name string) {
	s.t.Helper()
	res, err := http.Get("http://" + s.addr + "/mark/" + strings.ReplaceAll(name, " ", "_")) //nolint:noctx // a mark
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
}

// kind is one kind of write; folder says that it puts a file into the blob folder.
type kind struct {
	name   string
	folder bool
	do     func(context.Context) error
}

// writes holds what later kinds need of earlier ones.
type writes struct {
	t     testing.TB
	p     *gis.Portal
	small *gis.Item
	large *gis.Item
	group *gis.Group
	user  *gis.User
}

func (w *writes) kinds() []kind {
	big := bytes.Repeat([]byte("0123456789abcdef"), 8<<10)
	return []kind{
		{"sign in", false, func(ctx context.Context) error { _, err := connect(ctx, w.p.URL()); return err }},
		{"add text item", false, func(ctx context.Context) (err error) {
			w.small, err = w.p.Content.Add(ctx, gis.ItemSpec{Title: "map", Type: "Web Map"}, gis.WithText(`{"a":1}`))
			return err
		}},
		{"add file item", true, func(ctx context.Context) (err error) {
			w.large, err = w.p.Content.Add(ctx, gis.ItemSpec{Title: "file", Type: "CSV"}, gis.WithData(gis.BytesUpload("big.csv", big)))
			return err
		}},
		{"upload in parts", true, func(ctx context.Context) error {
			_, err := w.p.Content.Add(ctx, gis.ItemSpec{Title: "parts", Type: "CSV"},
				gis.WithData(gis.BytesUpload("parts.csv", append(big, "other"...))), gis.WithParts(1, 5<<20, 1))
			return err
		}},
		{"update item", false, func(ctx context.Context) error { return w.small.Update(ctx, gis.ItemUpdate{Title: new("renamed")}) }},
		{"add resource", true, func(ctx context.Context) error {
			return w.small.Resources().Add(ctx, gis.ResourceSpec{Name: "a/b.txt", Upload: gis.BytesUpload("b.txt", append(big, "resource"...))})
		}},
		{"share item", false, func(ctx context.Context) error { return w.small.Share(ctx, gis.Share{Access: gis.AccessOrg}) }},
		{"protect item", false, func(ctx context.Context) error { return w.small.Protect(ctx, true) }},
		{"create folder", false, func(ctx context.Context) error {
			_, err := w.p.Content.CreateFolder(ctx, adminName, "folder")
			return err
		}},
		{"move item", false, func(ctx context.Context) error {
			f, err := w.p.Content.FolderByTitle(ctx, adminName, "folder")
			if err != nil {
				return err
			}
			return w.large.Move(ctx, f.ID)
		}},
		{"create role", false, func(ctx context.Context) error {
			_, err := w.p.Roles.Create(ctx, gis.RoleSpec{Name: "role", Privileges: []string{"portal:user:createItem"}})
			return err
		}},
		{"create member", false, func(ctx context.Context) (err error) {
			w.user, err = w.p.Users.Create(ctx, gis.UserSpec{
				Username: "somebody", Password: "thrown-away-1", FirstName: "S", LastName: "B", Email: "s@example.org", Role: gis.RoleUser, UserType: "creatorUT",
			})
			return err
		}},
		{"update member", false, func(ctx context.Context) error { return w.user.Update(ctx, gis.UserUpdate{Description: new("x")}) }},
		{"create group", false, func(ctx context.Context) (err error) {
			w.group, err = w.p.Groups.Create(ctx, gis.GroupSpec{Title: "group", Tags: []string{"a"}, Access: gis.AccessOrg})
			return err
		}},
		{"add to group", false, func(ctx context.Context) error { return w.group.AddUsers(ctx, "somebody") }},
		{"share with group", false, func(ctx context.Context) error {
			return w.small.Share(ctx, gis.Share{Groups: []esri.GroupID{w.group.ID}})
		}},
		{"delete group", false, func(ctx context.Context) error { return w.group.Delete(ctx) }},
		{"delete item", false, func(ctx context.Context) error { return w.large.Delete(ctx) }},
	}
}

// seen is what the trace shows of one kind of write.
type seen struct {
	answers, logWrites, logSyncs, renames int
	faults                                []string
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
	fdPath      = regexp.MustCompile(`^\d+<([^>]*)>`)
	markRequest = regexp.MustCompile(`"GET /mark/(\w+) HTTP`)
	quoted      = regexp.MustCompile(`"([^"]*)"`)
)

// traceState follows what is written but not synced.
type traceState struct {
	found    map[string]*seen
	now      *seen
	pending  map[string]string // thread to the arguments of its unfinished call
	logDirty bool
	synced   map[string]bool // files synced since they were last written
	owing    map[string]bool // folders that got a name and were not synced since
}

// readTrace replays the trace; an unfinished call counts when it is resumed.
func readTrace(t *testing.T, path string) map[string]*seen {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st := &traceState{found: map[string]*seen{}, now: &seen{}, pending: map[string]string{}, synced: map[string]bool{}, owing: map[string]bool{}}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		line := sc.Text()
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			st.call(m[2], st.pending[m[1]]+line[len(m[0]):])
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if args, cut := strings.CutSuffix(m[3], "<unfinished ...>"); cut {
			// what is being written is dirty from here on; an answer leaves from here on
			if m[2] == "write" || m[2] == "pwrite64" {
				st.call(m[2], args)
			}
			st.pending[m[1]] = args
			continue
		}
		st.call(m[2], m[3])
	}
	return st.found
}

func (st *traceState) call(name, args string) {
	path := ""
	if m := fdPath.FindStringSubmatch(args); m != nil {
		path = m[1]
	}
	isLog := strings.HasSuffix(path, "-wal")
	switch name {
	case "read":
		if m := markRequest.FindStringSubmatch(args); m != nil {
			st.now = &seen{}
			st.found[strings.ReplaceAll(m[1], "_", " ")] = st.now
		}
	case "write", "pwrite64":
		switch {
		case strings.HasPrefix(path, "socket:") || strings.HasPrefix(path, "TCP"):
			st.answer(args)
		case isLog:
			st.now.logWrites++
			st.logDirty = true
		default:
			delete(st.synced, path)
		}
	case "fsync", "fdatasync":
		if isLog {
			st.now.logSyncs++
			st.logDirty = false
		}
		st.synced[path] = true
		delete(st.owing, path)
	case "rename", "renameat", "renameat2":
		st.rename(args)
	}
}

func (st *traceState) rename(args string) {
	names := quoted.FindAllStringSubmatch(args, -1)
	if len(names) != 2 || !strings.Contains(names[1][1], "blobs") {
		return
	}
	st.now.renames++
	if !st.synced[names[0][1]] {
		st.now.faults = append(st.now.faults, fmt.Sprintf("%s got its name before it was synced", filepath.Base(names[1][1])))
	}
	st.owing[filepath.Dir(names[1][1])] = true
}

func (st *traceState) answer(args string) {
	if !strings.Contains(args, `"HTTP/1.`) {
		return
	}
	st.now.answers++
	if st.logDirty {
		st.now.faults = append(st.now.faults, "an answer left before the log was synced")
	}
	for dir := range st.owing {
		st.now.faults = append(st.now.faults, "an answer left before the folder of a new file was synced: "+filepath.Base(dir))
	}
}
