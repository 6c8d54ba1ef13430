package remap

import "slices"

// Keywords rewrites the type keywords of an item: ids, and whatever else the map knows. Markers
// of other clones ([ParseMarker]) are dropped, since an item has one source; the caller adds its
// own with [Marker]. The result is list itself if nothing changes.
func (r *Rewriter) Keywords(it ItemInfo, list []string) ([]string, Report) {
	var rep Report
	out := slices.DeleteFunc(slices.Clone(list), func(k string) bool { _, ok := ParseMarker(k); return ok })
	for i, k := range out {
		to, sub := r.String(k)
		out[i] = to
		rep.add(sub)
	}
	if slices.Equal(out, list) {
		return list, rep
	}
	return out, rep
}
