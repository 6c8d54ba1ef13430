// Package member holds the use cases of people who run the members and licenses of a portal:
// who holds what, giving and taking licenses, members from CSV files, licenses that nobody
// uses, people who leave, and the move to accounts of a directory.
//
// Every use case comes in two steps. A Plan function reads the portal, writes nothing, and
// answers everything that would be done and everything that cannot be done, each with its
// reason. Apply carries out exactly that plan:
//
//	plan, err := member.PlanAssign(ctx, p, member.Assignment{
//		Members: member.Select{Usernames: []string{"ada", "grace"}},
//		Product: "ArcGIS Pro", Add: []string{"spatialAnalystN"},
//	})
//	results, err := plan.Apply(ctx, member.Options{Journal: path})
//
// # Results
//
// What happened is told member by member in [Results]. That one member fails stops no other,
// and is no error: an error means that the run as a whole could not go on.
//
// # Going on
//
// Where [Options] names a journal, each step is in it before it begins and after it ended. A run
// that was cut off goes on when the same use case is started with the same journal: what was
// done is not done again.
//
// # Seats
//
// A plan never gives more seats than there are: it counts those that are taken, in the order
// of the members, and refuses who does not fit. The portal counts again; what others took in
// the meantime is refused there, and told.
package member
