package gis

import "slices"

// InfoFiles lists the info files that the item's properties tell of, as paths for
// [Item.OpenInfo]: thumbnail, large thumbnail, banner, screenshots and metadata. It sends
// nothing. Portals have no list of info files: those that apps keep, such as form.json of a
// form, have to be asked for by name.
func (it *Item) InfoFiles() []string {
	var out []string
	for _, name := range append([]string{it.Thumbnail, it.LargeThumbnail, it.Banner}, it.Screenshots...) {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if it.HasMetadata() {
		out = append(out, "metadata/metadata.xml")
	}
	return out
}

// WithLargeThumbnail sets the item's large picture.
func WithLargeThumbnail(u Upload) WriteOption {
	return func(w *write) { w.picture("largeThumbnail", u) }
}

// WithBanner sets the item's banner.
func WithBanner(u Upload) WriteOption { return func(w *write) { w.picture("banner", u) } }

// WithScreenshots replaces the item's screenshots.
func WithScreenshots(pictures ...Upload) WriteOption {
	return func(w *write) {
		for _, u := range pictures {
			w.picture("screenshot", u)
		}
	}
}

// picture is a file that goes with the properties of an item.
type picture struct {
	field string
	file  Upload
}

func (w *write) picture(field string, u Upload) { w.pictures = append(w.pictures, picture{field, u}) }
