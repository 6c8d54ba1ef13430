package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// SettingsUpdate is what is to change of the settings that have a resource of their own, by
// name, as JSON; null clears.
type SettingsUpdate map[string]json.RawMessage

// notice is what members or visitors are shown before they go on.
type notice struct {
	Title   string `json:"title"`
	Text    string `json:"text"`
	Buttons string `json:"buttons"` // acceptAndDecline or okOnly
	Enabled bool   `json:"enabled"`
}

// banner stands above every page.
type banner struct {
	Text      string `json:"text"`
	BGColor   string `json:"bgColor"`
	FontColor string `json:"fontColor"`
	Enabled   bool   `json:"enabled"`
}

// OrgSettings names the settings.
func OrgSettings() []string {
	return []string{"anonymousAccessNotice", "authenticatedAccessNotice", "informationalBanner", "portalConfigProperties"}
}

// Setting is a setting as it reads; what was never set has its empty form.
func (o *Org) Setting(name string) json.RawMessage {
	if doc, there := o.Config[name]; there {
		return doc
	}
	var empty any = struct{}{}
	switch name {
	case "anonymousAccessNotice", "authenticatedAccessNotice":
		empty = notice{Buttons: "okOnly"}
	case "informationalBanner":
		empty = banner{}
	}
	doc, err := json.Marshal(empty)
	if err != nil {
		panic(err) // only the literals above
	}
	return doc
}

// UpdateSettings changes settings of the organization, for who manages its security.
func (p *Portal) UpdateSettings(ctx context.Context, c Caller, id string, u SettingsUpdate) error {
	checked := make(SettingsUpdate, len(u))
	for name, value := range u {
		doc, err := checkSetting(name, value)
		if err != nil {
			return err
		}
		checked[name] = doc
	}
	return p.editOrg(ctx, c, id, func(_ Tx, a *actor, org *Org) error {
		if err := a.needs(privManageSecurity); err != nil {
			return err
		}
		for name, doc := range checked {
			if doc == nil {
				delete(org.Config, name)
			} else {
				org.Config[name] = doc
			}
		}
		return nil
	})
}

// checkSetting returns a setting in the form in which it is stored; nil clears it.
func checkSetting(name string, value json.RawMessage) (json.RawMessage, error) {
	if !slices.Contains(OrgSettings(), name) {
		return nil, ErrNotSupported("The parameter '" + name + "'")
	}
	if isNull(value) {
		return nil, nil
	}
	if len(value) > maxOrgJSON {
		return nil, ErrBadParam(name, fmt.Sprintf("must have at most %d KB", maxOrgJSON>>10))
	}
	if err := checkDepth(name, value); err != nil {
		return nil, err
	}
	var form any
	switch name {
	case "portalConfigProperties":
		form = &map[string]json.RawMessage{}
	case "informationalBanner":
		form = &banner{}
	default:
		form = &notice{Buttons: "okOnly"}
	}
	if err := json.Unmarshal(value, form); err != nil {
		return nil, ErrBadParam(name, "must be a JSON object of the documented form: "+err.Error())
	}
	if n, ok := form.(*notice); ok && n.Buttons != "okOnly" && n.Buttons != "acceptAndDecline" {
		return nil, ErrBadParam(name, "must have the buttons acceptAndDecline or okOnly")
	}
	return json.Marshal(form)
}
