package clone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// orgFile is a file of the organization as it should be on the target.
type orgFile struct {
	key    string
	access gis.Access
	kind   string // content type
	body   []byte
	lacks  []remap.Ref
}

// file reads a file of the organization; ids and addresses in texts are mapped.
func (c *settings) file(ctx context.Context, s *site, key string, rewrite bool) (*orgFile, error) {
	d, err := s.Resources().Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	f := &orgFile{key: key, kind: d.ContentType}
	if f.body, err = readLimited(d, smallLimit); err != nil {
		return nil, err
	}
	if rewrite && slices.Contains([]string{".json", ".html", ".htm", ".css", ".js", ".txt", ".xml"}, strings.ToLower(path.Ext(key))) {
		var rep remap.Report
		out, rep, err := c.rw.JSON(f.body)
		if err != nil {
			out, rep = c.rw.Text(f.body)
		}
		f.body, f.lacks = out, rep.Unresolved
	}
	return f, nil
}

// files compares the files of the organization by their bytes.
func (c *settings) files(ctx context.Context) ([]settingFact, error) {
	there := map[string]*gis.PortalResource{}
	for r, err := range c.dst.Resources().List(ctx) {
		if errors.Is(err, gis.ErrUnsupported) || errors.Is(err, gis.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("files of the organization %s: %w", c.dst.side.Address, err)
		}
		there[r.Key] = r
	}
	var list []*gis.PortalResource
	for r, err := range c.src.Resources().List(ctx) {
		if errors.Is(err, gis.ErrUnsupported) || errors.Is(err, gis.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("files of the organization %s: %w", c.src.side.Address, err)
		}
		if r.Key != c.src.self.Thumbnail {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *gis.PortalResource) int { return strings.Compare(a.Key, b.Key) })
	out := make([]settingFact, len(list))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, r := range list {
		g.Go(func() (err error) {
			out[i], err = c.fileFact(gctx, r, there[r.Key])
			return err
		})
	}
	return out, g.Wait()
}

func (c *settings) fileFact(ctx context.Context, src, dst *gis.PortalResource) (settingFact, error) {
	f := settingFact{name: settingResource + src.Key}
	want, err := c.file(ctx, c.src, src.Key, true)
	if err != nil {
		return f, fmt.Errorf("file %s of the organization: %w", src.Key, err)
	}
	f.want, f.lacks = fileText(src.Access, want.body), want.lacks
	if dst == nil {
		return f, nil
	}
	have, err := c.file(ctx, c.dst, src.Key, false)
	if err != nil {
		return f, fmt.Errorf("file %s of the organization on the target: %w", src.Key, err)
	}
	f.got = fileText(dst.Access, have.body)
	return f, nil
}

// fileText tells files apart without holding them.
func fileText(access gis.Access, body []byte) string {
	return fmt.Sprintf("%s, %d bytes, SHA-256 %s", access, len(body), hashOf(body))
}

// upload is the file as it is sent.
func (f *orgFile) upload() gis.Upload {
	return gis.Upload{Name: path.Base(f.key), ContentType: f.kind, Size: int64(len(f.body)), Body: bytes.NewReader(f.body)}
}
