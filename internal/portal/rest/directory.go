package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// How many people or groups are answered where maxCount is missing.
const (
	directoryPage = 100
	groupPage     = 10
)

// searchEnterpriseUsers answers {users:[{username, firstname, lastname, email}]} to who may make
// members of them (Esri's page "Search Enterprise Users").
func (s *Server) searchEnterpriseUsers(ctx context.Context, r *Request) (any, error) {
	limit, err := r.Int("maxCount", directoryPage)
	if err != nil {
		return nil, err
	}
	return peopleJSON(s.portal.DirectoryPeople(ctx, r.Caller, r.Str("filter"), limit))
}

// enterpriseUser answers {username, firstname, lastname, email} (Esri's page "Get Enterprise
// User").
func (s *Server) enterpriseUser(ctx context.Context, r *Request) (any, error) {
	name, err := r.Need("username")
	if err != nil {
		return nil, err
	}
	p, err := s.portal.DirectoryPerson(ctx, r.Caller, name)
	if err != nil {
		return nil, err
	}
	return personJSON(*p), nil
}

// searchEnterpriseGroups answers {groups:[name]} (Esri's page "Search Enterprise Groups").
//
// guess: a group is answered as its name.
func (s *Server) searchEnterpriseGroups(ctx context.Context, r *Request) (any, error) {
	limit, err := r.Int("maxCount", directoryPage)
	if err != nil {
		return nil, err
	}
	groups, err := s.portal.DirectoryGroups(ctx, r.Caller, r.Str("filter"), limit)
	if err != nil {
		return nil, err
	}
	return Object{"groups": orEmpty(groups)}, nil
}

// usersWithinEnterpriseGroup answers {users:[...]} and nothing beside it, as old scripts demand
// (Esri's page "Get Users Within Enterprise Group"). filters is an older spelling of filter.
func (s *Server) usersWithinEnterpriseGroup(ctx context.Context, r *Request) (any, error) {
	group, err := r.Need("groupName")
	if err != nil {
		return nil, err
	}
	limit, err := r.Int("maxCount", groupPage)
	if err != nil {
		return nil, err
	}
	filter := r.Str("filter")
	if filter == "" {
		filter = r.Str("filters")
	}
	return peopleJSON(s.portal.DirectoryPeopleOf(ctx, r.Caller, group, filter, limit))
}

// enterpriseGroupsForUser answers {groups:[name]} (Esri's page "Get Enterprise Groups For User").
func (s *Server) enterpriseGroupsForUser(ctx context.Context, r *Request) (any, error) {
	name, err := r.Need("username")
	if err != nil {
		return nil, err
	}
	limit, err := r.Int("maxCount", directoryPage)
	if err != nil {
		return nil, err
	}
	groups, err := s.portal.DirectoryGroupsOf(ctx, r.Caller, name, r.Str("filter"), limit)
	if err != nil {
		return nil, err
	}
	return Object{"groups": orEmpty(groups)}, nil
}

func peopleJSON(people []portal.Person, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	users := make([]Object, len(people))
	for i, p := range people {
		users[i] = personJSON(p)
	}
	return Object{"users": users}, nil
}

func personJSON(p portal.Person) Object {
	return Object{"username": p.Username, "firstname": p.FirstName, "lastname": p.LastName, "email": p.Email}
}
