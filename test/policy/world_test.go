package policy

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

const rest = "sharing/rest/"

// who is a caller: an account with its token. The zero value is anonymous.
type who struct{ name, password, token string }

// world is the portal that the walk asks, with the accounts that call.
type world struct {
	p      *portaltest.Portal
	client *http.Client
	admin  who // reads back what is stored
	cast   map[string]who

	receiver who    // is given content and groups
	plain    who    // a plain member of the groups, whom nobody calls as
	asking   who    // applies to every group
	circle   string // a private group of the cast; owner is a plain member of it
	team     string // a group whose members may update its items; owner is a manager of it
	showcase string // a group to which only its managers contribute; owner is a plain member of it
	others   string // a group without the owner
	folder   string // of the owner
	strange  string // a folder of the receiver
	hermit   string // an administrator whose profile is private, and who is in no group
	user     []string
	all      []string // privileges of the roles User and Administrator

	serial     atomic.Int64
	mu         sync.Mutex
	privileged map[string]func() who

	secrets      sync.Map // text: secret
	roles        sync.Map // account: role
	privilegesIn sync.Map // role: privileges
	ownerOf      sync.Map // accounts of states that begin with "own"
}

func newWorld(t *testing.T) *world {
	t.Helper()
	p := portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(licenses)))
	c := p.HTTPClient()
	if tr, ok := c.Transport.(*http.Transport); ok {
		tr = tr.Clone()
		tr.MaxIdleConnsPerHost = 2 * workers
		t.Cleanup(tr.CloseIdleConnections)
		c.Transport = tr
	}
	w := &world{p: p, client: c, privileged: map[string]func() who{}}
	w.admin = who{p.Admin, p.AdminPassword, p.AdminToken(t)}
	w.cast = map[string]who{"anonymous": {}, "administrator": w.account(t, portaltest.RoleAdmin)}
	w.all = texts(w.must(t, w.admin, rest+"community/self", nil)["privileges"])
	w.privilegesIn.Store(portaltest.RoleAdmin, w.all)
	w.cast["viewer"] = w.account(t, portaltest.RoleViewer)
	w.cast["powerless"] = w.account(t, w.role(t, nil))
	for _, name := range []string{"member", "owner", "group_member", "group_manager", "group_owner"} {
		w.cast[name] = w.account(t, portaltest.RoleUser)
	}
	w.receiver, w.plain, w.asking = w.account(t, portaltest.RoleUser), w.account(t, portaltest.RoleUser), w.account(t, portaltest.RoleUser)
	owner := w.cast["owner"]
	w.folder = w.must(t, owner, rest+"content/users/"+owner.name+"/createFolder", url.Values{"title": {"Maps"}})["folder"].(map[string]any)["id"].(string)
	for _, name := range endedNames {
		w.cast[name] = w.account(t, portaltest.RoleAdmin)
		w.must(t, w.admin, rest+"community/users/"+w.cast[name].name+"/"+strings.TrimSuffix(name, "d"), nil)
	}
	w.user = texts(w.must(t, w.cast["member"], rest+"community/self", nil)["privileges"])
	w.privilegesIn.Store(portaltest.RoleUser, w.user)
	w.privilegesIn.Store(portaltest.RoleViewer, texts(w.must(t, w.cast["viewer"], rest+"community/self", nil)["privileges"]))
	w.strange = w.must(t, w.receiver, rest+"content/users/"+w.receiver.name+"/createFolder", url.Values{"title": {"Maps"}})["folder"].(map[string]any)["id"].(string)
	hermit := w.named(t, w.unique("hidden"), portaltest.RoleAdmin)
	w.must(t, hermit, rest+"community/users/"+hermit.name+"/update", url.Values{"access": {"private"}})
	w.hermit = hermit.name
	w.hide(hermit.name, "portal:admin:viewUsers", hermit.name)
	w.circle, _ = w.group(t, url.Values{}, "owner")
	w.team, _ = w.group(t, url.Values{"capabilities": {"updateitemcontrol"}}, "owner")
	w.must(t, w.admin, rest+"community/groups/"+w.team+"/addUsers", url.Values{"admins": {w.cast["owner"].name}})
	w.showcase, _ = w.group(t, url.Values{"isViewOnly": {"true"}}, "owner")
	w.others, _ = w.group(t, url.Values{}, "")
	return w
}

// unique makes a name that nothing else has.
func (w *world) unique(prefix string) string { return fmt.Sprintf("%s%05dx", prefix, w.serial.Add(1)) }

// account makes a member with a role and signs it in.
func (w *world) account(t *testing.T, role string) who {
	t.Helper()
	return w.named(t, w.unique("user"), role)
}

func (w *world) named(t *testing.T, name, role string) who {
	t.Helper()
	a := who{name: name, password: "Aa1-" + w.unique("secret")}
	w.must(t, w.admin, "portaladmin/security/users/createUser", url.Values{
		"username": {a.name}, "password": {a.password}, "firstname": {"First"}, "lastname": {w.unique("Last")},
		"email": {a.name + "@example.com"}, "role": {role}, "provider": {"arcgis"},
	})
	a.token = w.p.Token(t, a.name, a.password)
	w.roles.Store(a.name, role)
	return a
}

// role makes a custom role.
func (w *world) role(t *testing.T, privileges []string) string {
	t.Helper()
	id := w.must(t, w.admin, rest+"portals/self/createRole", url.Values{"name": {w.unique("Role")}, "description": {"made for a test"}})["id"].(string)
	w.must(t, w.admin, rest+"portals/self/roles/"+id+"/setPrivileges", url.Values{"privileges": {mustJSON(map[string]any{"privileges": append([]string{}, privileges...)})}})
	w.privilegesIn.Store(id, privileges)
	return id
}

// group makes a private group of group_owner with group_manager, group_member, plain and one
// more of the cast in it.
func (w *world) group(t *testing.T, params url.Values, more string) (id, title string) {
	t.Helper()
	title = w.unique("Group ")
	form := url.Values{"title": {title}, "tags": {"policy"}, "access": {"private"}}
	for k, v := range params {
		form[k] = v
	}
	creator := w.cast["group_owner"]
	if form.Get("capabilities") != "" || form.Get("leavingDisallowed") != "" {
		creator = w.admin // the role User may not
	}
	g := w.must(t, creator, rest+"community/createGroup", form, thumbnail)["group"].(map[string]any)
	id = g["id"].(string)
	users := []string{w.cast["group_member"].name, w.plain.name}
	if more != "" {
		users = append(users, w.cast[more].name)
	}
	w.must(t, creator, rest+"community/groups/"+id+"/addUsers", url.Values{
		"users": {strings.Join(users, ",")}, "admins": {w.cast["group_manager"].name},
	})
	if form.Get("access") == "private" {
		w.hide(title, "portal:admin:viewGroups", append(users, w.cast["group_owner"].name, w.cast["group_manager"].name)...)
	}
	if creator == w.admin {
		w.must(t, creator, rest+"community/groups/"+id+"/reassign", url.Values{"targetUsername": {w.cast["group_owner"].name}})
		w.must(t, creator, rest+"community/groups/"+id+"/removeUsers", url.Values{"users": {w.admin.name}})
	}
	return id, title
}

// caller is the account that calls in the name of a caller of the table.
func (w *world) caller(t *testing.T, name string) who {
	t.Helper()
	if !privileged(name) {
		return w.cast[name]
	}
	w.mu.Lock()
	get := w.privileged[name]
	if get == nil {
		get = sync.OnceValue(func() who { return w.account(t, w.role(t, w.privilegesOf(t, name))) })
		w.privileged[name] = get
	}
	w.mu.Unlock()
	return get()
}

// privilegesOf lists what a custom role with or without a privilege holds.
func (w *world) privilegesOf(t *testing.T, name string) []string {
	t.Helper()
	side, named := split(name)
	for _, p := range named {
		if !slices.Contains(w.all, p) {
			t.Fatalf("%s: the portal has no privilege %s", name, p)
		}
	}
	admin := strings.Contains(named[0], ":admin:")
	base := []string{}
	switch {
	case admin && side == "with":
		base = w.user
	case admin:
		base = w.all
	case side == "without":
		base = w.user
	}
	if side == "with" {
		return append(slices.Clone(base), named...)
	}
	return slices.DeleteFunc(slices.Clone(base), func(p string) bool { return slices.Contains(named, p) })
}

// roleOf is the role that a caller of the table has.
func (w *world) roleOf(t *testing.T, name string) string {
	t.Helper()
	switch name {
	case "administrator":
		return portaltest.RoleAdmin
	case "viewer":
		return portaltest.RoleViewer
	case "member":
		return portaltest.RoleUser
	case "powerless":
		return w.role(t, nil)
	}
	return w.role(t, w.privilegesOf(t, name))
}

func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
