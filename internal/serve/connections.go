package serve

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Bounds of the connections of all callers. A browser holds six at most, a busy script some dozens.
const (
	defaultConnections = 2000
	leastConnections   = 20
	peerShare          = 4 // one address gets at most the fourth part
	sayFullEvery       = time.Minute
)

// connections is a listener that bounds how many connections are open, in all and from one
// address. Where all are taken, the one that has been idle the longest gives way; where none is
// idle, new ones wait in the queue of the system. Those of an address that holds its share
// and lets none be idle are closed at once.
//
// Trusted proxies and this machine have no share: they speak for many.
type connections struct {
	net.Listener
	most, mostOfPeer int
	shareless        func(netip.Addr) bool
	log              *slog.Logger
	clock            clock.Clock

	mu      sync.Mutex
	room    *sync.Cond
	closed  bool
	open    map[*connection]struct{}
	peers   map[netip.Prefix]int
	stats   connectionStats
	saidAt  time.Time
	lastUse uint64 // counts up; gives connections their order of idleness
}

// connectionStats is what a monitor shows.
type connectionStats struct{ open, dropped, refused int64 }

// connection is one that is open.
type connection struct {
	net.Conn
	in    *connections
	peer  netip.Prefix // the zero Prefix: has no share
	idle  bool
	since uint64
	once  sync.Once
}

func newConnections(l net.Listener, o *Options) *connections {
	most := o.MaxConnections
	if most == 0 {
		most = defaultConnections
	}
	c := &connections{
		Listener: l, most: most, mostOfPeer: most / peerShare, log: o.Log, clock: clock.System{},
		open: map[*connection]struct{}{}, peers: map[netip.Prefix]int{},
		shareless: func(a netip.Addr) bool { return a.IsLoopback() || contains(o.TrustedProxies, a) },
	}
	c.room = sync.NewCond(&c.mu)
	return c
}

// Accept returns the next connection, once there is room for it.
func (c *connections) Accept() (net.Conn, error) {
	for {
		raw, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		conn, err := c.admit(raw)
		if conn != nil {
			return conn, nil
		}
		_ = raw.Close()
		if err != nil {
			return nil, err
		}
	}
}

// admit gives a connection a place; nil refuses it.
func (c *connections) admit(raw net.Conn) (*connection, error) {
	conn := &connection{Conn: raw, in: c, peer: c.peerOf(raw)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.withinShare(conn.peer) {
		c.stats.refused++
		c.sayFull("one address holds its share of the connections: new ones of it are refused", "address", conn.peer.String(), "most", c.mostOfPeer)
		return nil, nil
	}
	for !c.closed && len(c.open) >= c.most && !c.dropIdle(netip.Prefix{}) {
		c.sayFull("all connections are taken and none is idle: new ones wait", "most", c.most)
		c.room.Wait()
	}
	if c.closed {
		return nil, net.ErrClosed
	}
	c.open[conn] = struct{}{}
	if conn.peer.IsValid() {
		c.peers[conn.peer]++
	}
	return conn, nil
}

// withinShare reports whether a peer may have one more connection; one of its own that is idle
// gives way for it. c.mu is held.
func (c *connections) withinShare(peer netip.Prefix) bool {
	return !peer.IsValid() || c.peers[peer] < c.mostOfPeer || c.dropIdle(peer)
}

// peerOf is the network of a caller; the zero Prefix where it has no share.
func (c *connections) peerOf(conn net.Conn) netip.Prefix {
	ap, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Prefix{}
	}
	addr := ap.Addr().Unmap().WithZone("")
	if c.shareless(addr) {
		return netip.Prefix{}
	}
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64 // of one subscriber
	}
	p, _ := addr.Prefix(bits)
	return p
}

// dropIdle ends the connection that has been idle the longest, of one peer or, for the zero
// Prefix, of all. c.mu is held.
func (c *connections) dropIdle(peer netip.Prefix) bool {
	var oldest *connection
	for conn := range c.open {
		if conn.idle && (!peer.IsValid() || conn.peer == peer) && (oldest == nil || conn.since < oldest.since) {
			oldest = conn
		}
	}
	if oldest == nil {
		return false
	}
	c.stats.dropped++
	c.forget(oldest)
	_ = oldest.Conn.Close()
	return true
}

// forget gives the place of a connection back. c.mu is held.
func (c *connections) forget(conn *connection) {
	if _, there := c.open[conn]; !there {
		return
	}
	delete(c.open, conn)
	if conn.peer.IsValid() {
		if c.peers[conn.peer]--; c.peers[conn.peer] == 0 {
			delete(c.peers, conn.peer)
		}
	}
	c.room.Signal()
}

// sayFull tells the operator, but not each time. c.mu is held.
func (c *connections) sayFull(text string, args ...any) {
	now := c.clock.Now()
	if !c.saidAt.IsZero() && now.Sub(c.saidAt) < sayFullEvery {
		return
	}
	c.saidAt = now
	c.log.Warn(text, args...)
}

// changed is told by the HTTP server what a connection does.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	own, ok := conn.(*connection)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	own.idle = state == http.StateIdle
	if own.idle {
		c.lastUse++
		own.since = c.lastUse
		c.room.Signal()
	}
}

func (c *connections) count() connectionStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.open = int64(len(c.open))
	return s
}

// Close ends the listener, not its connections.
func (c *connections) Close() error {
	c.mu.Lock()
	c.closed = true
	c.room.Broadcast()
	c.mu.Unlock()
	return c.Listener.Close()
}

// Close ends the connection and gives its place to another.
func (c *connection) Close() error {
	c.once.Do(func() {
		c.in.mu.Lock()
		defer c.in.mu.Unlock()
		c.in.forget(c)
	})
	return c.Conn.Close()
}
