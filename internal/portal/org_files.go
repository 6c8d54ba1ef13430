package portal

import (
	"context"
	"fmt"
	"path"
)

// maxOrgFiles is how many files an organization may have.
const maxOrgFiles = 1000

// OrgFiles lists the files of the organization that the caller may read.
func (p *Portal) OrgFiles(ctx context.Context, c Caller, id string) (out []*OrgFile, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		org, err := namedOrg(tx, id)
		if err != nil {
			return err
		}
		all, err := tx.OrgFiles()
		for _, f := range all {
			if f.Access = org.accessOf(f); a.reads(f) {
				out = append(out, f)
			}
		}
		return err
	})
	return out, err
}

// accessOf is who may read a file: what it says itself, else who may read the organization.
func (o *Org) accessOf(f *OrgFile) Access {
	switch {
	case f.Access != "":
		return f.Access
	case string(o.Settings["access"]) == `"public"`:
		return Public
	}
	return InOrg
}

func (a *actor) reads(f *OrgFile) bool { return f.Access == Public || !a.anonymous() }

// OrgFile opens a file of the organization.
func (p *Portal) OrgFile(ctx context.Context, c Caller, id, key string) (*StoredFile, error) {
	var f *OrgFile
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		org, err := namedOrg(tx, id)
		if err != nil {
			return err
		}
		if f, err = tx.OrgFile(key); err != nil {
			return absentAs(err, errNoResource())
		}
		if f.Access = org.accessOf(f); !a.reads(f) {
			return errNoResource()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r, err := p.openBlob(ctx, f.Blob)
	if err != nil {
		return nil, err
	}
	return &StoredFile{Reader: r, Name: path.Base(f.Key), ContentType: f.ContentType, Hash: f.Blob.Hash, Public: f.Access == Public}, nil
}

// AddOrgFile stores a file of the organization under its key, in place of one of that key.
// Who manages the website may. An empty access is that of the organization.
func (p *Portal) AddOrgFile(ctx context.Context, c Caller, id, key string, access Access, f File) error {
	key, err := cleanPath("key", key, maxResourcePath)
	if err != nil {
		return err
	}
	switch {
	case access != "" && access != InOrg && access != Public:
		return ErrBadParam("access", "must be org or public")
	case f.Blob.Size > maxResourceSize:
		return ErrBadParam("file", fmt.Sprintf("must be at most %d MB", maxResourceSize>>20))
	}
	f.Name, f.ContentType = path.Base(key), fileType(key, f.ContentType)
	return p.editOrg(ctx, c, id, func(tx Tx, a *actor, org *Org) error {
		if err := a.needs(privWebsite); err != nil {
			return err
		}
		if key == org.picture() {
			return ErrBadParam("key", "is that of the organization's picture, which update changes")
		}
		if err := tx.KeepBlob(f.Blob); err != nil {
			return err
		}
		file := &OrgFile{Key: key, Access: access, Created: p.clock.Now(), File: f}
		if err := tx.PutOrgFile(file); err != nil {
			return err
		}
		all, err := tx.OrgFiles()
		if err == nil && len(all) > maxOrgFiles {
			err = ErrBadParam("key", fmt.Sprintf("would be one more than the %d resources that an organization may have", maxOrgFiles))
		}
		return err
	})
}

// RemoveOrgFile deletes a file of the organization. Who manages the website may.
func (p *Portal) RemoveOrgFile(ctx context.Context, c Caller, id, key string) error {
	return p.editOrg(ctx, c, id, func(tx Tx, a *actor, org *Org) error {
		if err := a.needs(privWebsite); err != nil {
			return err
		}
		if _, err := tx.OrgFile(key); err != nil {
			return absentAs(err, errNoResource())
		}
		if key == org.picture() {
			delete(org.Settings, thumbnailKey)
		}
		return tx.DeleteOrgFile(key)
	})
}

// mayPublish returns nil where the organization lets the caller share items with everybody:
// administrators always.
//
// guess: the switch canSharePublic concerns items; what it means for groups and profiles is not
// documented.
func mayPublish(tx Tx, a *actor) error {
	org, err := tx.Org()
	if err != nil {
		return err
	}
	if org.refuses("canSharePublic") && !a.admin() {
		return denied("The organization lets only administrators share with everybody.")
	}
	return nil
}
