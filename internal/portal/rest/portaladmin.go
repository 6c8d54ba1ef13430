package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

func (s *Server) portaladminRoutes() []Route {
	const users, groups = "portaladmin/security/users", "portaladmin/security/groups"
	return []Route{
		{Pattern: "portaladmin", Handle: s.portaladmin},
		{Pattern: "portaladmin/healthCheck", Handle: s.healthCheck},
		{Pattern: "portaladmin/security", Handle: s.security},
		{Pattern: "portaladmin/security/config", Handle: s.securityConfig},
		{Pattern: users, Handle: s.countMembers},
		{Pattern: users + "/createUser", Write: true, Handle: s.createUser},
		{Pattern: users + "/searchEnterpriseUsers", Handle: s.searchEnterpriseUsers},
		{Pattern: users + "/getEnterpriseUser", Handle: s.enterpriseUser},
		{Pattern: users + "/getUsersWithinEnterpriseGroup", Handle: s.usersWithinEnterpriseGroup},
		{Pattern: groups + "/searchEnterpriseGroups", Handle: s.searchEnterpriseGroups},
		{Pattern: groups + "/getUsersWithinEnterpriseGroup", Handle: s.usersWithinEnterpriseGroup},
		{Pattern: groups + "/getEnterpriseGroupsForUser", Handle: s.enterpriseGroupsForUser},
	}
}

// portaladmin answers {version, resources} to administrators of the portal (Esri's page
// "Portal Administrator Directory root").
func (s *Server) portaladmin(ctx context.Context, r *Request) (any, error) {
	if err := s.portal.Administers(ctx, r.Caller, "portal:admin:manageSecurity"); err != nil {
		return nil, err
	}
	return Object{"version": strings.TrimSuffix(enterpriseVersion, ".0"), "resources": []string{"license", "security", "system"}}, nil
}

// healthCheck answers {status: success} to anybody (Esri's page "Health Check").
//
// deviates: a portal that cannot answer gives the envelope of an error with status 503, not a
// page.
func (s *Server) healthCheck(ctx context.Context, _ *Request) (any, error) {
	if err := s.health(ctx); err != nil {
		s.log.ErrorContext(ctx, "health check failed", "op", "portaladmin/healthCheck", "err", err)
		return nil, withStatus(503, &portal.Error{Code: 503, Message: "The portal cannot answer."})
	}
	return Object{"status": "success"}, nil
}

// security answers {resources}, what is below it (Esri's page "Security"). The Python client reads
// it on the way to the defaults of new members.
func (s *Server) security(ctx context.Context, r *Request) (any, error) {
	if err := s.portal.Administers(ctx, r.Caller, "portal:admin:manageSecurity"); err != nil {
		return nil, err
	}
	return Object{"resources": []string{"config", "groups", "users"}}, nil
}

// securityConfig answers {userStoreConfig, groupStoreConfig, defaultRoleForUser,
// defaultUserTypeIdForUser, ...} (Esri's page "Security Configuration"): members and groups
// are the portal's own, or those of a directory beside it.
func (s *Server) securityConfig(ctx context.Context, r *Request) (any, error) {
	if err := s.portal.Administers(ctx, r.Caller, "portal:admin:manageSecurity"); err != nil {
		return nil, err
	}
	role, userType, err := s.portal.DefaultAccount(ctx)
	if err != nil {
		return nil, err
	}
	builtin := Object{"type": "BUILTIN", "properties": Object{}}
	if settings := s.portal.DirectorySettings(); settings != nil {
		builtin = Object{"type": "LDAP", "properties": settings}
	}
	return Object{
		"userStoreConfig": builtin, "groupStoreConfig": builtin, "defaultRoleForUser": role,
		"defaultUserTypeIdForUser": userType, "enableAutomaticAccountCreation": false, "disableServicesDirectory": false,
	}, nil
}

// countMembers answers {userCount}.
//
// guess: the name of the key.
func (s *Server) countMembers(ctx context.Context, r *Request) (any, error) {
	n, err := s.portal.CountMembers(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	return Object{"userCount": n}, nil
}

// createUser answers {status: success} (Esri's page "Create User").
//
// deviates: role and userLicenseTypeId may be missing; they default to org_user and creatorUT.
// An enterprise account without idpUsername takes its own name for it.
func (s *Server) createUser(ctx context.Context, r *Request) (any, error) {
	name, err := r.Need("username")
	if err != nil {
		return nil, err
	}
	word := func(param string) string {
		if v := r.field(param, false); v != nil {
			return strings.TrimSpace(*v)
		}
		return ""
	}
	err = s.portal.CreateUser(ctx, r.Caller, portal.NewUser{
		Username: name, Password: secret.Secret(r.Str("password")), FirstName: word("firstname"), LastName: word("lastname"), FullName: word("fullname"),
		Email: word("email"), Description: word("description"), Role: portal.ParseRole(word("role")), UserType: word("userLicenseTypeId"),
		Provider: strings.ToLower(word("provider")), IDPUsername: word("idpUsername"),
	})
	if err != nil {
		return nil, err
	}
	return Object{"status": "success"}, nil
}
