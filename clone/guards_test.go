package clone_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
)

// An edited plan that says nothing of the privileges of a role does not carry them over either:
// what the source gives the role counts when it is made.
//
// Guard: the second check of makeRole.
func TestNoPlanMakesAnAdministrativeRole(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	p.makeMembers(t)
	must[*gis.Role](t)(p.from.Roles.Create(t.Context(), gis.RoleSpec{Name: "Deputy", Privileges: []string{"portal:admin:updateUsers", "portal:user:createItem"}}))
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	r := &plan.Steps[slices.IndexFunc(plan.Steps, func(s clone.Step) bool { return s.Title == "Deputy" })]
	r.Action, r.Privileges = clone.Create, nil
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "run"))
	defer j.Close()
	rep := must[*clone.Report](t)(clone.Apply(t.Context(), p.from, p.to, plan, clone.ApplyOptions{}, j, nil))
	if len(rep.Failures) == 0 || !strings.Contains(rep.Failures[0].Error, "administrative privileges") {
		t.Errorf("failures: %+v", rep.Failures)
	}
	for role, err := range p.to.Roles.List(t.Context()) {
		ok(t, err)
		if privileges := must[[]string](t)(role.ReadPrivileges(t.Context())); strings.Contains(strings.Join(privileges, " "), "portal:admin:") && role.Name == "Deputy" {
			t.Errorf("the role %s was made with %v", role.Name, privileges)
		}
	}
}
