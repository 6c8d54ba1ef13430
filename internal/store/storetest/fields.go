package storetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Every field of every object comes back as it was written: full, changed, and empty. The
// values are made by reflection, so that a field that is added to the domain and forgotten
// in the store fails here.
var fieldTests = []namedTest{
	{"organization", roundTrip("", func(tx portal.Tx, o *portal.Org) error { return tx.PutOrg(o) },
		func(tx portal.Tx, _ *portal.Org) (*portal.Org, error) { return tx.Org() })},
	{"user", roundTrip("Username", func(tx portal.Tx, u *portal.User) error { return tx.PutUser(u) },
		func(tx portal.Tx, u *portal.User) (*portal.User, error) { return tx.User(u.Username) })},
	{"role", roundTrip("ID", func(tx portal.Tx, r *portal.Role) error { return tx.PutRole(r) },
		func(tx portal.Tx, r *portal.Role) (*portal.Role, error) { return tx.Role(r.ID) })},
	{"token", roundTrip("Hash", func(tx portal.Tx, k *portal.Token) error { return tx.PutToken(k) },
		func(tx portal.Tx, k *portal.Token) (*portal.Token, error) { return tx.Token(k.Hash) })},
	{"group", roundTrip("ID", func(tx portal.Tx, g *portal.Group) error { return tx.PutGroup(g) },
		func(tx portal.Tx, g *portal.Group) (*portal.Group, error) { return tx.Group(g.ID) })},
	{"membership", roundTrip("Group,Username", func(tx portal.Tx, m *portal.Membership) error {
		if err := putUsers(tx, m.Username); err != nil {
			return err
		}
		if err := tx.PutGroup(&portal.Group{ID: m.Group}); err != nil {
			return err
		}
		return tx.PutMembership(*m)
	}, func(tx portal.Tx, m *portal.Membership) (*portal.Membership, error) {
		return tx.Membership(m.Group, m.Username)
	})},
	{"folder", roundTrip("ID", func(tx portal.Tx, f *portal.Folder) error { return tx.PutFolder(f) },
		func(tx portal.Tx, f *portal.Folder) (*portal.Folder, error) { return tx.Folder(f.ID) })},
	{"item", roundTrip("ID", func(tx portal.Tx, it *portal.Item) error { return tx.PutItem(it) },
		func(tx portal.Tx, it *portal.Item) (*portal.Item, error) { return tx.Item(it.ID) })},
	{"info file", roundTrip("Item,Path", func(tx portal.Tx, f *portal.InfoFile) error {
		if err := tx.PutItem(&portal.Item{ID: f.Item}); err != nil {
			return err
		}
		return tx.PutInfo(f)
	}, func(tx portal.Tx, f *portal.InfoFile) (*portal.InfoFile, error) { return tx.Info(f.Item, f.Path) })},
	{"resource", roundTrip("Item,Path", func(tx portal.Tx, r *portal.Resource) error {
		if err := tx.PutItem(&portal.Item{ID: r.Item}); err != nil {
			return err
		}
		return tx.PutResource(r)
	}, func(tx portal.Tx, r *portal.Resource) (*portal.Resource, error) { return tx.Resource(r.Item, r.Path) })},
	{"app", roundTrip("ClientID,Item", func(tx portal.Tx, a *portal.App) error {
		if err := tx.PutItem(&portal.Item{ID: a.Item}); err != nil {
			return err
		}
		return tx.PutApp(a)
	}, func(tx portal.Tx, a *portal.App) (*portal.App, error) { return tx.App(a.ClientID) })},
	{"organization's file", roundTrip("Key", func(tx portal.Tx, f *portal.OrgFile) error { return tx.PutOrgFile(f) },
		func(tx portal.Tx, f *portal.OrgFile) (*portal.OrgFile, error) { return tx.OrgFile(f.Key) })},
	{"relation", roundTrip("Origin,Destination,Type", func(tx portal.Tx, r *portal.Relation) error {
		for _, n := range []esri.ItemID{r.Origin, r.Destination} {
			if err := tx.PutItem(&portal.Item{ID: n}); err != nil {
				return err
			}
		}
		return tx.PutRelation(*r)
	}, func(tx portal.Tx, r *portal.Relation) (*portal.Relation, error) {
		return tx.Relation(r.Origin, r.Destination, r.Type)
	})},
	{"part", roundTrip("Item,Number", func(tx portal.Tx, p *portal.Part) error {
		if err := tx.PutItem(&portal.Item{ID: p.Item}); err != nil {
			return err
		}
		return tx.PutPart(*p)
	}, func(tx portal.Tx, p *portal.Part) (*portal.Part, error) {
		parts, err := tx.Parts(p.Item)
		if err != nil || len(parts) != 1 {
			return nil, fmt.Errorf("%d parts, %w", len(parts), err)
		}
		return &parts[0], nil
	})},
}

// roundTrip writes an object full, changed, with empty lists and all but empty, and reads it
// back each time, also after the store was closed. key names the fields that identify it.
func roundTrip[T any](key string, put func(portal.Tx, *T) error, read func(portal.Tx, *T) (*T, error)) func(*bench) {
	return func(b *bench) {
		full, changed := filled[T](1), filled[T](2)
		lists, bare := filled[T](3), new(T)
		eachField(reflect.ValueOf(lists).Elem(), func(v reflect.Value) {
			if v.Type() == reflect.TypeFor[[]string]() {
				v.Set(reflect.ValueOf([]string{}))
			}
		})
		for _, name := range fields(key) {
			for _, v := range []*T{changed, lists, bare} {
				reflect.ValueOf(v).Elem().FieldByName(name).Set(reflect.ValueOf(full).Elem().FieldByName(name))
			}
		}
		eachField(reflect.ValueOf(bare).Elem(), func(v reflect.Value) { // a file has a blob
			if v.Type() == reflect.TypeFor[portal.Blob]() {
				n := 1
				fill(v, &n)
			}
		})
		for step, want := range []*T{full, changed, lists, full, bare} {
			b.update(func(tx portal.Tx) error {
				if err := keepBlobs(tx, want); err != nil {
					return err
				}
				return put(tx, want)
			})
			if step%2 == 1 {
				b.reopen()
			}
			got := get(b, func(tx portal.Tx) (*T, error) { return read(tx, want) })
			if !reflect.DeepEqual(got, want) {
				b.Errorf("step %d: wrote\n%s\nread\n%s", step, dump(want), dump(got))
			}
		}
	}
}

func fields(list string) []string {
	var names []string
	for name := range splitSeq(list) {
		names = append(names, name)
	}
	return names
}

// keepBlobs keeps every blob that v names.
func keepBlobs(tx portal.Tx, v any) (err error) {
	eachField(reflect.ValueOf(v).Elem(), func(f reflect.Value) {
		if b, ok := f.Interface().(portal.Blob); ok && b.Hash != "" && err == nil {
			err = tx.KeepBlob(withContent(b))
		}
	})
	return err
}

// eachField calls fn for v and everything in it.
func eachField(v reflect.Value, fn func(reflect.Value)) {
	fn(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachField(v.Elem(), fn)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			eachField(v.Field(i), fn)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachField(v.Index(i), fn)
		}
	}
}

// filled makes a T in which every field, at every depth, has a value of its own.
func filled[T any](seed int) *T {
	v := new(T)
	n := seed * 1000
	fill(reflect.ValueOf(v).Elem(), &n)
	return v
}

func fill(v reflect.Value, n *int) {
	*n++
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(epoch.Add(time.Duration(*n) * time.Millisecond)))
		return
	case reflect.TypeFor[json.RawMessage]():
		v.Set(reflect.ValueOf(json.RawMessage(fmt.Sprintf(`{ "ü":[%d , null] }`, *n))))
		return
	case reflect.TypeFor[portal.Blob]():
		b := blobOf(fmt.Sprintf("content %d", *n))
		b.Inline = nil
		v.Set(reflect.ValueOf(b))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("Värde <b>%d</b> 'x' \"y\" 洪", *n))
	case reflect.Bool:
		v.SetBool(*n/1000%2 == 1)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.25)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			if raw, ok := value.Interface().(json.RawMessage); ok { // settings keep their meaning, not their spaces
				value.SetBytes([]byte(strings.ReplaceAll(string(raw), " ", "")))
			}
			v.SetMapIndex(key, value)
		}
	default:
		panic("no value for " + v.Type().String())
	}
}

func dump(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(b)
}
