// Package portal is the domain of the portal server: what an organization holds (members,
// roles, groups, folders, items with their data, resources and relationships), who may do
// what with it, and the use cases behind the REST routes.
//
// A [Portal] joins a [Store] (metadata, transactional), [Blobs] (item data, thumbnails,
// resources) and a clock. Each use case is one method: it checks the policy, runs inside one
// transaction, and returns domain values; routes parse and print.
//
// # Policy
//
// Every decision about access is made by the functions of policy*.go from a [Caller] and the
// stored objects, inside the transaction that acts on it. Search takes its part of the policy
// as a [Visibility], so that counts never reveal what a read refuses.
//
// # Errors
//
// Failures that a caller may see are *[Error] values with the code, message code and text of
// the ArcGIS REST API. Any other error is internal: it goes to the log, never to the caller.
//
// The package does no I/O of its own and knows neither HTTP nor SQL.
package portal
