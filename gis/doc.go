// Package gis is a client of ArcGIS portals: organizations of ArcGIS Online, ArcGIS
// Enterprise, and portals like them. It does what the Python module arcgis.gis does.
//
//	p, err := gis.New("https://host/portal", auth.Password("ada", password))
//	if err != nil { … }
//	for it, err := range p.Content.Search(ctx, `title:"Fire stations"`, nil) {
//		if err != nil { … }
//		fmt.Println(it.Type, it.Title, it.Owner)
//	}
//
// # Portal and what it hands out
//
// A [Portal] is a connection as one account. Its fields are the collections: [Users],
// [Groups], [Content], [Roles]. They hand out entities, [User], [Group], [Item] and [Role],
// which are snapshots of what was read and have methods that act on the portal. [New] sends
// nothing; the first call signs in. A Portal is safe for concurrent use, an entity is for one
// goroutine at a time.
//
// An entity's fields are those that the SDK knows. Raw answers the JSON as received, and
// encoding an entity as JSON writes exactly that, so that unknown properties survive.
//
// # Reading much
//
// Listings and searches are sequences (iter.Seq2) that fetch a page when the loop reaches it;
// breaking out stops the fetching. A failure is yielded once and ends the sequence. [Collect]
// gathers a sequence into a slice. Searches end at 10,000 results and lag behind writes:
// [Content.SearchAll] goes beyond, and [Content.UserItems] and reading by id do not lag.
//
// # Writing
//
// Structs that end in Spec create, those that end in Update change: a nil pointer keeps a
// property, a pointer to the empty value clears it, as in
//
//	it.Update(ctx, gis.ItemUpdate{Snippet: new("Engines and ladders"), Tags: &[]string{}})
//
// Files are an [Upload] on the way up and a [Data] on the way down; both stream. Large data
// goes up in parts that are repeated one by one, and comes down across broken connections.
//
// # Errors
//
// A failed request is an [*Error] with a [Kind]:
//
//	if errors.Is(err, gis.ErrNotFound) { … }
//
// Calls about several objects return a [*BatchError] that says which failed and which did
// not. Reads and changes that can be repeated without harm are repeated after failures that
// may pass; [Ambiguous] tells whether a change that failed may have happened all the same.
//
// # Pace
//
// Requests of a Portal go at most a few at a time, fewer while the portal throttles or slows
// down; [Portal.Pace] tells how it goes and why. [WithPacer] shares the pace between several
// connections to the same host.
//
// # Not here
//
// Layers and their features, administration of servers and data stores, and stored
// connections live in packages of their own below gis. [Portal.Call] reaches operations that
// have no method.
package gis
