package serve

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Connections that send their headers slowly, send none, or never stop sending them are ended.
//
// Guards: ReadHeaderTimeout, IdleTimeout and MaxHeaderBytes in newHTTP.
func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{o: &Options{Log: slog.New(slog.DiscardHandler)}}
		srv := s.newHTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
		l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		go func() { _ = srv.Serve(l) }()
		defer srv.Close()

		start := time.Now()
		conn := l.dial()
		go func() { _, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") }()
		_, _ = io.Copy(io.Discard, conn)
		if took := time.Since(start); took < headerTimeout || took > headerTimeout+time.Second {
			t.Errorf("slow headers were borne for %v", took)
		}

		conn = l.dial()
		go func() { _, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n") }()
		in := bufio.NewReader(conn)
		if res, err := http.ReadResponse(in, nil); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("a good request: %v", err)
		}
		start = time.Now()
		_, _ = io.Copy(io.Discard, in)
		if took := time.Since(start); took < idleTimeout || took > idleTimeout+time.Second {
			t.Errorf("an idle connection was held for %v", took)
		}

		conn = l.dial()
		go func() {
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", maxHeader+8<<10)+"\r\n\r\n")
		}()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("endless headers: %v %v", res, err)
		}
		_, _ = io.Copy(io.Discard, conn)
	})
}

// pipes is a listener of connections in memory, which live by the bubble's clock.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
