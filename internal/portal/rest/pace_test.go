package rest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var p pace
		step := func(after time.Duration, moved int64, want time.Duration) {
			t.Helper()
			time.Sleep(after) // of the bubble's clock
			p.moved += moved
			if got := p.deadline().Sub(start); got != want {
				t.Errorf("after %v: deadline at %v, want %v", time.Since(start), got, want)
			}
		}
		step(0, 0, 60*time.Second)                                               // the first pause
		step(50*time.Second, 10<<10, 70*time.Second)                             // ten kilobytes earn ten seconds
		step(15*time.Second, 1, 70*time.Second)                                  // dribbling earns nothing
		step(0, 1<<30, 125*time.Second)                                          // a fast sender may still pause no longer than this
		step(time.Hour, 1<<30, time.Hour+65*time.Second+60*time.Second)          // and go on for hours
		step(200*time.Hour, 0, 200*time.Hour+time.Hour+65*time.Second+idleLimit) // as long as the average holds
	})
}

// A peer that stops reading must not hold a handler for ever, nor may one that stops sending.
func TestStalledPeersAreCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		done := make(chan string, 3)
		dial := newPipeRig(t,
			Route{Pattern: "big", Handle: func(context.Context, *Request) (any, error) {
				return &Bytes{Reader: file{strings.NewReader(strings.Repeat("x", 64<<20))}, ContentType: "text/csv"}, nil
			}},
			Route{Pattern: "doc", Handle: echo},
		)
		go func() {
			conn := dial()
			defer conn.Close()
			_, _ = io.WriteString(conn, "GET /portal/big HTTP/1.1\r\nHost: x\r\n\r\n")
			_, _ = io.CopyN(io.Discard, conn, 1<<20) // and then nothing, until the server gives up
			time.Sleep(10 * time.Minute)
			_, err := io.Copy(io.Discard, conn)
			if err != nil {
				done <- err.Error()
				return
			}
			done <- "reader cut off"
		}()
		go func() {
			conn := dial()
			defer conn.Close()
			_, _ = io.WriteString(conn, "POST /portal/doc?f=json HTTP/1.1\r\nHost: x\r\nContent-Type: "+formType+"\r\nContent-Length: 100\r\n\r\na=1")
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				done <- err.Error()
				return
			}
			defer res.Body.Close()
			b, _ := io.ReadAll(res.Body)
			done <- string(b)
		}()
		go func() {
			conn := dial()
			defer conn.Close()
			_, _ = io.WriteString(conn, "GET /portal/what?f=json HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=1")
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				done <- err.Error()
				return
			}
			res.Body.Close()
			done <- res.Status
		}()
		got := map[string]bool{}
		for range 3 {
			s := <-done
			got[s] = true
			if s != "reader cut off" && s != "404 Not Found" && errorOf(t, s).Code != 400 {
				t.Errorf("the stalled sender got %s", s)
			}
		}
		if len(got) != 3 {
			t.Errorf("got %v", got)
		}
	})
}

// newPipeRig serves routes over in-memory connections, which live by the bubble's clock.
func newPipeRig(t *testing.T, routes ...Route) (dial func() net.Conn) {
	t.Helper()
	rg := &rig{log: &syncBuffer{}, puts: &hashBlobs{}}
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	srv := &http.Server{Handler: rg.handler(t, routes)}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return func() net.Conn {
		client, server := net.Pipe()
		l.conns <- server
		return client
	}
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
