package member

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// OwnedFolder is a folder with items; an empty id and title is the root folder.
type OwnedFolder struct {
	ID    esri.FolderID `json:"id,omitempty"`
	Title string        `json:"title,omitempty"`
	Items int           `json:"items"`
}

// OwnedGroup is a group with a member's part in it.
type OwnedGroup struct {
	ID    esri.GroupID   `json:"id"`
	Title string         `json:"title"`
	Part  gis.MemberType `json:"part"` // owner, admin or member
}

// HeldLicense is what a member holds of a product.
type HeldLicense struct {
	ItemID       esri.ItemID `json:"itemId"`
	Product      string      `json:"product"`
	Entitlements []string    `json:"entitlements"`
}

// HeldBundle is an app bundle that a member holds.
type HeldBundle struct {
	ID   string `json:"id"` // of its item
	Name string `json:"name"`
}
