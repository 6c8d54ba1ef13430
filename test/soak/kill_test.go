package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

// writersPerKill write at the same time while the server is killed.
const writersPerKill = 6

// promise is a write that the server has acknowledged, with how to see that it is kept.
type promise struct {
	what  string
	check func(context.Context, *gis.Portal) error
}

// TestKillLosesNoAcknowledgedWrite kills the server with SIGKILL while members write, starts
// it again, and asks for everything that it had acknowledged.
func TestKillLosesNoAcknowledgedWrite(t *testing.T) {
	s := newServer(t)
	s.start()
	kills := amount(50, 3)
	var all []promise
	rng := rand.New(rand.NewPCG(1, uint64(kills)))
	for round := range kills {
		fresh := s.writeUntilKilled(t.Context(), round, 40+rng.IntN(120))
		s.start()
		all = append(all, fresh...)
		// what was promised in this round, and a sample of all that was promised before
		check := append([]promise(nil), fresh...)
		for range min(40, len(all)) {
			check = append(check, all[rng.IntN(len(all))])
		}
		s.expectKept(check)
		if t.Failed() {
			t.Fatalf("after kill %d of %d", round+1, kills)
		}
	}
	s.expectKept(all)
	t.Logf("%d kills, %d acknowledged writes, none lost", kills, len(all))
}

// writeUntilKilled lets members write until n writes are acknowledged, and kills the server in
// the middle of the next ones.
func (s *server) writeUntilKilled(ctx context.Context, round, n int) []promise {
	p := s.client()
	if err := p.Connect(ctx); err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var kept []promise
	var wg sync.WaitGroup
	for w := range writersPerKill {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				done, err := write(ctx, p, fmt.Sprintf("r%d w%d n%d", round, w, i), round*1000000+w*100000+i)
				mu.Lock()
				kept = append(kept, done...)
				enough := len(kept) >= n
				mu.Unlock()
				if enough {
					s.cmd.Process.Kill()
					cancel()
				}
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if len(kept) < n {
		s.t.Fatalf("only %d of %d writes were acknowledged; the server said:\n%s", len(kept), n, s.log.String())
	}
	s.kill()
	return kept
}

// write makes an item of a size that depends on n, a folder, an update and a share, and
// returns what was acknowledged.
func write(ctx context.Context, p *gis.Portal, name string, n int) (kept []promise, err error) {
	content := bytes.Repeat([]byte(name+"\n"), 1+(n%7)*3000) // up to some 300 KB: inline and in the folder
	it, err := p.Content.Add(ctx, gis.ItemSpec{Title: name, Type: "CSV", Tags: []string{"soak"}},
		gis.WithData(gis.BytesUpload(fmt.Sprintf("f%d.csv", n), content)), gis.WithoutRefresh())
	if err != nil {
		return kept, err
	}
	id := it.ID
	kept = append(kept, promise{"item " + name, func(ctx context.Context, p *gis.Portal) error {
		it, err := p.Content.Get(ctx, id)
		if err != nil {
			return err
		}
		return sameData(ctx, it, content)
	}})
	if err := it.Update(ctx, gis.ItemUpdate{Snippet: new("updated " + name)}, gis.WithoutRefresh()); err != nil {
		return kept, err
	}
	kept = append(kept, promise{"update of " + name, func(ctx context.Context, p *gis.Portal) error {
		it, err := p.Content.Get(ctx, id)
		if err == nil && it.Snippet != "updated "+name {
			err = fmt.Errorf("snippet is %q", it.Snippet)
		}
		return err
	}})
	if err := it.Share(ctx, gis.Share{Access: gis.AccessOrg}); err != nil {
		return kept, err
	}
	kept = append(kept, promise{"share of " + name, func(ctx context.Context, p *gis.Portal) error {
		it, err := p.Content.Get(ctx, id)
		if err == nil && it.Access != gis.AccessOrg {
			err = fmt.Errorf("access is %q", it.Access)
		}
		return err
	}})
	if n%5 == 0 {
		f, err := p.Content.CreateFolder(ctx, adminName, "folder "+name)
		if err != nil {
			return kept, err
		}
		kept = append(kept, promise{"folder " + name, func(ctx context.Context, p *gis.Portal) error {
			got, err := p.Content.FolderByTitle(ctx, adminName, "folder "+name)
			if err == nil && got.ID != f.ID {
				err = fmt.Errorf("id is %s, was %s", got.ID, f.ID)
			}
			return err
		}})
	}
	return kept, nil
}

func sameData(ctx context.Context, it *gis.Item, want []byte) error {
	d, err := it.Data(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	got, err := io.ReadAll(d)
	if err == nil && !bytes.Equal(got, want) {
		err = errors.New("the data is not what was sent")
	}
	return err
}

// expectKept asks for what was promised, several at a time.
func (s *server) expectKept(list []promise) {
	p := s.client()
	work := make(chan promise)
	var wg sync.WaitGroup
	for range writersPerKill {
		wg.Go(func() {
			for pr := range work {
				if err := pr.check(s.t.Context(), p); err != nil {
					s.t.Errorf("lost: %s: %v", pr.what, err)
				}
			}
		})
	}
	for _, pr := range list {
		work <- pr
	}
	close(work)
	wg.Wait()
}
