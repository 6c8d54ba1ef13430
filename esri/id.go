package esri

import (
	"crypto/rand"
	"encoding/hex"
)

// ItemID names an item: 32 lower-case hexadecimal characters.
type ItemID string

// GroupID names a group: 32 lower-case hexadecimal characters.
type GroupID string

// FolderID names a folder of one member: 32 lower-case hexadecimal characters. The empty
// FolderID is the member's root folder.
type FolderID string

// OrgID names an organization.
type OrgID string

// RoleID names a role: a predefined name such as org_admin, or 16 alphanumeric characters.
type RoleID string

// NewID draws 128 random bits in the form that items, groups and folders use.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// IsID reports whether s has the form of an item, group or folder identifier.
func IsID(s string) bool {
	if len(s) != 32 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
