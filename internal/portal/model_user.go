package portal

import (
	"encoding/json"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// Access says who may see an object.
type Access string

// Access levels. Shared means: only the groups that the item is shared with; members and
// groups use Private, Org and Public alone.
const (
	Private Access = "private"
	Shared  Access = "shared"
	InOrg   Access = "org"
	Public  Access = "public"
)

// User is a member of the organization. Names are compared without regard to case and kept
// as first written.
type User struct {
	Username      string
	ID            string // 32 hex
	FirstName     string
	LastName      string
	FullName      string
	Email         string
	Description   string
	Tags          []string
	Categories    []string
	Culture       string
	CultureFormat string
	Region        string
	Units         string // english or metric
	PreferredView string
	Access        Access
	Thumbnail     *File // nil: none
	Role          esri.RoleID
	UserType      string // id of the user type (user license type), for example creatorUT
	Provider      string // arcgis or enterprise
	IDPUsername   string
	System        bool // an account of the portal itself: never signs in
	Disabled      bool
	Properties    json.RawMessage // settings of apps, nil: none
	FavGroupID    esri.GroupID
	Created       time.Time
	Modified      time.Time
	LastLogin     time.Time // zero: never
	Password      Password
}

// Password is the stored proof of a member's password.
type Password struct {
	Hash       string // PHC string; empty: no password, sign-in by password is refused
	MustChange bool   // the next sign-in asks for a new one
	Changed    time.Time
}

// Role is a custom role or one of the predefined ones.
type Role struct {
	ID          esri.RoleID
	Name        string
	Description string
	Privileges  []string
	Created     time.Time
	Modified    time.Time
}

// Org is the organization.
type Org struct {
	ID          esri.OrgID
	Name        string
	Description string
	Created     time.Time
	Modified    time.Time
	// Settings holds the properties of portals/self that are data: group queries,
	// default basemap, portalProperties, culture and the like.
	Settings map[string]json.RawMessage
	// Config holds the settings that have resources of their own: notices, the information
	// banner, what new members get.
	Config map[string]json.RawMessage
}

// Token is what a client presents to act as a member. Only a hash of it is stored.
type Token struct {
	Hash     string // hex SHA-256 of the token text
	Kind     TokenKind
	Username string // empty for the token of a registered app
	ClientID string // OAuth client; empty for generateToken
	Referer  string // bound referer prefix; empty: not bound
	IP       string // bound address; empty: not bound
	Data     string // kind-specific: PKCE challenge, redirect address, sign-in state (JSON)
	Parent   string // hash of the refresh token that this one came from
	Created  time.Time
	Expires  time.Time
}

// TokenKind tells tokens apart, so that one kind never passes for another.
type TokenKind string

// Kinds of token.
const (
	AccessToken  TokenKind = "access"
	RefreshToken TokenKind = "refresh"
	AuthCode     TokenKind = "code"
	SignInState  TokenKind = "state"
	Invite       TokenKind = "invite" // opens an account once: no token of a caller
)
