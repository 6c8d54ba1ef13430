package demo

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

// rewriter maps the ids and addresses of the manifest to those of the portal, as far as they
// are known: items always, groups and folders once they are made.
func (s *seeder) rewriter() (*remap.Rewriter, error) {
	m := remap.Map{
		Items: map[string]string{}, Groups: map[string]string{}, Folders: map[string]string{},
		Source: []string{s.Portal}, Target: s.p.URL(),
	}
	for _, it := range s.Items {
		m.Items[it.ID] = string(s.itemID(it.Key))
	}
	for _, g := range s.Groups {
		if id := s.groups[g.Title]; id != "" {
			m.Groups[g.ID] = string(id)
		}
	}
	for _, f := range s.Folders {
		if id := s.folders[folderKey(f.Owner, f.Title)]; f.ID != "" && id != "" {
			m.Folders[f.ID] = string(id)
		}
	}
	if s.me != admin {
		m.Users = map[string]string{admin: s.me}
	}
	var err error
	if m.Services, err = s.services(); err != nil {
		return nil, err
	}
	return remap.New(m)
}

// services maps every service that the content mentions below one of the manifest's roots to
// an address below the portal's server.
func (s *seeder) services() ([]remap.Service, error) {
	u, err := url.Parse(s.p.URL())
	if err != nil {
		return nil, err
	}
	server := u.Scheme + "://" + u.Host + "/server/rest/services"
	var out []remap.Service
	for root, folder := range s.Services {
		names, err := mentioned(root)
		if err != nil {
			return nil, err
		}
		for name := range names {
			to := server
			if folder != "" {
				to += "/" + folder
			}
			out = append(out, remap.Service{From: root + name, To: to + name})
		}
	}
	return out, nil
}

// mentioned finds the services below a root in the manifest, the documents and the snapshots.
func mentioned(root string) (map[string]bool, error) {
	services, err := regexp.Compile(regexp.QuoteMeta(root) + `((?:/[\w.-]+)*?/[A-Za-z]+Server)\b`)
	if err != nil {
		return nil, fmt.Errorf("service root %s: %w", root, err)
	}
	found := map[string]bool{}
	err = fs.WalkDir(data, "data", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		text, err := data.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range services.FindAllSubmatch(text, -1) {
			found[string(m[1])] = true
		}
		return nil
	})
	return found, err
}

// text returns a document of the data with its references mapped.
func text(rw *remap.Rewriter, name string) ([]byte, error) {
	b, err := read(name)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(name, ".json") {
		out, _ := rw.Text(b)
		return out, nil
	}
	out, _, err := rw.JSON(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}
