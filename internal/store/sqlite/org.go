package sqlite

import (
	"database/sql/driver"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

var orgs = newTable("org", "one", nil, func(o *portal.Org) []field {
	return []field{
		{"one", derived(func() driver.Value { return int64(1) })},
		{"id", text(&o.ID)},
		{"name", text(&o.Name)},
		{"description", text(&o.Description)},
		{"created", moment(&o.Created)},
		{"modified", moment(&o.Modified)},
		{"settings", settings(&o.Settings)},
		{"config", settings(&o.Config)},
	}
})

func (t *tx) Org() (*portal.Org, error) { return orgs.one(t, "") }

func (t *tx) PutOrg(o *portal.Org) error { return orgs.put(t, o) }
