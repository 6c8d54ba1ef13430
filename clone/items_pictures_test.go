package clone_test

import (
	"io"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
)

// TestPicturesFollowTheSource changes and removes pictures and metadata between two runs.
func TestPicturesFollowTheSource(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	it := p.add(t, gis.ItemSpec{Title: "Pictures"}, gis.WithText("{}"), gis.WithThumbnail(picture(1)), gis.WithLargeThumbnail(picture(2)),
		gis.WithBanner(picture(3)), gis.WithScreenshots(picture(4), picture(5)), gis.WithMetadata(gis.BytesUpload("metadata.xml", []byte("<m/>"))))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	ok(t, it.DeleteThumbnail(ctx))
	ok(t, it.DeleteInfo(ctx, it.Banner))
	ok(t, it.Update(ctx, gis.ItemUpdate{}, gis.WithLargeThumbnail(picture(12)), gis.WithScreenshots(picture(15)), gis.WithMetadata(gis.BytesUpload("metadata.xml", []byte("<n/>")))))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	c := p.copyOf(t, it)
	if c.Thumbnail != "" || c.Banner != "" || len(c.Screenshots) != 1 {
		t.Fatalf("thumbnail %q, banner %q, screenshots %v", c.Thumbnail, c.Banner, c.Screenshots)
	}
	for name, shade := range map[string]uint8{c.LargeThumbnail: 12, c.Screenshots[0]: 15} {
		if got := read(t, func() (*gis.Data, error) { return c.OpenInfo(ctx, name) }); got != string(must[[]byte](t)(io.ReadAll(picture(shade).Body))) {
			t.Errorf("%s is another picture", name)
		}
	}
	if got := read(t, func() (*gis.Data, error) { return c.OpenMetadata(ctx, "") }); got != "<n/>" {
		t.Errorf("metadata: %s", got)
	}
}
