package portal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Limits of the properties of the organization.
const (
	maxOrgName = 250
	maxOrgText = 64 << 10 // bytes
	maxOrgJSON = 1 << 20
	maxOrgList = 100
)

// check names the first property that the organization cannot have.
func (u *OrgUpdate) check() error {
	for name, value := range u.Values {
		prop, known := orgProperty(name)
		switch {
		case !known:
			return ErrNotSupported("The parameter '" + name + "'")
		case isNull(value) && (name == "name" || name == "access"):
			return ErrBadParam(name, "must not be empty")
		case isNull(value):
			continue
		case len(value) > maxOrgJSON:
			return ErrBadParam(name, fmt.Sprintf("must have at most %d KB", maxOrgJSON>>10))
		}
		if err := prop.check(value); err != nil {
			return err
		}
	}
	return nil
}

// check holds a value against the form of its property.
func (p *OrgProperty) check(value json.RawMessage) error {
	switch p.Kind {
	case TextProperty:
		return p.checkText(value)
	case BoolProperty:
		return fits[bool](p.Name, "true or false", value)
	case NumberProperty:
		return fits[uint32](p.Name, "a whole number", value)
	case ListProperty:
		var list []string
		if err := json.Unmarshal(value, &list); err != nil || len(list) > maxOrgList {
			return ErrBadParam(p.Name, fmt.Sprintf("must be a list of at most %d texts", maxOrgList))
		}
		return nil
	case ObjectProperty:
		return p.checkObject(value)
	default:
		var list []json.RawMessage
		if err := json.Unmarshal(value, &list); err != nil || len(list) > maxOrgList {
			return ErrBadParam(p.Name, fmt.Sprintf("must be a JSON array of at most %d objects", maxOrgList))
		}
		for _, one := range list {
			if err := p.checkObject(one); err != nil {
				return err
			}
		}
		return nil
	}
}

func fits[T any](name, form string, value json.RawMessage) error {
	var v T
	if json.Unmarshal(value, &v) != nil {
		return ErrBadParam(name, "must be "+form)
	}
	return nil
}

func (p *OrgProperty) checkText(value json.RawMessage) error {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return ErrBadParam(p.Name, "must be a text")
	}
	if len(text) > maxOrgText {
		return ErrBadParam(p.Name, fmt.Sprintf("must have at most %d KB", maxOrgText>>10))
	}
	oneOf := map[string][]string{"access": {"public", "private"}, "units": {"english", "metric"}}[p.Name]
	if oneOf != nil && !slices.Contains(oneOf, text) {
		return ErrBadParam(p.Name, "must be "+strings.Join(oneOf, " or "))
	}
	if p.Name == "name" {
		if strings.TrimSpace(text) == "" {
			return ErrBadParam(p.Name, "must not be empty")
		}
		return checkText(p.Name, text, maxOrgName)
	}
	return nil
}

// checkObject refuses what is no JSON object, and services at addresses that run as scripts.
func (p *OrgProperty) checkObject(value json.RawMessage) error {
	if !bytes.HasPrefix(bytes.TrimSpace(value), []byte("{")) {
		return ErrBadParam(p.Name, "must hold JSON objects")
	}
	if err := checkDepth(p.Name, value); err != nil {
		return err
	}
	var service struct {
		URL *string `json:"url"`
		ID  *string `json:"id"`
	}
	if err := json.Unmarshal(value, &service); err != nil {
		return ErrBadParam(p.Name, "must hold JSON objects: "+err.Error())
	}
	switch {
	case p.Service == "" && p.Name != "featuredGroups":
		return nil
	case p.Service == "" && service.ID == nil:
		return ErrBadParam(p.Name, "needs the id of each group")
	case p.Service == "":
		return nil
	case service.URL == nil:
		return ErrBadParam(p.Name, "needs the url of the service")
	}
	u, err := url.Parse(*service.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "") {
		return ErrBadParam(p.Name, "needs a url that begins with https://")
	}
	return nil
}
