// Package storetest is the specification of a metadata store, as a suite of tests.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB, dir string, clk clock.Clock) storetest.Store { … })
//	}
//
// What the interfaces of package portal leave open is decided here:
//
//   - Times are kept to the millisecond, in UTC. A nil list of strings comes back nil, an
//     empty one empty. JSON comes back byte by byte, in the organization's settings respaced.
//   - A delete of what is absent changes nothing and succeeds. A change of one property of an
//     absent object, and a write that refers to one, is ErrAbsent.
//   - Usernames, folder titles, group titles and file names match without regard to case, in
//     all alphabets; a member keeps the name as first written.
//   - A query field that does not exist matches nothing.
//   - Deleting a member also removes tokens, memberships and folders; deleting a token also
//     those that descend from it.
//   - A change whose context ends before the function returns leaves no trace; after that the
//     outcome is reported whatever becomes of the context.
package storetest
