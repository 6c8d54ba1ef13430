package portal

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// OrgUpdate is what is to change of the organization: properties of OrgProperties by name, as
// JSON; null clears. Others stay as they are.
type OrgUpdate struct {
	Values         map[string]json.RawMessage
	Thumbnail      *File // nil: stays
	ClearThumbnail bool
}

// UpdateOrganization changes the organization, each property by who holds its privilege.
func (p *Portal) UpdateOrganization(ctx context.Context, c Caller, id string, u OrgUpdate) error {
	if err := u.check(); err != nil {
		return err
	}
	pic, err := p.orgPicture(ctx, c, u.Thumbnail)
	if err != nil {
		return err
	}
	return p.editOrg(ctx, c, id, func(tx Tx, a *actor, org *Org) error {
		if err := u.allowed(a); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(u.Values)) {
			if err := org.apply(name, u.Values[name]); err != nil {
				return err
			}
		}
		if pic == nil && !u.ClearThumbnail {
			return nil
		}
		return setOrgPicture(tx, org, pic)
	})
}

// editOrg changes the organization in one transaction; edit decides whether the caller may.
func (p *Portal) editOrg(ctx context.Context, c Caller, id string, edit func(Tx, *actor, *Org) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		org, err := namedOrg(tx, id)
		if err != nil {
			return err
		}
		if org.Settings == nil {
			org.Settings = map[string]json.RawMessage{}
		}
		if org.Config == nil {
			org.Config = map[string]json.RawMessage{}
		}
		if err := edit(tx, a, org); err != nil {
			return err
		}
		org.Modified = p.clock.Now()
		return tx.PutOrg(org)
	})
}

// allowed asks for the privilege of each property; a call that changes nothing is for who
// manages the website.
func (u *OrgUpdate) allowed(a *actor) error {
	needed := map[string]bool{}
	for name := range u.Values {
		prop, _ := orgProperty(name)
		needed[prop.Privilege] = true
	}
	if u.Thumbnail != nil || u.ClearThumbnail || len(needed) == 0 {
		needed[privWebsite] = true
	}
	return a.lacks(slices.Sorted(maps.Keys(needed)))
}

// apply sets or clears one property that was checked.
func (o *Org) apply(name string, value json.RawMessage) error {
	prop, _ := orgProperty(name)
	switch {
	case prop.Service != "":
		return o.setService(prop.Service, value)
	case name == "name":
		return json.Unmarshal(value, &o.Name)
	case name == "description" && isNull(value):
		o.Description = ""
	case name == "description":
		return json.Unmarshal(value, &o.Description)
	case !isNull(value):
		o.Settings[name] = slices.Clone(value)
	case strings.HasSuffix(name, "GroupQuery"):
		o.Settings[name] = json.RawMessage(`""`)
	default:
		delete(o.Settings, name)
	}
	return nil
}

// helperServicesKey is where the helper services stand among the settings.
const helperServicesKey = "helperServices"

// HelperServices are the services that administrators set, by the names that viewers know.
func (o *Org) HelperServices() map[string]json.RawMessage {
	services := map[string]json.RawMessage{}
	_ = json.Unmarshal(o.Settings[helperServicesKey], &services) // written here as an object, or absent
	return services
}

func (o *Org) setService(name string, value json.RawMessage) error {
	services := o.HelperServices()
	if isNull(value) {
		delete(services, name)
	} else {
		services[name] = value
	}
	doc, err := json.Marshal(services)
	o.Settings[helperServicesKey] = doc
	return err
}

// refuses reports whether a switch of the organization is off.
func (o *Org) refuses(name string) bool { return string(o.Settings[name]) == "false" }

// orgPicture accepts the picture of the organization, for who may set it.
func (p *Portal) orgPicture(ctx context.Context, c Caller, f *File) (*File, error) {
	if f == nil {
		return nil, nil
	}
	if err := p.Administers(ctx, c, privWebsite); err != nil {
		return nil, err
	}
	pic, err := p.checkedThumbnail(ctx, f)
	if err != nil {
		return nil, err
	}
	pic.Name = strings.Map(plainInPath, strings.TrimSpace(pic.Name))
	return pic, checkFileName("thumbnail", pic.Name)
}

// thumbnailKey is where the name of the organization's picture stands; the picture itself is
// one of the organization's files.
const thumbnailKey = "thumbnail"

func setOrgPicture(tx Tx, org *Org, pic *File) error {
	if old := org.picture(); old != "" {
		if err := tx.DeleteOrgFile(old); err != nil {
			return err
		}
		delete(org.Settings, thumbnailKey)
	}
	if pic == nil {
		return nil
	}
	if err := tx.KeepBlob(pic.Blob); err != nil {
		return err
	}
	if _, err := tx.OrgFile(pic.Name); !errors.Is(err, ErrAbsent) {
		if err == nil {
			err = ErrBadParam("thumbnail", "has the name of a resource of the organization: '"+pic.Name+"'")
		}
		return err
	}
	name, err := json.Marshal(pic.Name)
	if err != nil {
		return err
	}
	org.Settings[thumbnailKey] = name
	return tx.PutOrgFile(&OrgFile{Key: pic.Name, Access: Public, Created: org.Created, File: *pic})
}

// picture is the name of the organization's picture, empty for none.
func (o *Org) picture() string {
	var name string
	_ = json.Unmarshal(o.Settings[thumbnailKey], &name) // written here as a text, or absent
	return name
}
