package clone

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// dressUser makes user type, role, profile, picture and state of an account those of its
// source, writing only what differs, and reports whether anything did. The connecting account
// keeps its role, user type and state: nobody saws off the branch that the run sits on.
func (a *applier) dressUser(ctx context.Context, dst *gis.User, want *account) (changed bool, err error) {
	mine := strings.EqualFold(dst.Username, a.dst.side.User)
	if !mine {
		if changed, err = settleLicense(ctx, dst, want); err != nil {
			return changed, err
		}
	}
	up, differs := profileChange(want.src, dst)
	pic, differsToo, err := a.pictureChange(ctx, want.src, dst)
	if err != nil {
		return changed, err
	}
	up.Thumbnail = pic
	if differs || pic != nil {
		if err := dst.Update(ctx, up); err != nil {
			return true, fmt.Errorf("update the profile: %w", err)
		}
	}
	if differsToo && pic == nil {
		if err := dst.DeleteThumbnail(ctx); err != nil {
			return true, fmt.Errorf("remove the thumbnail: %w", err)
		}
	}
	changed = changed || differs || differsToo
	if mine {
		return changed, nil
	}
	if want.fresh && want.src.Provider != "enterprise" {
		if err := dst.ExpirePassword(ctx); err != nil {
			return true, fmt.Errorf("expire the password: %w", err)
		}
	}
	if want.src.Disabled != dst.Disabled {
		changed = true
		turn := dst.Enable
		if want.src.Disabled {
			turn = dst.Disable
		}
		if err := turn(ctx); err != nil {
			return true, fmt.Errorf("set the state: %w", err)
		}
	}
	return changed, nil
}

// settleLicense sets user type and role. A role may ask for more than the old user type allows,
// and a user type for less than the old role needs: what is refused first is tried again last.
func settleLicense(ctx context.Context, dst *gis.User, want *account) (changed bool, err error) {
	typed := want.userType == "" || dst.UserLicenseTypeID == want.userType
	var refused error
	if !typed {
		changed = true
		refused = dst.SetUserType(ctx, want.userType)
	}
	if want.role != "" && dst.EffectiveRole() != want.role {
		changed = true
		if err := dst.SetRole(ctx, want.role); err != nil {
			return true, fmt.Errorf("set the role: %w", err)
		}
	}
	if refused != nil {
		if err := dst.SetUserType(ctx, want.userType); err != nil {
			return true, fmt.Errorf("set the user type: %w", err)
		}
	}
	return changed, nil
}

// profileChange lists the properties of a profile that differ.
func profileChange(src, dst *gis.User) (up gis.UserUpdate, differs bool) {
	text := func(to **string, want, have string) {
		if want != have {
			*to, differs = &want, true
		}
	}
	if src.FullName != dst.FullName || src.FirstName != dst.FirstName || src.LastName != dst.LastName {
		// Together: portals derive one from the others where it is not given.
		up.FullName, up.FirstName, up.LastName, differs = &src.FullName, &src.FirstName, &src.LastName, true
	}
	text(&up.Email, src.Email, dst.Email)
	text(&up.Description, src.Description, dst.Description)
	text(&up.PreferredView, src.PreferredView, dst.PreferredView)
	text(&up.Culture, src.Culture, dst.Culture)
	text(&up.CultureFormat, src.CultureFormat, dst.CultureFormat)
	text(&up.Region, src.Region, dst.Region)
	text(&up.Units, src.Units, dst.Units)
	if src.IDPUsername != "" {
		text(&up.IDPUsername, src.IDPUsername, dst.IDPUsername)
	}
	if src.Access != dst.Access {
		up.Access, differs = &src.Access, true
	}
	if set(src.Tags) != set(dst.Tags) {
		up.Tags, differs = &src.Tags, true
	}
	return up, differs
}

// pictureChange returns the picture that an account lacks, nil where there is none to send, and
// reports whether the pictures differ.
func (a *applier) pictureChange(ctx context.Context, src, dst *gis.User) (*gis.Upload, bool, error) {
	return a.pictureDiffers(ctx, src.Thumbnail, src.OpenThumbnail, dst.Thumbnail, dst.OpenThumbnail)
}

// pictureDiffers compares two pictures by their bytes.
func (a *applier) pictureDiffers(ctx context.Context, srcName string, src opener, dstName string, dst opener) (*gis.Upload, bool, error) {
	if srcName == "" {
		return nil, dstName != "", nil
	}
	want, err := a.small(ctx, src)
	if err != nil {
		return nil, false, fmt.Errorf("read the thumbnail: %w", err)
	}
	if want == nil || dstName == "" {
		return want, want != nil || dstName != "", nil
	}
	have, err := a.small(ctx, dst)
	if err != nil {
		return nil, false, fmt.Errorf("read the thumbnail on the target: %w", err)
	}
	same, err := sameUpload(want, have)
	if same || err != nil {
		return nil, false, err
	}
	return want, true, nil
}

// sameUpload compares two files that are in memory, and leaves the first ready to be sent.
func sameUpload(want, have *gis.Upload) (bool, error) {
	if have == nil || want.Size != have.Size {
		return false, nil
	}
	var a, b bytes.Buffer
	if _, err := a.ReadFrom(want.Body); err != nil {
		return false, err
	}
	if _, err := b.ReadFrom(have.Body); err != nil {
		return false, err
	}
	want.Body = bytes.NewReader(a.Bytes())
	return bytes.Equal(a.Bytes(), b.Bytes()), nil
}
