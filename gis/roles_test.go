package gis_test

import (
	"context"
	"errors"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

const surveyor = `{"id":"edgebRxFLiLt15df","name":"Surveyor","description":"d","created":1546300800000,"modified":1546300800000}`

func onSurveyor(do func(context.Context, *gis.Role) error) func(context.Context, *gis.Portal) error {
	return func(ctx context.Context, p *gis.Portal) error {
		r, err := p.Roles.Get(ctx, "edgebRxFLiLt15df")
		if err != nil {
			return err
		}
		return do(ctx, r)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	const path = "portals/self/roles/edgebRxFLiLt15df"
	read := map[string]string{"GET " + path: surveyor, "POST " + path + "/setPrivileges": success}
	page := `{"total":1,"start":1,"num":100,"nextStart":-1,"roles":[` + surveyor + `]}`
	calls := []call{
		{name: "List", op: "GET portals/self/roles", answer: page, want: "returnPrivileges=true&start=1&num=100", do: func(ctx context.Context, p *gis.Portal) error {
			_, err := gis.Collect(p.Roles.List(ctx))
			return err
		}},
		{name: "Get", op: "GET " + path, answer: surveyor, do: func(ctx context.Context, p *gis.Portal) error {
			_, err := p.Roles.Get(ctx, "edgebRxFLiLt15df")
			return err
		}},
		{name: "ByName", op: "GET portals/self/roles", answer: page, do: func(ctx context.Context, p *gis.Portal) error { _, err := p.Roles.ByName(ctx, "SURVEYOR"); return err }},
		{name: "Create", op: "POST portals/self/createRole", want: "name=Surveyor&description=d", answer: `{"success":true,"id":"edgebRxFLiLt15df"}`, answers: read,
			do: func(ctx context.Context, p *gis.Portal) error {
				r, err := p.Roles.Create(ctx, gis.RoleSpec{Name: "Surveyor", Description: "d", Privileges: []string{"portal:user:createItem"}})
				if err == nil && (r.ID != "edgebRxFLiLt15df" || len(r.Privileges) != 1) {
					return errors.New("wrong role")
				}
				return err
			}},
		{name: "ReadPrivileges", op: "GET " + path + "/privileges", answer: `{"privileges":["portal:user:createItem"]}`, answers: read, do: onSurveyor(func(ctx context.Context, r *gis.Role) error {
			got, err := r.ReadPrivileges(ctx)
			if err == nil && len(got) != 1 {
				return errors.New("wrong privileges")
			}
			return err
		})},
		{name: "SetPrivileges", op: "POST " + path + "/setPrivileges", want: `privileges={"privileges":["a","b"]}`, answer: success, answers: map[string]string{"GET " + path: surveyor},
			do: onSurveyor(func(ctx context.Context, r *gis.Role) error { return r.SetPrivileges(ctx, []string{"a", "b"}) })},
		{name: "Update", op: "POST " + path + "/update", want: "name=Scout&description=d", answer: success, answers: read,
			do: onSurveyor(func(ctx context.Context, r *gis.Role) error { return r.Update(ctx, gis.RoleUpdate{Name: new("Scout")}) })},
		{name: "Delete", op: "POST " + path + "/delete", answer: success, answers: read, do: onSurveyor(func(ctx context.Context, r *gis.Role) error { return r.Delete(ctx) })},
	}
	runCalls(t, calls)
}

func TestRoleAbsent(t *testing.T) {
	t.Parallel()
	p, _ := setup(t, map[string]string{
		"GET portals/self/roles":   `{"total":0,"start":1,"num":100,"nextStart":-1,"roles":[]}`,
		"GET portals/self/roles/x": `{"error":{"code":400,"message":"Role does not exist.","details":[]}}`,
	})
	_, err := p.Roles.ByName(t.Context(), "x")
	isKind(t, err, gis.ErrNotFound)
	_, err = p.Roles.Get(t.Context(), "x")
	isKind(t, err, gis.ErrNotFound)
	if yes := must(p.Roles.Exists(t.Context(), "x"))(t); yes {
		t.Error("exists")
	}
}

func TestRoleWithoutItsPrivileges(t *testing.T) {
	t.Parallel()
	const path = "portals/self/roles/edgebRxFLiLt15df"
	p, _ := setup(t, map[string]string{"POST portals/self/createRole": `{"success":true,"id":"edgebRxFLiLt15df"}`, "POST " + path + "/setPrivileges": conflict, "GET " + path: surveyor})
	r, err := p.Roles.Create(t.Context(), gis.RoleSpec{Name: "Surveyor", Privileges: []string{"a"}})
	isKind(t, err, gis.ErrConflict)
	if r == nil || r.ID != "edgebRxFLiLt15df" || len(r.Privileges) != 0 {
		t.Errorf("role = %+v", r)
	}
}
