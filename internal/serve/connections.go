package serve

import (
	"cmp"
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
// address. Where all are taken, the one that has been idle the longest gives way, or else the one
// that has been silent the longest since it was opened; where there is neither, new ones wait in
// the queue of the system. Those of an address that holds its share
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
	said    map[string]time.Time // when the operator was told what
	lastUse uint64               // counts up; gives connections their order of idleness
}

// connectionStats is what a monitor shows.
type connectionStats struct{ open, dropped, refused int64 }

// connection is one that is open.
type connection struct {
	net.Conn
	in    *connections
	peer  netip.Prefix // the zero Prefix: has no share
	doing http.ConnState
	since uint64 // it has been silent or idle
	once  sync.Once
}

func newConnections(l net.Listener, o *Options) *connections {
	most := o.MaxConnections
	if most == 0 {
		most = defaultConnections
	}
	c := &connections{
		Listener: l, most: most, mostOfPeer: most / peerShare, log: o.Log, clock: clock.System{},
		open: map[*connection]struct{}{}, peers: map[netip.Prefix]int{}, said: map[string]time.Time{},
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
	conn := &connection{Conn: raw, in: c, peer: c.peerOf(raw), doing: http.StateNew}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.withinShare(conn.peer) {
		c.stats.refused++
		c.tell("one address holds its share of the connections: new ones of it are refused", "address", conn.peer.String(), "most", c.mostOfPeer)
		return nil, nil
	}
	for !c.closed && len(c.open) >= c.most && !c.makeRoom(netip.Prefix{}) {
		if c.tell("all connections are taken and none is idle: new ones wait", "most", c.most) {
			continue // the lock was open meanwhile
		}
		c.room.Wait()
	}
	if c.closed {
		return nil, net.ErrClosed
	}
	c.open[conn] = struct{}{}
	c.stamp(conn)
	if conn.peer.IsValid() {
		c.peers[conn.peer]++
	}
	return conn, nil
}

// withinShare reports whether a peer may have one more connection; one of its own that does
// nothing gives way for it. c.mu is held.
func (c *connections) withinShare(peer netip.Prefix) bool {
	return !peer.IsValid() || c.peers[peer] < c.mostOfPeer || c.makeRoom(peer)
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

// makeRoom ends a connection that does nothing, of one peer or, for the zero Prefix, of all: the
// one that has been idle the longest, or else the one that has been silent the longest since it
// was opened. c.mu is held.
func (c *connections) makeRoom(peer netip.Prefix) bool {
	var idle, silent *connection
	for conn := range c.open {
		switch {
		case peer.IsValid() && conn.peer != peer:
		case conn.doing == http.StateIdle && (idle == nil || conn.since < idle.since):
			idle = conn
		case conn.doing == http.StateNew && (silent == nil || conn.since < silent.since):
			silent = conn
		}
	}
	gone := cmp.Or(idle, silent)
	if gone == nil {
		return false
	}
	c.stats.dropped++
	c.forget(gone)
	_ = gone.Conn.Close()
	return true
}

// stamp notes that a connection does nothing from now on. c.mu is held.
func (c *connections) stamp(conn *connection) {
	c.lastUse++
	conn.since = c.lastUse
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

// tell warns the operator, but not each time, and reports whether it did. c.mu is held, but not
// while the text is written: whoever reads the log may be slow.
func (c *connections) tell(text string, args ...any) bool {
	now := c.clock.Now()
	if last, before := c.said[text]; before && now.Sub(last) < sayFullEvery {
		return false
	}
	c.said[text] = now
	c.mu.Unlock()
	defer c.mu.Lock()
	c.log.Warn(text, args...)
	return true
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
	own.doing = state
	if state == http.StateIdle {
		c.stamp(own)
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
