package portal

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// Store keeps the organization's metadata, durably and transactionally. What "a store" means
// is the suite internal/store/storetest.
//
// View runs fn on a consistent snapshot. Update runs fn alone among writers and returns after
// the commit that carries its writes has been synced; when fn fails, nothing of it remains.
// fn may run only once, may not start a transaction of its own and may not wait on anything
// but the store.
type Store interface {
	View(ctx context.Context, fn func(Tx) error) error
	Update(ctx context.Context, fn func(Tx) error) error
	Close() error
}

// Tx is one transaction. Reads of an absent object return ErrAbsent, and so do changes of one
// property of it and writes that refer to it; a delete of it succeeds. Lists come in a stable
// order. Times are kept to the millisecond. A Tx is used by one goroutine.
type Tx interface {
	OrgTx
	OrgFileTx
	CategoryTx
	AppTx
	UserTx
	TokenTx
	RoleTx
	GroupTx
	MembershipTx
	FolderTx
	ItemTx
	ShareTx
	InfoTx
	ResourceTx
	RelationTx
	PartTx
	BlobTx
	LicenseTx
}

// OrgTx reads and writes the organization.
type OrgTx interface {
	Org() (*Org, error)
	PutOrg(*Org) error
}

// UserTx reads and writes members. Names match without regard to case.
type UserTx interface {
	User(username string) (*User, error)
	UserByID(id string) (*User, error)
	PutUser(*User) error              // inserts or replaces by name
	DeleteUser(username string) error // with tokens, memberships, folders and licenses
	// FindUsers lists members. A nil q.Match matches all.
	FindUsers(q UserQuery) ([]*User, int, error)
	// TouchLogin sets LastLogin alone.
	TouchLogin(username string, at time.Time) error
}

// UserQuery selects members that Visible admits.
type UserQuery struct {
	Match   search.Node
	Visible Visibility
	Page    Page
}

// TokenTx reads and writes tokens by hash.
type TokenTx interface {
	Token(hash string) (*Token, error)
	PutToken(*Token) error
	DeleteToken(hash string) error // and those that descend from it by Parent
	DeleteTokensOf(username string) error
	DeleteExpiredTokens(now time.Time) error
	// FindTokens lists tokens in order of creation, and counts them.
	FindTokens(q TokenQuery) ([]*Token, int, error)
}

// TokenQuery selects tokens of one kind that are good after a time.
type TokenQuery struct {
	Kind  TokenKind
	After time.Time
	Hash  string // first characters of the hash, in hex; empty: any
	Page  Page   // Sort and Desc are not looked at
}

// RoleTx reads and writes custom roles; the predefined ones are not stored.
type RoleTx interface {
	Role(esri.RoleID) (*Role, error)
	Roles() ([]*Role, error) // by creation
	PutRole(*Role) error
	DeleteRole(esri.RoleID) error
	CountRoleHolders(esri.RoleID) (int, error)
}

// GroupTx reads and writes groups.
type GroupTx interface {
	Group(esri.GroupID) (*Group, error)
	PutGroup(*Group) error
	DeleteGroup(esri.GroupID) error // with memberships, shares and categories
	// FindGroups lists groups; hidden favorites groups are not found.
	FindGroups(q GroupQuery) ([]*Group, int, error)
	// GroupTitled finds a group of the organization by title, without regard to case. Hidden
	// favorites groups are not found.
	GroupTitled(title string) (*Group, error)
}

// GroupQuery selects groups that Visible admits.
type GroupQuery struct {
	Match   search.Node
	Visible Visibility
	Page    Page
}

// MembershipTx reads and writes who is in which group.
type MembershipTx interface {
	Membership(esri.GroupID, string) (*Membership, error)
	PutMembership(Membership) error
	DeleteMembership(esri.GroupID, string) error
	// MembersOf lists a group's memberships by username.
	MembersOf(esri.GroupID) ([]Membership, error)
	// MembershipsOf lists a member's memberships by group.
	MembershipsOf(username string) ([]Membership, error)
}

// FolderTx reads and writes folders.
type FolderTx interface {
	Folder(esri.FolderID) (*Folder, error)
	FolderTitled(owner, title string) (*Folder, error)
	FoldersOf(owner string) ([]*Folder, error) // by title
	PutFolder(*Folder) error
	DeleteFolder(esri.FolderID) error
}

// ItemTx reads and writes items.
type ItemTx interface {
	Item(esri.ItemID) (*Item, error)
	PutItem(*Item) error
	DeleteItem(esri.ItemID) error // with shares, info files, resources, relations, parts, its app and the app's tokens
	FindItems(q ItemQuery) (*ItemPage, error)
	// ItemsIn lists the items of one folder.
	ItemsIn(owner string, folder esri.FolderID, types []string, page Page) ([]*Item, int, error)
	// ItemNamed finds an item with data by file name in one folder, without regard to case.
	ItemNamed(owner string, folder esri.FolderID, name string) (*Item, error)
	CountItemsOf(owner string) (int, error)
	// CountView adds one view to an item.
	CountView(id esri.ItemID, at time.Time) error
}

// ItemQuery selects items that Visible admits.
type ItemQuery struct {
	Match  search.Node // nil matches all
	Filter search.Node // exact terms; nil: none
	BBox   *esri.Extent
	Group  esri.GroupID // only items shared with it; empty: any
	// Categories are lists of paths of which an item has one each, or one below it;
	// CategoryTerms lists of texts of which a category holds one each. With a Group they mean
	// the categories within the group.
	Categories    [][]string
	CategoryTerms [][]string
	Visible       Visibility
	Page          Page
	CountFields   []string // tags, type, access, contentstatus, categories
	CountSize     int      // values of each field; 0 means 10
}

// ItemPage is one page of found items.
type ItemPage struct {
	Items  []*Item
	Total  int
	Counts []FieldCount
}

// FieldCount holds how often each value of a field occurs among all matches.
type FieldCount struct {
	Field  string
	Values []ValueCount
}

// ValueCount is one value and its number of occurrences.
type ValueCount struct {
	Value string
	Count int
}

// Page selects a window of an ordered list. Sort names a field in lower case; empty sorts by
// relevance where there are terms, else by the list's own order. Ties break by identifier.
type Page struct {
	Start int // 1-based
	Num   int // 0 returns no rows, only the total
	Sort  string
	Desc  bool
}

// Visibility is a caller's part of a search's policy.
type Visibility struct {
	All      bool   // an administrator with the view privilege
	Username string // empty: anonymous
	Member   bool   // belongs to the organization and may view what is shared with it
	Groups   []esri.GroupID
}

// ShareTx reads and writes which groups an item is shared with.
type ShareTx interface {
	GroupsOf(esri.ItemID) ([]esri.GroupID, error)
	Share(esri.ItemID, esri.GroupID) error
	Unshare(esri.ItemID, esri.GroupID) error
	ItemsOfGroup(esri.GroupID) ([]esri.ItemID, error)
}

// InfoTx reads and writes an item's info files.
type InfoTx interface {
	Info(esri.ItemID, string) (*InfoFile, error)
	Infos(esri.ItemID) ([]*InfoFile, error) // by path
	PutInfo(*InfoFile) error
	DeleteInfo(esri.ItemID, string) error
}

// ResourceTx reads and writes an item's file resources.
type ResourceTx interface {
	Resource(esri.ItemID, string) (*Resource, error)
	Resources(id esri.ItemID, page Page) ([]*Resource, int, error) // sort: resource, created, size
	PutResource(*Resource) error
	DeleteResource(esri.ItemID, string) error
	// ResourceUsage returns the number and total size of an item's resources.
	ResourceUsage(esri.ItemID) (int, int64, error)
}

// RelationTx reads and writes relationships.
type RelationTx interface {
	Relation(origin, destination esri.ItemID, relType string) (*Relation, error)
	RelationsFrom(esri.ItemID) ([]Relation, error)
	RelationsTo(esri.ItemID) ([]Relation, error)
	PutRelation(Relation) error
	DeleteRelation(origin, destination esri.ItemID, relType string) error
}

// PartTx reads and writes the parts of uncommitted uploads.
type PartTx interface {
	PutPart(Part) error
	Parts(esri.ItemID) ([]Part, error) // by number
	DeleteParts(esri.ItemID) error
	// IdleUploads lists the items with parts of which none was stored since a time.
	IdleUploads(since time.Time) ([]esri.ItemID, error)
}

// BlobTx keeps blobs: each Blob that a stored object names must have been kept in the same
// or an earlier transaction. KeepBlob of one that is not stored, or whose lease has run out
// and that nothing refers to, is ErrAbsent.
type BlobTx interface {
	KeepBlob(Blob) error
}
