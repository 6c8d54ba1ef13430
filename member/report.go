package member

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// ReportOptions say what a report holds.
type ReportOptions struct {
	Options
	Filter      Filter
	WithContent bool // also groups, items and storage, which takes requests for each member
}

// Row is one member of a report.
type Row struct {
	Username    string       `json:"username"`
	FullName    string       `json:"fullName"`
	FirstName   string       `json:"firstName"`
	LastName    string       `json:"lastName"`
	Email       string       `json:"email"`
	RoleID      esri.RoleID  `json:"roleId"`
	Role        string       `json:"role"` // its name
	UserTypeID  string       `json:"userTypeId"`
	UserType    string       `json:"userType"` // its name
	Provider    string       `json:"provider"`
	IDPUsername string       `json:"idpUsername,omitempty"`
	Disabled    bool         `json:"disabled"`
	Created     esri.Time    `json:"created"`
	LastLogin   esri.Time    `json:"lastLogin"` // zero: never
	Licenses    []RowLicense `json:"licenses"`
	Bundles     []string     `json:"bundles"` // names
	Content     *RowContent  `json:"content,omitempty"`
}

// RowLicense is what a member of a report holds of a product.
type RowLicense struct {
	Product      string      `json:"product"`
	ItemID       esri.ItemID `json:"itemId"`
	Entitlements []string    `json:"entitlements"`
	Level        string      `json:"level,omitempty"`      // of ArcGIS Pro: the entitlement that is one
	Extensions   []string    `json:"extensions,omitempty"` // of ArcGIS Pro: the others
	LastUsed     esri.Time   `json:"lastUsed"`             // zero: never
	CheckedOut   bool        `json:"checkedOut"`
	Since        esri.Time   `json:"checkedOutSince"`
}

// RowContent is what a member of a report owns.
type RowContent struct {
	Items   int      `json:"items"`
	Bytes   int64    `json:"bytes"`
	Folders int      `json:"folders"`
	Groups  []string `json:"groups"` // ids of the groups the member belongs to
}

// License answers what the member holds of a product; ok is false for nothing.
func (r *Row) License(product *Product) (l RowLicense, ok bool) {
	for _, l := range r.Licenses {
		if l.ItemID == product.ItemID {
			return l, true
		}
	}
	return RowLicense{}, false
}

// Report is who holds what. It keeps who holds licenses in memory, about 100 bytes for each
// member and product; members pass through it one by one.
type Report struct {
	Products []*Product
	Bundles  []*BundleUse

	// Of the last pass through Rows:

	Members int      // listed, before the filter
	Shown   int      // after the filter
	Notes   []string // why the report may not be whole

	p     *gis.Portal
	words *vocabulary
	opts  ReportOptions
	match func(*Row) bool
}

// NewReport reads the licenses of the organization and who holds them. The members follow in
// [Report.Rows] and the writers. It needs portal:admin:viewUsers and
// portal:admin:manageLicenses.
func NewReport(ctx context.Context, p *gis.Portal, opts ReportOptions) (*Report, error) {
	words, err := readVocabulary(ctx, p)
	if err != nil {
		return nil, err
	}
	products, err := Products(ctx, p, opts.Options)
	if err != nil {
		return nil, err
	}
	bundles, err := readBundles(ctx, p, opts.workers())
	if err != nil {
		return nil, err
	}
	r := &Report{Products: products, Bundles: bundles, p: p, words: words, opts: opts}
	slices.SortStableFunc(r.Products, func(a, b *Product) int { return strings.Compare(fold(a.Title), fold(b.Title)) })
	if r.match, err = opts.Filter.compile(r); err != nil {
		return nil, err
	}
	return r, nil
}

// Rows yields the members that the filter lets through, in the order of their creation. The
// portal's own accounts are left out.
func (r *Report) Rows(ctx context.Context) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		r.start()
		m := newMeter(r.opts.Options)
		total := 0
		list := r.p.Users.ListAll(ctx, &gis.UserListAll{Ahead: r.opts.workers(), WithSystem: true, Total: func(n int) {
			total = n
			m.begin("members", n)
		}})
		listed := 0
		send := func(chunk []*Row) bool { return r.send(ctx, chunk, yield) }
		var chunk []*Row
		for u, err := range list {
			if err != nil {
				yield(nil, fmt.Errorf("read the members: %w", err))
				return
			}
			listed++
			m.step(u.Username, Done, "")
			if u.IsSystem() {
				continue
			}
			r.Members++
			row := r.row(u)
			if !r.match(row) {
				continue
			}
			chunk = append(chunk, row)
			if len(chunk) == rowChunk {
				if !send(chunk) {
					return
				}
				chunk = nil
			}
		}
		if !send(chunk) {
			return
		}
		if listed != total {
			r.Notes = append(r.Notes, fmt.Sprintf("the portal counts %d accounts and listed %d: members were made or removed meanwhile, or its index lags", total, listed))
		}
	}
}

// rowChunk is how many members are completed at a time.
const rowChunk = 100

func (r *Report) start() {
	r.Members, r.Shown, r.Notes = 0, 0, nil
	for _, p := range r.Products {
		if p.Unread != nil {
			r.Notes = append(r.Notes, fmt.Sprintf("who holds %s is unknown: %v", p.Title, p.Unread))
		}
	}
}

// send completes rows and yields them.
func (r *Report) send(ctx context.Context, chunk []*Row, yield func(*Row, error) bool) bool {
	if r.opts.WithContent {
		if err := r.addContent(ctx, chunk); err != nil {
			yield(nil, err)
			return false
		}
	}
	for _, row := range chunk {
		r.Shown++
		if !yield(row, nil) {
			return false
		}
	}
	return true
}

func (r *Report) row(u *gis.User) *Row {
	row := &Row{
		Username: u.Username, FullName: u.FullName, FirstName: u.FirstName, LastName: u.LastName, Email: u.Email,
		RoleID: u.EffectiveRole(), Role: r.words.roleName(u.EffectiveRole()),
		UserTypeID: u.UserLicenseTypeID, UserType: r.words.userTypeName(u.UserLicenseTypeID),
		Provider: u.Provider, IDPUsername: u.IDPUsername, Disabled: u.Disabled, Created: u.Created, LastLogin: u.LastLogin,
		Licenses: []RowLicense{}, Bundles: []string{},
	}
	for _, p := range r.Products {
		if h, ok := p.Holder(u.Username); ok {
			row.Licenses = append(row.Licenses, newRowLicense(p, h))
		}
	}
	for _, b := range r.Bundles {
		if b.Holds(u.Username) {
			row.Bundles = append(row.Bundles, b.Name)
		}
	}
	return row
}

func newRowLicense(p *Product, h Holding) RowLicense {
	l := RowLicense{
		Product: p.Title, ItemID: p.ItemID, Entitlements: h.Entitlements,
		LastUsed: h.LastUsed, CheckedOut: h.CheckedOut, Since: h.Since,
	}
	if p.hasLevels() {
		for _, e := range h.Entitlements {
			if isLevel(e) {
				l.Level = e
			} else {
				l.Extensions = append(l.Extensions, e)
			}
		}
	}
	return l
}

// addContent reads what members own and where they belong.
func (r *Report) addContent(ctx context.Context, rows []*Row) error {
	var parts [][]*Row
	for part := range slices.Chunk(rows, 25) {
		parts = append(parts, part)
	}
	err := each(ctx, r.opts.workers(), parts, func(ctx context.Context, part []*Row) error {
		names := make([]string, len(part))
		for i, row := range part {
			names[i] = row.Username
		}
		groups, err := r.p.Users.GroupsOf(ctx, names...)
		if err != nil {
			return fmt.Errorf("read the groups of members: %w", err)
		}
		byName := map[string][]string{}
		for name, ids := range groups {
			for _, id := range ids {
				byName[fold(name)] = append(byName[fold(name)], string(id))
			}
		}
		for _, row := range part {
			row.Content = &RowContent{Groups: append([]string{}, byName[fold(row.Username)]...)}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(ctx, r.opts.workers(), rows, func(ctx context.Context, row *Row) error {
		first, err := r.p.Content.UserPage(ctx, row.Username, "", nil)
		if err != nil {
			return fmt.Errorf("read the items of %s: %w", row.Username, err)
		}
		row.Content.Folders = len(first.Folders)
		if len(first.Folders) == 0 && first.Next <= 0 {
			for _, it := range first.Items {
				row.Content.add(it)
			}
			return nil
		}
		for it, err := range r.p.Content.AllUserItems(ctx, row.Username) {
			if err != nil {
				return fmt.Errorf("read the items of %s: %w", row.Username, err)
			}
			row.Content.add(it)
		}
		return nil
	})
}

func (c *RowContent) add(it *gis.Item) {
	c.Items++
	c.Bytes += max(it.Size, 0)
}
