package member

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// plan holds one record against the portal. Every reason against it is noted, seats aside.
func (k *importState) plan(rec Record) ImportRow {
	row := ImportRow{Record: rec, Why: slices.Clone(rec.Problems), set: map[esri.ItemID]Change{}}
	if rec.Username == "" { // or the row could not be read
		return row
	}
	row.exists = k.members[fold(accountName(rec.Username))]
	k.planAccount(&row)
	k.planLicenses(&row)
	k.planGroups(&row)
	k.planFolders(&row)
	switch {
	case row.exists == nil:
		k.planNew(&row)
	case len(row.Why) > 0:
	case len(row.Steps) > 0:
		row.Action = ActionUpdate
		if !k.opts.UpdateExisting && !k.begun[fold(row.exists.Username)] {
			row.refuse("the member is there already and differs (%s): allow updates of existing members, or leave the row out", strings.Join(row.Steps, "; "))
		}
	}
	return row
}

// planAccount is about role, user type, names and status.
func (k *importState) planAccount(row *ImportRow) {
	rec, u := &row.Record, row.exists
	if u != nil {
		switch {
		case u.IsSystem():
			row.refuse("%s is an account of the portal itself", u.Username)
		case rec.Email != "" && u.Email != "" && !strings.EqualFold(rec.Email, u.Email) && !k.begun[fold(u.Username)]:
			row.refuse("an account of this name is there with the e-mail address %s, so it may be another person's", u.Email)
		case rec.Provider != "" && u.Provider != "" && rec.Provider != u.Provider:
			row.refuse("the account is there with the provider %s", u.Provider)
		}
	}
	if rec.Role != "" {
		id, err := k.words.role(rec.Role)
		if err != nil {
			row.refuse("Role: %v", err)
		}
		row.role = id
	} else if u == nil {
		row.role = k.role
	}
	if rec.UserType != "" {
		t, err := k.words.userType(rec.UserType)
		if err != nil {
			row.refuse("User Type: %v", err)
		} else {
			row.userType = t.ID
		}
	} else if u == nil {
		row.userType = k.userType
	}
	if u == nil {
		if rec.Status == statusDisabled {
			row.disable = new(true)
		}
		return
	}
	k.planDifferences(row)
}

// planDifferences drops what a member has already.
func (k *importState) planDifferences(row *ImportRow) {
	rec, u := &row.Record, row.exists
	if row.role == u.EffectiveRole() {
		row.role = ""
	} else if row.role != "" {
		row.Steps = append(row.Steps, fmt.Sprintf("role %s in place of %s", k.words.roleName(row.role), k.words.roleName(u.EffectiveRole())))
	}
	if row.userType == u.UserLicenseTypeID {
		row.userType = ""
	} else if row.userType != "" {
		row.Steps = append(row.Steps, fmt.Sprintf("user type %s in place of %s", row.userType, u.UserLicenseTypeID))
	}
	up, changed := gis.UserUpdate{}, []string{}
	for _, f := range []struct {
		column, want, have string
		into               **string
	}{
		{colFirstName, rec.FirstName, u.FirstName, &up.FirstName},
		{colLastName, rec.LastName, u.LastName, &up.LastName},
		{colEmail, rec.Email, u.Email, &up.Email},
	} {
		if f.want != "" && f.want != f.have {
			*f.into = new(f.want)
			changed = append(changed, f.column)
		}
	}
	if up.FirstName != nil || up.LastName != nil {
		if first, last := splitName(u); first == rec.FirstName && last == rec.LastName && up.Email == nil {
			changed = nil // the portal keeps the full name only
		}
	}
	if len(changed) > 0 {
		row.profile = &up
		row.Steps = append(row.Steps, "set "+strings.Join(changed, ", "))
	}
	if k.begun[fold(u.Username)] && k.opts.PasswordsOut != "" && rec.password() == "" && rec.Provider != "enterprise" {
		row.expire = true
		row.Steps = append(row.Steps, "expire the one-time password")
	}
	if want := rec.Status == statusDisabled; rec.Status != "" && want != u.Disabled {
		row.disable = &want
		row.Steps = append(row.Steps, map[bool]string{true: "disable", false: "enable"}[want])
	}
}

// splitName is the first and last name of an account that has perhaps a full name only.
func splitName(u *gis.User) (first, last string) {
	if u.FirstName == "" && u.LastName == "" {
		first, last, _ = strings.Cut(u.FullName, " ")
		return first, last
	}
	return u.FirstName, u.LastName
}

// username is the name by which the portal knows the member.
func (r *ImportRow) username() string {
	if r.exists != nil {
		return r.exists.Username
	}
	return accountName(r.Record.Username)
}

func (k *importState) planLicenses(row *ImportRow) {
	who := picked{username: row.username(), line: row.Record.Line}
	for _, g := range row.Record.Licenses {
		c, err := g.change(who, k.products)
		switch {
		case err != nil:
			row.refuse("License: %v", err)
		case c.Refusal != "":
			row.refuse("License: %s", c.Refusal)
		case c.Action() == "":
		default:
			if _, twice := row.set[c.ItemID]; twice {
				row.refuse("License: %s stands twice", c.Product)
			}
			row.set[c.ItemID] = c
			row.Steps = append(row.Steps, c.Product+": "+strings.Join(c.After, ", "))
		}
	}
	for _, name := range row.Record.Bundles {
		b, err := findBundle(k.bundles, name)
		if err != nil {
			row.refuse("App Bundles: %v", err)
			continue
		}
		if !b.Holds(row.username()) && !slices.Contains(row.bundles, b) {
			row.bundles = append(row.bundles, b)
			row.Steps = append(row.Steps, "app bundle "+b.Name)
		}
	}
}

func (k *importState) planGroups(row *ImportRow) {
	for _, word := range row.Record.Manages {
		g := k.groups[word]
		if g.err != nil {
			row.refuse("Manages: %v", g.err)
			continue
		}
		if part := g.part[fold(row.username())]; part != gis.MemberAdmin && part != gis.MemberOwner && !hasGroup(row.manages, g) {
			row.manages = append(row.manages, g)
			row.Steps = append(row.Steps, "manager of the group "+g.group.Title)
		}
	}
	for _, word := range row.Record.Groups {
		g := k.groups[word]
		if g.err != nil {
			row.refuse("Groups: %v", g.err)
			continue
		}
		if g.part[fold(row.username())] == "" && !hasGroup(row.manages, g) && !hasGroup(row.groups, g) {
			row.groups = append(row.groups, g)
			row.Steps = append(row.Steps, "group "+g.group.Title)
		}
	}
}

func hasGroup(list []*groupUse, g *groupUse) bool {
	return slices.ContainsFunc(list, func(o *groupUse) bool { return o.group.ID == g.group.ID })
}

func (k *importState) planFolders(row *ImportRow) {
	have := k.folders[fold(row.username())]
	for _, title := range row.Record.Folders {
		if !have[fold(title)] && !containsFold(row.folders, title) {
			row.folders = append(row.folders, title)
			row.Steps = append(row.Steps, "folder "+title)
		}
	}
}

// planNew chooses the way in which an account is made.
func (k *importState) planNew(row *ImportRow) {
	rec := &row.Record
	if free, taken := k.taken[fold(rec.Username)]; taken {
		row.refuse("the user name is taken outside the organization; %s would be free", free)
	}
	switch {
	case strings.HasPrefix(fold(rec.Username), "esri_") || fold(rec.Username) == "system_publisher":
		row.refuse("the user name belongs to the portal itself")
	case rec.Provider == "enterprise", rec.password() != "":
		row.Action = ActionCreate
	case k.online && k.opts.PasswordsOut == "":
		row.Action = ActionInvite
	case k.opts.PasswordsOut != "":
		row.Action = ActionCreate
	default:
		row.refuse("this portal makes accounts with a password: have one-time passwords written to a file, or give the provider enterprise")
	}
	if row.Action == ActionInvite && rec.Email == "" {
		row.refuse("Email is empty: the invitation could not be sent")
	}
	first := fmt.Sprintf("%s as %s", row.Action, k.words.roleName(row.role))
	if row.userType != "" {
		first += ", " + row.userType
	}
	row.Steps = append([]string{first}, row.Steps...)
	if row.disable != nil {
		row.Steps = append(row.Steps, "disable")
	}
}

// settle gives out the seats in the order of the rows. A row that does not fit as a whole gets
// nothing.
func (k *importState) settle(rows []ImportRow) {
	ledgers := map[esri.ItemID]*ledger{}
	for _, p := range k.products {
		ledgers[p.ItemID] = newLedger(p)
	}
	bundles := map[*BundleUse]*counter{}
	for _, b := range k.bundles {
		c := &counter{name: "the app bundle " + b.Name, seats: gis.NoLimit, taken: b.Users()}
		if b.MaxUsers > 0 {
			c.seats = b.MaxUsers
		}
		bundles[b] = c
	}
	for i := range rows {
		row := &rows[i]
		if len(row.Why) > 0 || row.Action == "" {
			continue
		}
		var undo []func()
		take := func(err error, back func()) {
			if err != nil {
				row.Why = append(row.Why, err.Error())
				return
			}
			undo = append(undo, back)
		}
		if c := k.types[row.userType]; c != nil {
			take(c.take(), c.giveUp)
		}
		for _, c := range row.set {
			l := ledgers[c.ItemID]
			take(l.change(c.Before, c.After), func() { _ = l.change(c.After, c.Before) })
		}
		for _, b := range row.bundles {
			take(bundles[b].take(), bundles[b].giveUp)
		}
		if len(row.Why) == 0 {
			if row.exists != nil && row.userType != "" && k.types[row.exists.UserLicenseTypeID] != nil {
				k.types[row.exists.UserLicenseTypeID].giveUp()
			}
			continue
		}
		slices.Sort(row.Why)
		for _, back := range undo {
			back()
		}
	}
}
