package soak

import (
	"context"
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// builders is how many objects of a large portal are made at a time.
const builders = 32

// largePortal is a portal with many of everything that a clone copies.
type largePortal struct {
	p       *gis.Portal
	members []string
	folders []esri.FolderID // three of each member, in the order of members
	groups  []esri.GroupID
	items   []*gis.Item
	related map[int]bool
	t       testing.TB
}

func buildLarge(t *testing.T, srv *portaltest.Portal, items int) *largePortal {
	t.Helper()
	p, err := gis.New(srv.URL, auth.Password(srv.Admin, srv.AdminPassword), gis.WithConcurrency(builders))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	l := &largePortal{p: p, t: t, members: make([]string, 50), groups: make([]esri.GroupID, 50*max(1, min(4, items/500))), items: make([]*gis.Item, items), related: map[int]bool{}}
	l.folders = make([]esri.FolderID, 3*len(l.members))
	l.each(len(l.members), l.addMember)
	l.each(len(l.groups), l.addGroup)
	services := items / 10
	l.each(services, l.addItem) // what the others refer to
	l.each(items-services, func(ctx context.Context, i int) error { return l.addItem(ctx, services+i) })
	for i := services; i < items; i++ {
		l.related[i] = i%9 == 1 && isMap(i)
	}
	l.each(items, func(ctx context.Context, i int) error {
		if !l.related[i] {
			return nil
		}
		return l.relate(ctx, i, l.service(i))
	})
	return l
}

// each runs do for n objects, many at a time.
func (l *largePortal) each(n int, do func(ctx context.Context, i int) error) {
	l.t.Helper()
	g, ctx := errgroup.WithContext(l.t.Context())
	g.SetLimit(builders)
	for i := range n {
		g.Go(func() error { return do(ctx, i) })
	}
	if err := g.Wait(); err != nil {
		l.t.Fatal(err)
	}
}

func (l *largePortal) addMember(ctx context.Context, i int) error {
	name := fmt.Sprintf("member_%03d", i)
	l.members[i] = name
	_, err := l.p.Users.Create(ctx, gis.UserSpec{
		Username: name, Password: "nobody-knows-1", FirstName: "Member", LastName: fmt.Sprint(i), Email: name + "@example.org", Role: gis.RolePublisher, UserType: "creatorUT",
	})
	for k := 0; k < 3 && err == nil; k++ {
		var f *gis.Folder
		if f, err = l.p.Content.CreateFolder(ctx, name, fmt.Sprintf("Folder %d of %s", k, name)); err == nil {
			l.folders[3*i+k] = f.ID
		}
	}
	return err
}

func (l *largePortal) addGroup(ctx context.Context, i int) error {
	g, err := l.p.Groups.Create(ctx, gis.GroupSpec{Title: fmt.Sprintf("Group %03d", i), Tags: []string{"large"}, Access: gis.AccessOrg})
	if err != nil {
		return err
	}
	l.groups[i] = g.ID
	n := len(l.members)
	return g.AddUsers(ctx, l.members[i%n], l.members[(i+7)%n], l.members[(i+19)%n])
}

// group is one that the owner of item i belongs to.
func (l *largePortal) group(i int) esri.GroupID {
	n := len(l.members)
	return l.groups[i%n+n*(i/n%(len(l.groups)/n))]
}

// service is the item that item i refers to.
func (l *largePortal) service(i int) int { return (i * 7) % (len(l.items) / 10) }

// isMap tells which of the items after the services are web maps.
func isMap(i int) bool { return i%5 > 1 }

// addItem adds a service for each of the first tenth, then maps, apps with resources, and files.
func (l *largePortal) addItem(ctx context.Context, i int) error {
	owner := i % len(l.members)
	spec := gis.ItemSpec{Owner: l.members[owner], Title: fmt.Sprintf("Item %05d", i), Tags: []string{"large", fmt.Sprintf("t%d", i%100)}, Snippet: "one of many"}
	if k := (i / len(l.members)) % 4; k > 0 {
		spec.Folder = l.folders[3*owner+k-1]
	}
	opts := []gis.WriteOption{gis.WithoutRefresh()}
	switch {
	case i < len(l.items)/10:
		spec.Type, spec.URL = "Feature Service", fmt.Sprintf("https://gis.example.org/server/rest/services/S%d/FeatureServer", i)
	case i%5 == 0:
		spec.Type = "Web Mapping Application"
		opts = append(opts, gis.WithText(fmt.Sprintf(`{"values":{"item":"%s"}}`, l.items[l.service(i)].ID)))
	case i%5 == 1:
		spec.Type = "CSV"
		opts = append(opts, gis.WithData(gis.BytesUpload(fmt.Sprintf("points_%d.csv", i), fmt.Appendf(nil, "name,lat,lon\nP%d,%d.5,1.5\n", i, i%90))))
	default:
		spec.Type = "Web Map"
		opts = append(opts, gis.WithText(l.webMap(i, 0)))
	}
	it, err := l.p.Content.Add(ctx, spec, opts...)
	if err != nil {
		return fmt.Errorf("item %d: %w", i, err)
	}
	l.items[i] = it
	if spec.Type == "Web Mapping Application" {
		err = it.Resources().Add(ctx, l.resource(i, 0))
	}
	if err == nil {
		err = l.shareFirst(ctx, i)
	}
	return err
}

// webMap is the data of item i in one of its states.
func (l *largePortal) webMap(i, state int) string {
	service := l.items[l.service(i)]
	return fmt.Sprintf(`{"operationalLayers":[{"id":"l%d","itemId":"%s","url":"%s/0","title":"Layer"}],"state":%d,"version":"2.31"}`, i, service.ID, service.URL, state)
}

func (l *largePortal) resource(i, state int) gis.ResourceSpec {
	return gis.ResourceSpec{Name: "config/settings.json", Upload: gis.BytesUpload("settings.json",
		fmt.Appendf(nil, `{"map":"%s","states":[%s]}`, l.items[i].ID, fmt.Sprintf("%0*d", 3+state, 1)))}
}

// shareFirst shares a third with a group, a third with the organization, and leaves the others.
func (l *largePortal) shareFirst(ctx context.Context, i int) error {
	switch i % 3 {
	case 0:
		return l.items[i].Share(ctx, gis.Share{Groups: []esri.GroupID{l.group(i)}})
	case 1:
		return l.items[i].Share(ctx, gis.Share{Access: gis.AccessOrg})
	}
	return nil
}

func (l *largePortal) relate(ctx context.Context, from, to int) error {
	return l.items[from].AddRelationship(ctx, l.items[to].ID, gis.RelationshipType("Map2Service"))
}
