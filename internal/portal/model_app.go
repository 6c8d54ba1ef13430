package portal

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// App is the registration of an item as an app, which signs members in and, with its secret,
// itself. It ends with the item.
type App struct {
	ClientID     string
	Item         esri.ItemID
	Type         string // browser, native, server or multiple
	SecretHash   string // hex SHA-256 of the secret: what a secret that is presented is held against
	Secret       secret.Secret
	RedirectURIs []string // where sign-ins may end
	Referrers    []string
	Privileges   []string // items that a token of the app itself reads: portal:app:access:item:<id>
	Registered   time.Time
	Modified     time.Time
}

// OrgFile is a file of the organization itself: its picture, a style sheet, settings of apps.
type OrgFile struct {
	Key     string
	Access  Access // Public or InOrg; empty: as the organization's own access says
	Created time.Time
	File
}
