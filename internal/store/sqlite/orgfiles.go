package sqlite

import "github.com/rhumb-gis/rhumb/internal/portal"

var orgFiles = newTable("org_files", "key", nil, func(f *portal.OrgFile) []field {
	return append([]field{
		{"key", text(&f.Key)},
		{"access", text(&f.Access)},
		{"created", moment(&f.Created)},
	}, fileFields(&f.File)...)
})

const orgFileHash = "SELECT hash FROM org_files WHERE key=?"

func (t *tx) OrgFile(key string) (*portal.OrgFile, error) {
	return orgFiles.one(t, " WHERE key=?", key)
}

func (t *tx) OrgFiles() ([]*portal.OrgFile, error) { return orgFiles.all(t, " ORDER BY key") }

func (t *tx) PutOrgFile(f *portal.OrgFile) error {
	if err := t.releaseOther(orgFileHash, &f.File, f.Key); err != nil {
		return err
	}
	return orgFiles.put(t, f)
}

func (t *tx) DeleteOrgFile(key string) error {
	if err := t.release(orgFileHash, key); err != nil {
		return err
	}
	return t.exec("DELETE FROM org_files WHERE key=?", key)
}
