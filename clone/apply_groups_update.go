package clone

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// settleGroup brings the plain properties and the picture of a group in line, writing only what
// differs, and reports whether anything did. What members may do with each other's items is
// chosen when a group is made: a group that differs there is reported.
func (a *applier) settleGroup(ctx context.Context, s Step, src, dst *gis.Group) (changed bool, err error) {
	up, differs := groupChange(src, dst, cmp.Or(s.Rename, titleOf(src, dst)), a.groupAccess(src))
	pic, differsToo, err := a.pictureDiffers(ctx, src.Thumbnail, src.OpenThumbnail, dst.Thumbnail, dst.OpenThumbnail)
	if err != nil {
		return false, err
	}
	up.Thumbnail = pic
	if differs || pic != nil {
		if err := dst.Update(ctx, up); err != nil {
			return true, fmt.Errorf("update its properties: %w", err)
		}
	}
	if differsToo && pic == nil {
		if err := dst.DeleteThumbnail(ctx); err != nil {
			return true, fmt.Errorf("remove its thumbnail: %w", err)
		}
	}
	if src.SharedUpdate() != dst.SharedUpdate() {
		a.rep.note(fmt.Sprintf("group %s: whether members update each other's items differs, and is chosen only when a group is made; make the group anew with --on-conflict replace", describe(src.Title, s.Source)))
	}
	return differs || differsToo, nil
}

// titleOf is the title of the copy of a group: that of the source, or the one with a number
// behind it that an earlier run found free.
func titleOf(src, dst *gis.Group) string {
	if _, ours := readMarker(dst.Properties); ours && strings.HasPrefix(dst.Title, src.Title+" (") {
		return dst.Title
	}
	return src.Title
}

// groupChange lists the plain properties of a group that differ.
func groupChange(src, dst *gis.Group, title string, access gis.Access) (up gis.GroupUpdate, differs bool) {
	text := func(to **string, want, have string) {
		if want != have {
			*to, differs = &want, true
		}
	}
	flag := func(to **bool, want, have bool) {
		if want != have {
			*to, differs = &want, true
		}
	}
	list := func(to **[]string, want, have []string) {
		if set(want) != set(have) {
			want = append([]string{}, want...)
			*to, differs = &want, true
		}
	}
	text(&up.Title, title, dst.Title)
	text(&up.Phone, src.Phone, dst.Phone)
	text(&up.MembershipAccess, src.MembershipAccess, dst.MembershipAccess)
	text(&up.ItemTypes, itemTypes(src.DisplaySettings), itemTypes(dst.DisplaySettings))
	flag(&up.InvitationOnly, src.IsInvitationOnly, dst.IsInvitationOnly)
	flag(&up.ViewOnly, src.IsViewOnly, dst.IsViewOnly)
	flag(&up.AutoJoin, src.AutoJoin, dst.AutoJoin)
	flag(&up.LeavingDisallowed, src.LeavingDisallowed, dst.LeavingDisallowed)
	flag(&up.HiddenMembers, src.HiddenMembers, dst.HiddenMembers)
	flag(&up.OpenData, src.IsOpenData, dst.IsOpenData)
	list(&up.Tags, withoutSourceTags(src.Tags), withoutSourceTags(dst.Tags))
	list(&up.TypeKeywords, src.TypeKeywords, dst.TypeKeywords)
	if access != dst.Access {
		up.Access, differs = &access, true
	}
	if !strings.EqualFold(src.SortField, dst.SortField) {
		up.SortField, differs = &src.SortField, true
	}
	if !strings.EqualFold(string(src.SortOrder), string(dst.SortOrder)) {
		up.SortOrder, differs = &src.SortOrder, true
	}
	return up, differs
}
