package serve

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// crowd is a server on connections in memory, whose handler answers /hold only when it is let go.
type crowd struct {
	t     *testing.T
	conns *connections
	pipes *pipes
	hold  chan struct{}
	log   *output
	ended chan struct{} // closed when nothing is accepted any more
}

func newCrowd(t *testing.T, most int, trusted ...netip.Prefix) *crowd {
	c := &crowd{t: t, pipes: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}, hold: make(chan struct{}), log: newOutput(), ended: make(chan struct{})}
	o := &Options{MaxConnections: most, TrustedProxies: trusted, Log: slog.New(slog.NewTextHandler(c.log, nil))}
	c.conns = newConnections(c.pipes, o)
	s := &server{o: o, listener: c.conns}
	srv := s.newHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hold" {
			<-c.hold
		}
		_, _ = io.WriteString(w, "ok")
	}))
	go func() {
		defer close(c.ended)
		_ = srv.Serve(c.conns)
	}()
	t.Cleanup(func() {
		close(c.hold)
		_ = srv.Close()
		<-c.ended
	})
	return c
}

// caller is the client's end of a connection.
type caller struct {
	net.Conn
	in *bufio.Reader
}

// from is a connection that comes from an address.
type from struct {
	net.Conn
	addr net.Addr
}

func (f from) RemoteAddr() net.Addr { return f.addr }

// dial opens a connection from an address; nil where the server does not take it now.
func (c *crowd) dial(address string) *caller {
	client, server := net.Pipe()
	addr := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(address), 40000))
	taken := make(chan bool, 1)
	go func() {
		select {
		case c.pipes.conns <- from{server, addr}:
			taken <- true
		case <-time.After(time.Second):
			taken <- false
		}
	}()
	if !<-taken {
		return nil
	}
	return &caller{client, bufio.NewReader(client)}
}

// get asks; it reports whether an answer came.
func (a *caller) get(path string) bool {
	go func() { _, _ = fmt.Fprintf(a, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path) }()
	if path == "/hold" {
		synctest.Wait()
		return true
	}
	res, err := http.ReadResponse(a.in, nil)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, res.Body)
	synctest.Wait() // until the server knows that it is idle
	return err == nil
}

// All places taken: who has been idle the longest gives way, and where nobody is idle new
// connections wait until there is room.
//
// Guards: the wait and makeRoom in admit.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 20)
		var idle []*caller
		for range 20 {
			a := c.dial("127.0.0.1")
			if a == nil || !a.get("/") {
				t.Fatal("there is room, and it is not given")
			}
			idle = append(idle, a)
		}
		last := c.dial("127.0.0.1")
		if last == nil || !last.get("/hold") {
			t.Fatal("nobody gave way to the one that came last")
		}
		if idle[0].get("/") {
			t.Error("the one that was idle the longest kept its place")
		}
		if !idle[1].get("/") {
			t.Error("more than one gave way")
		}
		for _, a := range idle[1:] {
			a.get("/hold")
		}
		if n := c.conns.count(); n.open != 20 || n.dropped != 1 {
			t.Errorf("counted %+v", n)
		}
		late := c.dial("127.0.0.1")
		if c.dial("127.0.0.1") != nil {
			t.Error("more than one connection is taken from the queue of the system")
		}
		if !strings.Contains(c.log.String(), "all connections are taken") {
			t.Errorf("the operator is told %q", c.log.String())
		}
		answered := make(chan bool, 1)
		go func() { answered <- late.get("/") }()
		synctest.Wait()
		select {
		case <-answered:
			t.Error("more connections are served than there are places")
		default:
		}
		for _, a := range append(idle, last) {
			_ = a.Close()
		}
		c.hold <- struct{}{} // one of them ends
		if !<-answered {
			t.Error("the place that became free is not given")
		}
	})
}

// One address gets its share; others, proxies that are trusted, and this machine still come in.
//
// Guard: withinShare.
func TestOneAddressGetsItsShare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 40, netip.MustParsePrefix("10.0.0.0/8"))
		hold := func(address string) bool {
			a := c.dial(address)
			if a == nil {
				return false
			}
			if !a.get("/hold") {
				return false
			}
			// A connection that was refused is closed: its other end reads the end at once.
			_ = a.SetReadDeadline(time.Now().Add(time.Millisecond))
			_, err := a.in.ReadByte()
			return err != io.EOF
		}
		for i := range 12 {
			// One subscriber of IPv6 has many addresses.
			if got := hold(fmt.Sprintf("2001:db8::%d", i+1)); got != (i < 10) {
				t.Errorf("connection %d of one network: taken %v", i, got)
			}
		}
		for _, other := range []string{"192.0.2.7", "2001:db8:0:1::1", "::ffff:192.0.2.7"} {
			if !hold(other) {
				t.Errorf("%s is refused too", other)
			}
		}
		for range 12 {
			if !hold("10.1.2.3") {
				t.Fatal("a trusted proxy is held to a share")
			}
		}
		for range 12 {
			if !hold("127.0.0.1") {
				t.Fatal("this machine is held to a share")
			}
		}
		if n := c.conns.count(); n.refused != 2 || n.open != 37 {
			t.Errorf("counted %+v", n)
		}
		if !strings.Contains(c.log.String(), "2001:db8::/64") {
			t.Errorf("the operator is told %q", c.log.String())
		}
	})
}

// An address that holds its share, but lets a connection be idle, gets a new one for it.
func TestOwnIdleConnectionsGiveWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 20)
		bystander := c.dial("192.0.2.99")
		if !bystander.get("/") {
			t.Fatal("no answer")
		}
		var own []*caller
		for range 5 {
			a := c.dial("192.0.2.7")
			a.get("/")
			own = append(own, a)
		}
		if a := c.dial("192.0.2.7"); a == nil || !a.get("/") {
			t.Error("a new connection is refused where an old one is idle")
		}
		if own[0].get("/") || !own[1].get("/") || !bystander.get("/") {
			t.Error("another one gave way than the oldest idle one of the address")
		}
	})
}

// A server that stops does not wait for the requests that hold all places, to refuse the one that
// came last.
//
// Guard: the broadcast in Close.
func TestFullServerStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 20)
		for range 20 {
			c.dial("127.0.0.1").get("/hold")
		}
		if c.dial("127.0.0.1") == nil {
			t.Fatal("the last one is not taken from the queue of the system")
		}
		synctest.Wait()
		if err := c.conns.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		select {
		case <-c.ended:
		default:
			t.Error("the server still waits for room")
		}
	})
}

// Connections that never send a byte keep nobody out: the one that has been silent the longest
// gives way, and those that are at work stay.
//
// Guard: makeRoom's silent ones.
func TestSilentConnectionsGiveWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 20)
		busy := c.dial("127.0.0.1")
		if busy == nil || !busy.get("/hold") {
			t.Fatal("there is room, and it is not given")
		}
		for i := range 45 {
			if c.dial("127.0.0.1") == nil {
				t.Fatalf("silent connection %d had to wait", i)
			}
			synctest.Wait()
		}
		began := time.Now()
		a := c.dial("127.0.0.1")
		if a == nil || !a.get("/") {
			t.Fatal("somebody with a request was kept out by connections that say nothing")
		}
		if waited := time.Since(began); waited > 0 {
			t.Errorf("it waited %v", waited)
		}
		if n := c.conns.count(); n.open > 20 || n.dropped < 26 {
			t.Errorf("%+v", n)
		}
	})
}
