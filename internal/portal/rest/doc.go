// Package rest serves the domain as the ArcGIS REST API: one route table, one file per
// resource, and the request and response conventions that all routes share.
//
// # Requests
//
// Parameters come from the query and from urlencoded or multipart bodies, are merged, and
// are found by name without regard to case. Reads take GET and POST alike; writes take POST.
// Path segments match without regard to case, doubled and trailing slashes are dropped
// without a redirect. Parts with a file name are streamed into the blob store while the body
// is read. A parameter that a route lists under Refuse is answered with an error that names it.
//
// # Responses
//
// A handler returns a value to be written as JSON (f=json, f=pjson) or as a plain page
// (f=html and no f), a [Bytes], a [Redirect] or a [HTML] page. Errors are written inside an
// HTTP 200 with the envelope that Esri's clients expect.
package rest
