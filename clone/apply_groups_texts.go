package clone

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// finishGroups settles the texts of the groups that were made or changed, once every item has
// its id.
func (a *applier) finishGroups(ctx context.Context) error {
	work, cancel := inFlight(ctx)
	defer cancel()
	eg, gctx := errgroup.WithContext(ctx)
	eg.SetLimit(writers)
	for _, s := range a.plan.Steps {
		target := a.groups.get(s.Source)
		if s.Kind != KindGroup || s.Action == Match || s.Action == Skip || target == "" {
			continue
		}
		eg.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			changed, err := a.finishGroup(work, s, target)
			switch {
			case err != nil && ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				return a.failLate(Failure{Kind: KindGroup, Source: s.Source, Title: s.Title, Error: "rewrite its texts: " + err.Error()}, s.Action)
			case changed:
				return a.wasChanged(s, target)
			}
			return nil
		})
	}
	return eg.Wait()
}

// finishGroup makes description, summary and properties of a group what they should be and
// reports whether they were otherwise. The marker stands in the copies that runs make, not in
// groups that were on the target before.
func (a *applier) finishGroup(ctx context.Context, s Step, target string) (changed bool, err error) {
	src, err := a.src.Groups.Get(ctx, esri.GroupID(s.Source))
	if err != nil {
		return false, gone(err, "read the group")
	}
	dst, err := a.dst.Groups.Get(ctx, esri.GroupID(target))
	if err != nil {
		return false, err
	}
	description, inDescription := a.rw.String(src.Description)
	snippet, inSnippet := a.rw.String(src.Snippet)
	refs := slices.Concat(inDescription.Unresolved, inSnippet.Unresolved)
	var props json.RawMessage
	if was := withoutMarker(src.Properties); len(was) > 0 {
		out, rep, err := a.rw.JSON(was)
		if err != nil {
			return false, err
		}
		props, refs = out, append(refs, rep.Unresolved...)
	}
	lacks := a.lacks(refs)
	if description == dst.Description && snippet == dst.Snippet && canonicalJSON(props) == canonicalJSON(withoutMarker(dst.Properties)) {
		return false, lacks
	}
	up := gis.GroupUpdate{Description: &description, Snippet: &snippet, Properties: props}
	if _, marked := readMarker(dst.Properties); marked || s.Action != Update {
		up.Properties = withMarker(props, a.groupMarker(src))
	} else if len(props) == 0 {
		up.Properties = json.RawMessage(`{}`)
	}
	return true, cmp.Or(dst.Update(ctx, up), lacks)
}

// wasChanged corrects the account of an update that had found nothing to change before the texts
// were settled.
func (a *applier) wasChanged(s Step, target string) error {
	if e, ok := a.j.last(s.Kind, s.Source); !ok || e.Event != EventDone || e.Action != Match {
		return nil
	}
	a.rep.mu.Lock()
	c := a.rep.Result.Of(s.Kind)
	c.Matched--
	c.Updated++
	a.rep.mu.Unlock()
	return a.done(Entry{Kind: s.Kind, Source: s.Source, Target: target, Action: Update})
}
