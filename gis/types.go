package gis

import "slices"

// Access says who may see an item, a group or a member's profile. Values that are not listed
// here pass through unchanged.
type Access string

// The levels of [Access].
const (
	AccessPrivate Access = "private" // the owner and administrators; for groups: the members
	AccessShared  Access = "shared"  // items only: also the members of the groups it is shared with
	AccessOrg     Access = "org"     // every member of the organization
	AccessPublic  Access = "public"  // everybody
)

// SortOrder is the direction of a sorted listing.
type SortOrder string

// The directions.
const (
	Ascending  SortOrder = "asc"
	Descending SortOrder = "desc"
)

// MemberType is an account's part in a group.
type MemberType string

// The parts.
const (
	MemberOwner  MemberType = "owner"
	MemberAdmin  MemberType = "admin" // a manager of the group
	MemberMember MemberType = "member"
	MemberNone   MemberType = "none"
)

// strs writes ids and other words of their own type as plain texts.
func strs[S ~string](in []S) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}

// compact drops empty texts and repetitions, and keeps the order.
func compact[S ~string](in []S) []string {
	var out []string
	for _, s := range in {
		if s != "" && !slices.Contains(out, string(s)) {
			out = append(out, string(s))
		}
	}
	return out
}
