package clone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

// textBudget is how many bytes of texts being rewritten are in memory at a time; one text may
// be as long as textLimit.
const (
	textBudget = 48 << 20
	textLimit  = 16 << 20
)

// counterparts says what became what.
type counterparts struct {
	groups, folders, items map[string]string
	users                  map[string]string // accounts whose names differ
	clients                map[string]string // client ids of registered apps
	lacking                map[string]remap.Kind
}

// newRewriter builds the rewriter for everything that has a counterpart.
func newRewriter(src, dst *site, c counterparts) (*remap.Rewriter, error) {
	m := remap.Map{
		Items: c.items, Groups: c.groups, Folders: c.folders, Users: c.users, ClientIDs: c.clients, Lacking: c.lacking,
		Source: src.addresses(), Target: dst.side.Address,
		ServiceRoots: src.serviceRoots(),
	}
	if src.side.Org != dst.side.Org && src.side.Org != "" {
		m.OrgIDs = map[string]string{src.side.Org: dst.side.Org}
	}
	return remap.New(m)
}

func (a *applier) rewriter() (*remap.Rewriter, error) {
	a.lackWhatFailed()
	lacking := make(map[string]remap.Kind, len(a.lacking))
	for id, l := range a.lacking {
		lacking[id] = referredTo[l.kind]
	}
	return newRewriter(a.src, a.dst, counterparts{
		groups: a.groups.all(), folders: a.folders.all(), items: a.items.all(),
		users: a.plan.Header.Users, clients: a.clients.all(), lacking: lacking,
	})
}

// rewriter is the rewriter of what the survey knows of both sides.
func (v *survey) rewriter(clients map[string]string, lacking map[string]remap.Kind) (*remap.Rewriter, error) {
	return newRewriter(v.src, v.dst, counterparts{
		groups: v.groups, folders: v.folders, items: v.items, users: v.plan.Header.Users, clients: clients, lacking: lacking,
	})
}

// references collects what the rewriting of one part of an item could not resolve.
type references struct {
	mu          sync.Mutex
	unresolved  []Reference
	byReference []Reference
}

func (r *references) add(item, title, part string, rep remap.Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	to := func(list *[]Reference, refs []remap.Ref) {
		for _, ref := range refs {
			*list = append(*list, Reference{Item: item, Title: title, Part: part, Path: ref.Path, Kind: string(ref.Kind), Value: ref.Value})
		}
	}
	to(&r.unresolved, rep.Unresolved)
	to(&r.byReference, rep.ByReference)
}

// changeNotes turns changes into what a journal may hold: places and hashes, no text.
func changeNotes(part string, changes []remap.Change) []ChangeNote {
	out := make([]ChangeNote, 0, len(changes))
	for _, c := range changes {
		out = append(out, ChangeNote{Path: part + " " + c.Path, Rule: c.Rule, Before: shortHash(c.Before), After: shortHash(c.After)})
	}
	return out
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// budget bounds the bytes that are in memory at a time.
type budget struct{ sem *semaphore.Weighted }

func newBudget(n int64) *budget { return &budget{semaphore.NewWeighted(n)} }

// take waits for room for n bytes and returns how to give them back. A length that the portal
// does not tell (below 0) may be as long as a text can be.
func (b *budget) take(ctx context.Context, n int64) (func(), error) {
	if n < 0 {
		n = textLimit
	}
	n = min(max(n, 64<<10), textBudget)
	if err := b.sem.Acquire(ctx, n); err != nil {
		return nil, err
	}
	return func() { b.sem.Release(n) }, nil
}
