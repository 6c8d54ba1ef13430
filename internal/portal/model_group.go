package portal

import (
	"encoding/json"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// Group is a set of members that items are shared with.
type Group struct {
	ID                esri.GroupID
	Title             string
	Owner             string
	Description       string
	Snippet           string
	Phone             string
	Tags              []string
	TypeKeywords      []string
	SortField         string
	SortOrder         string
	Access            Access
	InvitationOnly    bool
	ViewOnly          bool
	AutoJoin          bool
	Protected         bool
	ReadOnly          bool
	LeavingDisallowed bool
	HiddenMembers     bool
	OpenData          bool
	Fav               bool     // the hidden favorites group of a member
	Capabilities      []string // updateitemcontrol: members may edit the items
	MembershipAccess  string   // org, collaboration, none or empty
	DisplaySettings   json.RawMessage
	Properties        json.RawMessage
	HasCategories     bool // has a schema of categories
	Provider          string
	ProviderGroupName string
	Thumbnail         *File
	Created           time.Time
	Modified          time.Time
}

// SharedUpdate reports whether members of g may edit the items shared with it.
func (g *Group) SharedUpdate() bool {
	for _, c := range g.Capabilities {
		if c == "updateitemcontrol" {
			return true
		}
	}
	return false
}

// MemberType is a member's part in a group.
type MemberType string

// Member types of a group. The owner is stored on the group and also as a membership.
const (
	MemberNone   MemberType = "none"
	MemberPlain  MemberType = "member"
	MemberAdmin  MemberType = "admin" // a manager
	MemberOwner  MemberType = "owner"
	MemberAsking MemberType = "applicant" // asked to join; not a member
)

// Membership is one member of one group.
type Membership struct {
	Group    esri.GroupID
	Username string
	Type     MemberType
	Joined   time.Time
}
