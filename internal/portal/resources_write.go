package portal

import (
	"context"
	"fmt"
	"path"
	"strings"
)

// Limits of resources, by Esri's page "Add Resources".
const (
	maxResources      = 1000 // of one item; a Style may have more
	maxResourceFiles  = 50   // in one call
	maxResourceSize   = 50 << 20
	maxResourcesTotal = 10 << 30
	maxResourcePath   = 512
	maxUnpackRatio    = 100 // archives beyond minUnpackLimit
	minUnpackLimit    = 100 << 20
)

// resourceTypes are the kinds of file that resources may be: those of Esri's page "Update
// Resources", and what newer apps store.
//
// deviates: .webp, .ico, .csv, .css, .geojson, .m4a, .wav, .webm, .woff and .woff2 are more than
// the page lists.
var resourceTypes = func() map[string]bool {
	m := map[string]bool{}
	for ext := range strings.FieldsSeq(`json xml txt png jpg jpeg gif bmp svg svgz pbf pdf mp3 mp4 zip gz geodatabase
		webp ico csv css geojson m4a wav webm woff woff2`) {
		m["."+ext] = true
	}
	return m
}()

// ResourceUpload is what a caller brings for an item's resources: files, an archive of them,
// or a text.
type ResourceUpload struct {
	Files   []File
	Text    *string
	Name    string  // of the text, or another one for a single file
	Prefix  string  // the folder of the resources; empty: none
	Archive bool    // the one file is a zip archive to unpack
	Access  *string // inherit or private; nil: unchanged, inherit for new ones
}

// newFile is a file with its path among the resources.
type newFile struct {
	path string
	File
}

// AddResources stores new resources. A name that is taken is an error.
func (p *Portal) AddResources(ctx context.Context, c Caller, ref ItemRef, u ResourceUpload) (*Item, error) {
	return p.putResources(ctx, c, ref, u, func(tx Tx, it *Item, f newFile) (*Resource, error) {
		_, err := tx.Resource(it.ID, f.path)
		if err == nil {
			return nil, errResourceTaken(f.path)
		}
		if !isAbsent(err) {
			return nil, err
		}
		return &Resource{Item: it.ID, Path: f.path, Access: ResourceInherit, Created: p.clock.Now()}, nil
	})
}

// guess: neither code nor text of this error is documented.
func errResourceTaken(name string) *Error {
	return &Error{Code: 409, Message: "Resource '" + name + "' already exists.", Details: []string{"Replace it with updateResources."}}
}

// UpdateResources replaces resources that exist.
//
// guess: whether created moves is documented nowhere. It does here: a list of resources has no
// other time, and without it nobody could tell that a file was replaced by one of equal size.
func (p *Portal) UpdateResources(ctx context.Context, c Caller, ref ItemRef, u ResourceUpload) (*Item, error) {
	return p.putResources(ctx, c, ref, u, func(tx Tx, it *Item, f newFile) (*Resource, error) {
		r, err := tx.Resource(it.ID, f.path)
		if err != nil {
			return nil, absentAs(err, errNoResource())
		}
		r.Created = p.clock.Now()
		return r, nil
	})
}

// putResources stores what u brings in the places that find names.
func (p *Portal) putResources(ctx context.Context, c Caller, ref ItemRef, u ResourceUpload, find func(Tx, *Item, newFile) (*Resource, error)) (*Item, error) {
	if u.Access != nil && *u.Access != ResourceInherit && *u.Access != ResourcePrivate {
		return nil, ErrBadParam("access", "must be inherit or private")
	}
	// Nothing is unpacked for a caller who may not store it.
	if _, err := p.ItemStatus(ctx, c, ref); err != nil {
		return nil, err
	}
	files, err := p.resourceFiles(ctx, u)
	if err != nil {
		return nil, err
	}
	var it itemAccess
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if it, err = updatable(tx, a, ref); err != nil {
			return err
		}
		for _, f := range files {
			r, err := find(tx, it.Item, f)
			if err != nil {
				return err
			}
			if err := storeResource(tx, r, f, u.Access); err != nil {
				return err
			}
		}
		return checkUsage(tx, it.Item)
	})
	if err != nil {
		return nil, err
	}
	return it.Item, nil
}

func storeResource(tx Tx, r *Resource, f newFile, access *string) error {
	if access != nil {
		r.Access = *access
	}
	r.File = File{Name: path.Base(f.path), ContentType: fileType(f.path, f.ContentType), Blob: f.Blob}
	if err := tx.KeepBlob(f.Blob); err != nil {
		return err
	}
	return tx.PutResource(r)
}

// checkUsage refuses more resources than an item may have.
func checkUsage(tx Tx, it *Item) error {
	n, size, err := tx.ResourceUsage(it.ID)
	switch {
	case err != nil:
		return err
	case n > maxResources && it.Type != "Style":
		return ErrBadParam("file", fmt.Sprintf("would give the item %d resources; it may have %d", n, maxResources))
	case size > maxResourcesTotal:
		return ErrBadParam("file", "would give the item more than 10 GB of resources")
	}
	return nil
}

// resourceFiles lists the files that u brings, with the paths they get.
func (p *Portal) resourceFiles(ctx context.Context, u ResourceUpload) ([]newFile, error) {
	var out []newFile
	var err error
	switch {
	case len(u.Files) > 0 && u.Text != nil:
		return nil, ErrBadParam("text", "must not come together with 'file'")
	case u.Archive:
		if len(u.Files) != 1 {
			return nil, ErrBadParam("archive", "needs exactly one 'file', a zip archive")
		}
		out, err = p.unpack(ctx, u.Files[0].Blob)
	case u.Text != nil:
		if u.Name == "" {
			return nil, ErrMissingParam("fileName")
		}
		b, perr := p.blobs.Put(ctx, strings.NewReader(*u.Text))
		out, err = []newFile{{u.Name, File{Blob: b}}}, perr
	case len(u.Files) == 0:
		return nil, ErrMissingParam("file")
	case u.Name != "" && len(u.Files) > 1:
		return nil, ErrBadParam("fileName", "must not be given for several files")
	default:
		for _, f := range u.Files {
			out = append(out, newFile{f.Name, f})
		}
		if u.Name != "" {
			out[0].path = u.Name
		}
	}
	if err != nil {
		return nil, err
	}
	return out, placeFiles(out, u.Prefix)
}

// placeFiles puts the prefix before each path and checks what comes of it.
func placeFiles(files []newFile, prefix string) error {
	if len(files) > maxResourceFiles {
		return ErrBadParam("file", fmt.Sprintf("must not hold more than %d files", maxResourceFiles))
	}
	if prefix = strings.Trim(strings.TrimSpace(prefix), "/"); prefix != "" {
		var err error
		if prefix, err = cleanPath("resourcesPrefix", prefix, maxResourcePath); err != nil {
			return err
		}
		prefix += "/"
	}
	seen := map[string]bool{}
	for i := range files {
		f := &files[i]
		name, err := cleanPath("fileName", f.path, maxResourcePath)
		if err != nil {
			return err
		}
		f.path = prefix + name
		switch {
		case len(f.path) > maxResourcePath:
			return ErrBadParam("resourcesPrefix", "is too long")
		case !resourceTypes[strings.ToLower(path.Ext(f.path))]:
			return &Error{Code: 400, MessageCode: "CONT_0093", Message: "File type not allowed for addResources", Details: []string{f.path}}
		case f.Blob.Size > maxResourceSize:
			return ErrBadParam("file", fmt.Sprintf("'%s' is larger than %d MB", f.path, maxResourceSize>>20))
		case seen[f.path]:
			return ErrBadParam("file", "has two files of the name '"+f.path+"'")
		}
		seen[f.path] = true
	}
	return nil
}
