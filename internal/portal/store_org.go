package portal

import (
	"encoding/json"

	"github.com/rhumb-gis/rhumb/esri"
)

// Scopes of category schemas beside the ids of groups.
const (
	OrgCategories    = "org"
	MemberCategories = "members"
)

// CategoryTx reads and writes the schemas of categories, and the categories that items have
// within a group.
type CategoryTx interface {
	// CategorySchema reads the trees of OrgCategories, MemberCategories or a group.
	CategorySchema(scope string) (json.RawMessage, error)
	PutCategorySchema(scope string, trees json.RawMessage) error
	DeleteCategorySchema(scope string) error
	// GroupCategories reads what a group's items have, those without any left out.
	GroupCategories(esri.GroupID, []esri.ItemID) (map[esri.ItemID][]string, error)
	// PutGroupCategories replaces what an item has; none where the item is shared anew.
	PutGroupCategories(esri.GroupID, esri.ItemID, []string) error
}

// AppTx reads and writes registered apps.
type AppTx interface {
	App(clientID string) (*App, error)
	AppOf(esri.ItemID) (*App, error)
	// PutApp inserts or replaces by client id. The secret is kept so that a copy of the
	// database alone does not tell it; where the store can no longer read it, it comes back
	// empty.
	PutApp(*App) error
	DeleteApp(clientID string) error // with the tokens of the app
}

// OrgFileTx reads and writes the files of the organization.
type OrgFileTx interface {
	OrgFile(key string) (*OrgFile, error)
	OrgFiles() ([]*OrgFile, error) // by key
	PutOrgFile(*OrgFile) error
	DeleteOrgFile(key string) error
}
