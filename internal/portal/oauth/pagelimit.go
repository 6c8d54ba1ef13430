package oauth

import (
	"net/netip"
	"sync"

	"golang.org/x/time/rate"
)

// Limits of sign-in pages, each of which is a row in the store for half an hour.
const (
	pagesPerSecond  = 5 // of one network
	pagesAtOnce     = 100
	allPerSecond    = 200
	allAtOnce       = 1000
	maxPageNetworks = 10_000
)

// pageLimit bounds how fast sign-in pages are made, for one network and for all.
type pageLimit struct {
	all      *rate.Limiter
	mu       sync.Mutex
	networks map[netip.Prefix]*rate.Limiter
}

func newPageLimit() *pageLimit {
	return &pageLimit{all: rate.NewLimiter(allPerSecond, allAtOnce), networks: map[netip.Prefix]*rate.Limiter{}}
}

func (p *pageLimit) allow(from netip.Addr) bool {
	network := networkOf(from)
	p.mu.Lock()
	l := p.networks[network]
	if l == nil {
		if len(p.networks) >= maxPageNetworks {
			clear(p.networks) // costs no more than a fresh burst to each
		}
		l = rate.NewLimiter(pagesPerSecond, pagesAtOnce)
		p.networks[network] = l
	}
	p.mu.Unlock()
	return l.Allow() && p.all.Allow()
}

// networkOf is the network of a caller: one IPv6 subscriber holds a /64.
func networkOf(from netip.Addr) netip.Prefix {
	from = from.Unmap().WithZone("")
	bits := from.BitLen()
	if from.Is6() {
		bits = 64
	}
	prefix, _ := from.Prefix(bits) // the zero Addr yields the zero Prefix
	return prefix
}
