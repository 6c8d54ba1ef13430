// Package policy holds what the portal lets whom do: expect.tsv, and the test that walks it.
//
// The table is written by hand from the documentation of the REST API, never from the code,
// and every row names its source. A row reads
//
//	route  caller  state  outcome  effect  source
//
// # Routes
//
// A route is a pattern of the server's route table. (a|b) stands for two routes, one with
// each alternative. A route of the server without rows fails the test, and so does a row
// without a route.
//
// # Callers
//
// Each route is called by everybody in every state that a row names for it, and each caller
// must be named by exactly one row of the state; * stands for all that no other row names.
//
//	anonymous       without a token
//	viewer          a member with the role Viewer, without a part in anything
//	member          a member with the role User, likewise
//	owner           the member whom the item, the folder, the account belongs to
//	group_member    a plain member of the groups of the state
//	group_manager   a manager of them
//	group_owner     their owner
//	administrator   a member with the role Administrator
//	powerless       a member with a custom role without any privilege
//	with P+Q        a custom role that holds the privilege P in question, and Q beside it
//	without P       a custom role that lacks P and holds the rest
//
//	disabled        an administrator who was disabled after signing in
//	deleted         one who was deleted
//
// The last two are called in every state but those that begin with "own", most of it by one row
// for all routes and states (*); "as anonymous" is their outcome where no call has a caller.
//
// Those with and without P exist where a row names them, and only together. Privileges are
// written without "portal:". An administrative P comes on top of what the role User holds, and
// without it the role holds everything else; any other P comes alone, and without it the role
// holds the rest of what User does.
//
// # States
//
// A state is a list of words that says what the call is about: the access of the item, group
// or profile first, then what is special about it. In states that begin with "own" the object
// belongs to whoever calls. setup_*_test.go tells what each word means.
//
// # Outcomes
//
//	ok                      done
//	499, 498, 403           the code of the error
//	COM_0003, CONT_0001 ... the code of an error 400: for the caller there is no such object
//	refused:TEXT            another error 400, with a text that contains TEXT
//	unsupported             the operation is not part of the portal
//	http404 OUTCOME         as OUTCOME, with an HTTP status of its own
//	row OUTCOME             a batch that was answered, with a refusal for its one object
//	found, absent           a list with the object, or without a trace of it in rows and counts
//	full, basic, public     how much of the object is shown
//	page:TEXT, redirect     a page that contains TEXT, a way to another address
//
// # Effects
//
// changed and unchanged compare what an administrator reads of the object before and after
// the call; - is for calls that change nothing by their nature, which is held to as well.
//
// # Beyond the rows
//
// An object that does not exist for a caller cannot be told from one that does not exist at
// all, whatever is asked of it. No answer, as JSON, as HTML or indented, holds what its caller
// may not read: addresses, titles of private items, groups and folders, the name of a hidden
// member (canary_test.go), nor a field that fields.tsv keeps for others. The total of a list is
// the number of its rows.
//
// needs.tsv says which states each kind of route has to have rows for, and why a route does
// without one; privileges.tsv which routes each privilege gates. Both are held against the
// table, and the privileges are taken from members who have just used them.
//
// guards.tsv proves that all this can fail: go run ./tools/guards -table test/policy/guards.tsv
// takes one guard after the other out of the portal, and the part of the walk that it names
// has to fail.
package policy
