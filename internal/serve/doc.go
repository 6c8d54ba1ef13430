// Package serve is the composition root of rhumb serve: it turns options into a running
// portal server and stops it in an orderly way.
//
// [Run] locks and opens the data folder, makes the organization where there is none, listens,
// prints the address to open, and answers until its context ends. Then it takes no new
// connections, lets the requests in flight finish within a bound, stops the background work
// and closes the stores.
//
// # Addresses
//
// http is served on loopback addresses only; any other needs a certificate or the explicit
// wish to do without ([Options.InsecureHTTP]). The addresses that the portal writes into its
// answers come from [Options.URL], else from the listen address, never from request headers.
// X-Forwarded-For is believed from trusted proxies alone.
package serve
